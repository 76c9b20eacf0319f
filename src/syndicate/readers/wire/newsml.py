"""NewsML-G2 (iptc.org/standards/newsml-g2): one news item."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from syndicate.article import Credit, Tag
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Note, Source
from syndicate.readers.fields import people
from syndicate.readers.wire.nitf import body_of, fill_kill
from syndicate.readers.wire.parts import below, first, markup, name_of, words

_STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "withdrawn"}
_SUBTITLE = re.compile(r"sub|deck|kicker", re.IGNORECASE)


def news_item(item: Any, source: Source) -> Item:
    """The article in a `newsItem`."""
    about, content = first(item, "itemMeta"), first(item, "contentMeta")
    made = Item(key=item.get("guid") or "", line=item.sourceline)
    headlines = [] if content is None else list(below(content, "headline"))
    titles = [one for one in headlines if not _SUBTITLE.search(one.get("role") or "")]
    made.title = words(titles[0] if titles else None) or words(first(item, "itemMeta", "title"))
    _take_text(made, item)
    status = first(about, "pubStatus")
    code = "" if status is None else (status.get("qcode") or status.get("uri") or "")
    subtitle = next((words(one) for one in headlines if one not in titles), "")
    version = item.get("version") or ""
    if note := words(first(about, "edNote")):
        made.notes.append(Note("left out", f"the agency's note to editors: {note}", made.line))
    fields: dict[str, Any] = {
        "subtitle": subtitle or None,
        "summary": words(first(content, "description")) or None,
        "contributors": people(_names(content)),
        "dateline": words(first(content, "dateline")) or words(first(content, "located", "name")),
        "first_published": _moment(first(about, "firstCreated"), source),
        "published": _moment(first(content, "contentCreated"), source)
        or _moment(first(about, "firstCreated"), source)
        or _moment(first(about, "versionCreated"), source),
        "updated": _moment(first(about, "versionCreated"), source),
        "embargoed": _moment(first(about, "embargoed"), source),
        "language": _attribute(first(content, "language"), "tag"),
        "tags": _tags(content),
        "status": _STATUSES.get(re.split(r"[:/]", code)[-1].lower()),
        "version": int(version) if re.fullmatch(r"[1-9]\d{0,8}", version) else None,
        "credit": _credit(item, content),
    }
    made.fields = {name: value for name, value in fields.items() if value}
    fill_kill(made)
    return made


def _take_text(made: Item, item: Any) -> None:
    for part in below(item, "inlineXML", "inlineData"):
        kind = part.get("contenttype") or ""
        if name_of(part) == "inlineXML":
            nitf = first(part, "nitf")
            inside = first(part, "body") if nitf is None else None
            found = markup(part if inside is None else inside) if nitf is None else body_of(nitf)
            if nitf is not None and not made.title:
                made.title = words(first(nitf, "hl1"))
            made.body = made.body or found
        elif "html" in kind:
            made.body = made.body or "".join(part.itertext())
        elif kind.startswith("text") or not kind:
            made.text = made.text or "".join(part.itertext())


def _names(content: Any) -> list[str]:
    if content is None:
        return []
    if by := [words(one) for one in below(content, "by") if words(one)]:
        return by
    creators = (first(one, "name") for one in below(content, "creator"))
    return [name for one in creators if (name := words(one))]


def _tags(content: Any) -> tuple[Tag, ...]:
    if content is None:
        return ()
    named = [words(first(one, "name")) for one in below(content, "subject")]
    named += [words(one) for one in below(content, "keyword")]
    return tuple(Tag(name=name) for name in dict.fromkeys(named) if name)


def _credit(item: Any, content: Any) -> Credit | None:
    provider = first(item, "itemMeta", "provider")
    name = words(first(content, "creditline")) or words(first(provider, "name"))
    fields = {
        "source": name or _attribute(provider, "literal"),
        "copyright_notice": words(first(item, "rightsInfo", "copyrightNotice")) or None,
        "copyright_holder": words(first(item, "rightsInfo", "copyrightHolder", "name")) or None,
        "usage_terms": words(first(item, "rightsInfo", "usageTerms")) or None,
    }
    return Credit(**fields) if any(fields.values()) else None


def _attribute(element: Any, name: str) -> str | None:
    return None if element is None else element.get(name)


def _moment(element: Any, source: Source) -> datetime | None:
    try:
        return source.moment(words(element))
    except ValueError:
        return None
