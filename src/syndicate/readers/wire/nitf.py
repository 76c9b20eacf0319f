"""NITF 3 (iptc.org/standards/nitf): one document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from syndicate.article import Credit, Tag
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Source
from syndicate.readers.fields import people_in_bylines
from syndicate.readers.wire.parts import (
    first_wire_element,
    wire_elements_below,
    wire_markup,
    wire_words,
)

_STATUSES = {"canceled": "withdrawn", "cancelled": "withdrawn", "kill": "withdrawn"}
_STATUSES |= {"withheld": "withheld", "embargoed": "usable", "usable": "usable"}
_BASIC = r"%Y%m%dT%H%M%S"


def nitf_item(nitf: Any, source: Source) -> Item:
    """The article in an NITF document."""
    identity = first_wire_element(nitf, "doc-id")
    made = Item(
        key="" if identity is None else identity.get("id-string") or "",
        title=wire_words(first_wire_element(nitf, "hedline", "hl1"))
        or wire_words(first_wire_element(nitf, "head", "title")),
        line=nitf.sourceline,
    )
    made.body = nitf_body(nitf)
    keys = (one.get("key") or "" for one in wire_elements_below(nitf, "keyword"))
    data = first_wire_element(nitf, "docdata")
    fields: dict[str, Any] = {
        "subtitle": wire_words(first_wire_element(nitf, "hedline", "hl2")) or None,
        "summary": wire_words(first_wire_element(nitf, "abstract")) or None,
        "contributors": people_in_bylines(
            [wire_words(one) for one in wire_elements_below(nitf, "byline")]
        ),
        "dateline": wire_words(first_wire_element(nitf, "dateline", "location")) or None,
        "published": nitf_moment(first_wire_element(nitf, "date.issue"), "norm", source),
        "embargoed": nitf_moment(first_wire_element(nitf, "date.release"), "norm", source),
        "expires": nitf_moment(first_wire_element(nitf, "date.expire"), "norm", source),
        "tags": tuple(Tag(name=key.strip()) for key in dict.fromkeys(keys) if key.strip()),
        "status": _STATUSES.get(
            "" if data is None else (data.get("management-status") or "").lower()
        ),
        "credit": nitf_rights(
            first_wire_element(nitf, "doc.copyright"), first_wire_element(nitf, "distributor")
        ),
    }
    made.fields = {name: value for name, value in fields.items() if value}
    fill_killed_item(made)
    return made


def nitf_body(nitf: Any) -> str:
    """The text of an NITF document as HTML."""
    content = first_wire_element(nitf, "body.content")
    return "" if content is None else wire_markup(content)


def fill_killed_item(made: Item) -> None:
    """Give a withdrawn item without text a sentence that says so."""
    if made.fields.get("status") == "withdrawn" and not (made.body.strip() or made.text.strip()):
        made.text = "This article was withdrawn by the agency."


def nitf_rights(copyright_of: Any, distributor: Any) -> Credit | None:
    """The distributor and the copyright of the text."""
    holder = None if copyright_of is None else (copyright_of.get("holder") or "").strip()
    name = wire_words(distributor)
    return Credit(source=name or None, copyright_holder=holder or None) if holder or name else None


def nitf_moment(element: Any, attribute: str, source: Source) -> datetime | None:
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
