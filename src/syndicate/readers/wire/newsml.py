"""NewsML-G2 (iptc.org/standards/newsml-g2): one news item."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from syndicate.article import Credit, Tag
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Note, Source
from syndicate.readers.fields import people_in_bylines
from syndicate.readers.wire.nitf import fill_killed_item, nitf_body
from syndicate.readers.wire.parts import (
    first_wire_element,
    wire_elements_below,
    wire_markup,
    wire_name_of,
    wire_words,
)

_STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "withdrawn"}
_SUBTITLE = re.compile(r"sub|deck|kicker", re.IGNORECASE)


def news_item(item: Any, source: Source) -> Item:
    """The article in a `newsItem`."""
    about, content = first_wire_element(item, "itemMeta"), first_wire_element(item, "contentMeta")
    made = Item(key=item.get("guid") or "", line=item.sourceline)
    headlines = [] if content is None else list(wire_elements_below(content, "headline"))
    titles = [one for one in headlines if not _SUBTITLE.search(one.get("role") or "")]
    made.title = wire_words(titles[0] if titles else None) or wire_words(
        first_wire_element(item, "itemMeta", "title")
    )
    _take_text(made, item)
    status = first_wire_element(about, "pubStatus")
    code = "" if status is None else (status.get("qcode") or status.get("uri") or "")
    subtitle = next((wire_words(one) for one in headlines if one not in titles), "")
    version = item.get("version") or ""
    if note := wire_words(first_wire_element(about, "edNote")):
        made.notes.append(Note("left out", f"the agency's note to editors: {note}", made.line))
    fields: dict[str, Any] = {
        "subtitle": subtitle or None,
        "summary": wire_words(first_wire_element(content, "description")) or None,
        "contributors": people_in_bylines(_names(content)),
        "dateline": wire_words(first_wire_element(content, "dateline"))
        or wire_words(first_wire_element(content, "located", "name")),
        "first_published": _moment(first_wire_element(about, "firstCreated"), source),
        "published": _moment(first_wire_element(content, "contentCreated"), source)
        or _moment(first_wire_element(about, "firstCreated"), source)
        or _moment(first_wire_element(about, "versionCreated"), source),
        "updated": _moment(first_wire_element(about, "versionCreated"), source),
        "embargoed": _moment(first_wire_element(about, "embargoed"), source),
        "language": _attribute(first_wire_element(content, "language"), "tag"),
        "tags": _tags(content),
        "status": _STATUSES.get(re.split(r"[:/]", code)[-1].lower()),
        "version": int(version) if re.fullmatch(r"[1-9]\d{0,8}", version) else None,
        "credit": _credit(item, content),
    }
    made.fields = {name: value for name, value in fields.items() if value}
    fill_killed_item(made)
    return made


def _take_text(made: Item, item: Any) -> None:
    for part in wire_elements_below(item, "inlineXML", "inlineData"):
        kind = part.get("contenttype") or ""
        if wire_name_of(part) == "inlineXML":
            nitf = first_wire_element(part, "nitf")
            inside = first_wire_element(part, "body") if nitf is None else None
            found = (
                wire_markup(part if inside is None else inside) if nitf is None else nitf_body(nitf)
            )
            if nitf is not None and not made.title:
                made.title = wire_words(first_wire_element(nitf, "hl1"))
            made.body = made.body or found
        elif "html" in kind:
            made.body = made.body or "".join(part.itertext())
        elif kind.startswith("text") or not kind:
            made.text = made.text or "".join(part.itertext())


def _names(content: Any) -> list[str]:
    if content is None:
        return []
    if by := [wire_words(one) for one in wire_elements_below(content, "by") if wire_words(one)]:
        return by
    creators = (first_wire_element(one, "name") for one in wire_elements_below(content, "creator"))
    return [name for one in creators if (name := wire_words(one))]


def _tags(content: Any) -> tuple[Tag, ...]:
    if content is None:
        return ()
    named = [
        wire_words(first_wire_element(one, "name"))
        for one in wire_elements_below(content, "subject")
    ]
    named += [wire_words(one) for one in wire_elements_below(content, "keyword")]
    return tuple(Tag(name=name) for name in dict.fromkeys(named) if name)


def _credit(item: Any, content: Any) -> Credit | None:
    provider = first_wire_element(item, "itemMeta", "provider")
    name = wire_words(first_wire_element(content, "creditline")) or wire_words(
        first_wire_element(provider, "name")
    )
    fields = {
        "source": name or _attribute(provider, "literal"),
        "copyright_notice": wire_words(first_wire_element(item, "rightsInfo", "copyrightNotice"))
        or None,
        "copyright_holder": wire_words(
            first_wire_element(item, "rightsInfo", "copyrightHolder", "name")
        )
        or None,
        "usage_terms": wire_words(first_wire_element(item, "rightsInfo", "usageTerms")) or None,
    }
    return Credit(**fields) if any(fields.values()) else None


def _attribute(element: Any, name: str) -> str | None:
    return None if element is None else element.get(name)


def _moment(element: Any, source: Source) -> datetime | None:
    try:
        return source.moment(wire_words(element))
    except ValueError:
        return None
