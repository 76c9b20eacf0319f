"""NITF 3 (iptc.org/standards/nitf): one document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from syndicate.article import Credit, Tag
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Source
from syndicate.readers.fields import people
from syndicate.readers.wire.parts import below, first, markup, words

_STATUSES = {"canceled": "withdrawn", "cancelled": "withdrawn", "kill": "withdrawn"}
_STATUSES |= {"withheld": "withheld", "embargoed": "usable", "usable": "usable"}
_BASIC = r"%Y%m%dT%H%M%S"


def nitf_item(nitf: Any, source: Source) -> Item:
    """The article in an NITF document."""
    identity = first(nitf, "doc-id")
    made = Item(
        key="" if identity is None else identity.get("id-string") or "",
        title=words(first(nitf, "hedline", "hl1")) or words(first(nitf, "head", "title")),
        line=nitf.sourceline,
    )
    made.body = body_of(nitf)
    keys = (one.get("key") or "" for one in below(nitf, "keyword"))
    data = first(nitf, "docdata")
    fields: dict[str, Any] = {
        "subtitle": words(first(nitf, "hedline", "hl2")) or None,
        "summary": words(first(nitf, "abstract")) or None,
        "contributors": people([words(one) for one in below(nitf, "byline")]),
        "dateline": words(first(nitf, "dateline", "location")) or None,
        "published": moment_of(first(nitf, "date.issue"), "norm", source),
        "embargoed": moment_of(first(nitf, "date.release"), "norm", source),
        "expires": moment_of(first(nitf, "date.expire"), "norm", source),
        "tags": tuple(Tag(name=key.strip()) for key in dict.fromkeys(keys) if key.strip()),
        "status": _STATUSES.get(
            "" if data is None else (data.get("management-status") or "").lower()
        ),
        "credit": rights(first(nitf, "doc.copyright"), first(nitf, "distributor")),
    }
    made.fields = {name: value for name, value in fields.items() if value}
    fill_kill(made)
    return made


def body_of(nitf: Any) -> str:
    """The text of an NITF document as HTML."""
    content = first(nitf, "body.content")
    return "" if content is None else markup(content)


def fill_kill(made: Item) -> None:
    """Give a withdrawn item without text a sentence that says so."""
    if made.fields.get("status") == "withdrawn" and not (made.body.strip() or made.text.strip()):
        made.text = "This article was withdrawn by the agency."


def rights(copyright_of: Any, distributor: Any) -> Credit | None:
    """The distributor and the copyright of the text."""
    holder = None if copyright_of is None else (copyright_of.get("holder") or "").strip()
    name = words(distributor)
    return Credit(source=name or None, copyright_holder=holder or None) if holder or name else None


def moment_of(element: Any, attribute: str, source: Source) -> datetime | None:
    """The point in time in an attribute, in ISO 8601 with or without hyphens and colons."""
    written = "" if element is None else (element.get(attribute) or "").strip()
    try:
        return source.moment(written)
    except ValueError:
        pass
    try:
        stamp, zone = written[:15], written[15:]
        found = datetime.strptime(stamp, _BASIC).replace(tzinfo=None).isoformat()
        return source.moment(found + (zone if zone == "Z" or ":" in zone else _colon(zone)))
    except ValueError:
        return None


def _colon(zone: str) -> str:
    return f"{zone[:3]}:{zone[3:]}" if zone[:1] in ("+", "-") else zone
