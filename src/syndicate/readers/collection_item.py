"""One item of a source with many articles, and the article that it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from syndicate.article import Figure, Gallery, Heading
from syndicate.article.blocks import Block, Blocks
from syndicate.article.text import excerpt, passages, plain
from syndicate.article.values import language_tag, one_line
from syndicate.errors import SourceError
from syndicate.readers import metadata
from syndicate.readers.contract import Note, Reading, Source
from syndicate.readers.fields import absolute_url, line_of_markup
from syndicate.readers.html import blocks_of_fragment
from syndicate.readers.prose import paragraph_from
from syndicate.readers.reader_state import ReaderState, shortened_for_note

LONGEST_ID = 1000
_TAG = re.compile(r"tag:[^\s,]+,\d{4}(?:-\d\d){0,2}:\S*")
_URN = re.compile(r"urn:[a-z0-9][^\s]+", re.IGNORECASE)
_SIZED = re.compile(r"(?:-\d+x\d+|-scaled)(?=\.\w+$)")


@dataclass
class Item:
    """One of the articles of a source, with what its format says about it.

    `key` is what the format identifies it by. `body` is its HTML, or `text` its plain text if
    there is no HTML. `fields` is metadata by the article's field names, `base` the URL that
    relative links are resolved against, `line` the line where the item begins.
    """

    key: str = ""
    title: str = ""
    body: str = ""
    text: str = ""
    base: str | None = None
    line: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def reading_of(item: Item, source: Source) -> Reading:
    """The article in `item`.

    Raises:
        SourceError: the item has no text.
    """
    state = ReaderState(source, source.publication.language)
    state.notes.extend(item.notes)
    found = dict(item.fields)
    base = item.base or found.get("url") or source.publication.base_url
    if item.body.strip():
        body, notes = blocks_of_fragment(item.body, base=base)
        state.notes.extend(replace(note, line=item.line) for note in notes)
    else:
        parts = re.split(r"\n\s*\n|\r\n\s*\r\n", item.text.strip())
        body = tuple(paragraph_from(part.strip()) for part in parts if part.strip())
    if not body:
        raise SourceError("has no text")
    state.speak(_language(found.pop("language", None)), " ".join(passages(body))[:2000])
    found["title"] = line_of_markup(item.title) or _title_from(body, state, item.line)
    if isinstance(body[0], Heading) and one_line(plain(body[0].content)) == found["title"]:
        body = body[1:] or body
    found.update(_identity(item.key, found))
    found["lead_image"], body = _led(found.get("lead_image"), body)
    if found.get("summary") and found["summary"] == excerpt(body, len(found["summary"])):
        del found["summary"]
    slug_given = "slug" in found
    found.setdefault("slug", _slug(found))
    known = {name: value for name, value in found.items() if value}
    reading = metadata.reading(state, {}, known, [(block, item.line) for block in body])
    given = reading.given if slug_given else reading.given - {"slug"}
    return replace(reading, given=given)


def _language(stated: str | None) -> str | None:
    try:
        return language_tag(stated.replace("_", "-")) if stated else None
    except ValueError:
        return None


def _title_from(body: Blocks, state: ReaderState, line: int | None) -> str:
    text = excerpt(body, 80) or next(iter(passages(body)), "")[:80]
    title = one_line(text)
    if title:
        state.guessed(f"the title {shortened_for_note(title)!r}, from the text", line)
    return title


def _identity(key: str, found: dict[str, Any]) -> dict[str, Any]:
    """`key` as the article's id if it is globally unique (a `tag:`, `urn:` or http URI), else as
    one of its other ids."""
    key = one_line(key)
    if not key or len(key) > LONGEST_ID:
        return {}
    if _is_id(key):
        return {"id": key}
    return {"alt_ids": (*found.get("alt_ids", ()), key)}


def _is_id(key: str) -> bool:
    """Whether `key` is globally unique: a `tag:` URI (RFC 4151), a URN (RFC 8141) or an http(s)
    URL."""
    if _TAG.fullmatch(key) or _URN.fullmatch(key):
        return True
    return absolute_url(key) is not None


def _slug(found: dict[str, Any]) -> str | None:
    """The slug: the last part of the article's address, else made from its title."""
    from slugify import slugify

    path = unquote(urlsplit(found.get("url") or "").path).rstrip("/")
    tail = re.sub(r"\.\w{1,5}$", "", path.rpartition("/")[2])
    for candidate in (tail if re.search(r"[^\W\d_]{3}", tail) else "", found["title"]):
        if slug := slugify(candidate, max_length=110, word_boundary=True):
            return str(slug)
    return None


def _led(lead: Figure | None, body: Blocks) -> tuple[Figure | None, Blocks]:
    """The lead picture, and the body without the same picture at its start; its caption and credit
    in the body are added to the lead picture."""
    if lead is None:
        return None, body
    same = _SIZED.sub("", lead.src.partition("?")[0])
    kept: list[Block] = []
    for number, block in enumerate(body):
        own = isinstance(block, Figure) and _SIZED.sub("", block.src.partition("?")[0]) == same
        if own and isinstance(block, Figure) and number < 3:
            more = {k: v for k, v in dict(block).items() if v and not getattr(lead, k)}
            lead = lead.model_copy(update=more)
        elif not (isinstance(block, Gallery) and not block.figures):
            kept.append(block)
    return (lead, tuple(kept)) if kept else (lead, body)
