"""The metadata of an OpenDocument file, in `meta.xml`."""

from __future__ import annotations

from typing import Any

from syndicate.article import Contributor, Tag
from syndicate.article.values import language_tag, one_line
from syndicate.readers.docx.package import DocxPackage
from syndicate.readers.reader_state import ReaderState

_DC = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_NOT_A_PERSON = frozenset(("", "user", "admin", "unknown", "author", "libreoffice"))


def odt_properties(package: DocxPackage, state: ReaderState) -> dict[str, Any]:
    """The metadata of the file, by the article's field names, without what programs write."""
    meta = package.xml("meta.xml")
    found: dict[str, Any] = {}
    if meta is None:
        return found

    def text(tag: str) -> str:
        return one_line(next((one.text or "" for one in meta.iter(tag)), ""))

    if title := text(f"{_DC}title"):
        found["title"] = title
    name = text(f"{_META}initial-creator") or text(f"{_DC}creator")
    if name.casefold() not in _NOT_A_PERSON:
        found["contributors"] = (Contributor(name=name),)
    words = (one_line(one.text or "") for one in meta.iter(f"{_META}keyword"))
    if tags := tuple(Tag(name=word) for word in dict.fromkeys(words) if word):
        found["tags"] = tags
    try:
        found["published"] = state.source.moment(text(f"{_META}creation-date"))
        day = state.local_time(found["published"])
        state.guessed(f"the date {day}, when the document was created")
    except ValueError:
        pass
    try:
        if stated := text(f"{_DC}language"):
            found["language"] = language_tag(stated).split("-")[0]
    except ValueError:
        pass
    return found
