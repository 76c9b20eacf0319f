"""What the sources that hold many articles (feeds, exports, wires) have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from syndicate.article import Contributor, Figure, Gallery, Heading
from syndicate.article.blocks import Block, Blocks
from syndicate.article.text import excerpt, passages, plain
from syndicate.article.values import language_tag, one_line, safe_url
from syndicate.errors import SourceError, SyndicateError
from syndicate.readers import metadata
from syndicate.readers.contract import Note, Reading, Source
from syndicate.readers.copy import Copy, shortened
from syndicate.readers.html import blocks_of, content_of
from syndicate.readers.newscopy.byline import authors_in
from syndicate.readers.prose import paragraph
from syndicate.readers.shelf import Shelf
from syndicate.readers.vocabulary import AND, BYLINE

MOST_NOTES = 200
LONGEST_ID = 1000
_TAG = re.compile(r"tag:[^\s,]+,\d{4}(?:-\d\d){0,2}:\S*")
_URN = re.compile(r"urn:[a-z0-9][^\s]+", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\w+|[a-zA-Z]\w*);")
_SIZED = re.compile(r"(?:-\d+x\d+|-scaled)(?=\.\w+$)")


@dataclass
class Item:
    """One of the articles of a source, as its format tells it.

    `key` is what the format identifies it by, `body` its HTML, or `text` its plain text where
    there is no HTML. `fields` are metadata by the article's field names, `base` the URL that its
    relative links are meant from, `line` where it begins.
    """

    key: str = ""
    title: str = ""
    body: str = ""
    text: str = ""
    base: str | None = None
    line: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class LeftOut:
    """Something that stands among the items and is no article, or cannot be read as one."""

    what: str
    line: int | None = None


class _LeftOut:
    """What could not be read since the last article: the first of it, and how much came after."""

    def __init__(self) -> None:
        self.first: list[Note] = []
        self._more = 0

    def add(self, what: str, line: int | None) -> None:
        """Account for an item."""
        if len(self.first) < MOST_NOTES:
            self.first.append(Note("left out", what, line))
        else:
            self._more += 1

    def on(self, reading: Reading) -> Reading:
        """`reading` with these notes."""
        more = [Note("left out", f"{self._more:,} more items")] if self._more else []
        return replace(reading, notes=(*reading.notes, *self.first, *more))


def readings(items: Iterable[Item | LeftOut], source: Source) -> Iterator[Reading]:
    """The articles of `items`. What cannot be read is noted on the article before it, or on the
    first; no more than two articles are held at once.

    Raises:
        SourceError: there is no article among `items`; with why the first was none.
    """
    with Shelf() as taken:
        yield from _readings(items, source, taken)


def _readings(items: Iterable[Item | LeftOut], source: Source, taken: Shelf) -> Iterator[Reading]:
    held: Reading | None = None
    notes = _LeftOut()
    for item in _until_broken(items):
        try:
            if isinstance(item, LeftOut):
                raise SourceError(item.what)
            found = _unlike(_reading(item, source), item, taken)
        except SyndicateError as error:
            if isinstance(item, LeftOut) and item.line is None and held is None and not notes.first:
                raise
            notes.add(_named(item, error.message), item.line)
        except Exception as error:
            reason = _first(error) if isinstance(error, ValidationError) else type(error).__name__
            notes.add(_named(item, reason), item.line)
        else:
            if held:
                yield notes.on(held)
                notes = _LeftOut()
            held = found
    if held is None:
        reason = f": {notes.first[0].what}" if notes.first else ""
        raise SourceError(
            f"there is no article in this file{reason}",
            where=source.at(notes.first[0].line if notes.first else None),
        )
    yield notes.on(held)


def _until_broken(items: Iterable[Item | LeftOut]) -> Iterator[Item | LeftOut]:
    """`items`; if the source breaks off after some of them, the rest counts as left out."""
    given = False
    try:
        for item in items:
            yield item
            given = True
    except SourceError as error:
        if not given:
            raise
        line = error.where.line if error.where else None
        yield LeftOut(f"the rest of the file: {error.message}", line)


def _named(item: Item | LeftOut, reason: str) -> str:
    name = item.title or item.key if isinstance(item, Item) else ""
    return f"the item {shortened(one_line(name))!r}: {reason}" if name else reason


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"


def _unlike(reading: Reading, item: Item, taken: Shelf) -> Reading:
    """`reading` with a fragment and a slug that no article before it has.

    Raises:
        SourceError: an article before it is the same one.
    """
    from slugify import slugify

    article = reading.article
    if f"id {article.id}" in taken and "id" in reading.given:
        raise SourceError("another item of this file has the same id")
    tail = unquote(urlsplit(item.key).path or item.key).rstrip("/").rpartition("/")[2]
    fragment = slugify(tail, max_length=60, word_boundary=True) or article.slug
    if f"fragment {fragment}" in taken:
        fragment += f"-{_digest(item)}"
        if f"fragment {fragment}" in taken:
            raise SourceError("another item of this file is the same")
    if f"slug {article.slug}" in taken:
        slug = f"{article.slug[:110]}-{_digest(item)}"
        changes: dict[str, Any] = {"slug": slug}
        if "url" not in reading.given:
            changes["url"] = article.url.replace(article.slug, slug)
        if "id" not in reading.given:
            changes["id"] = article.id.replace(article.slug, slug)
        article = article.model_copy(update=changes)
    for name in (f"id {article.id}", f"fragment {fragment}", f"slug {article.slug}"):
        taken.put(name)
    return replace(reading, article=article, fragment=fragment)


def _digest(item: Item) -> str:
    return hashlib.sha256(f"{item.key}\n{item.title}".encode(errors="replace")).hexdigest()[:8]


def _reading(item: Item, source: Source) -> Reading:
    """The article that `item` is.

    Raises:
        SourceError: it has no text.
    """
    copy = Copy(source, source.publication.language)
    copy.notes.extend(item.notes)
    found = dict(item.fields)
    base = item.base or found.get("url") or source.publication.base_url
    if item.body.strip():
        body, notes = blocks_of(item.body, base=base)
        copy.notes.extend(replace(note, line=item.line) for note in notes)
    else:
        parts = re.split(r"\n\s*\n|\r\n\s*\r\n", item.text.strip())
        body = tuple(paragraph(part.strip()) for part in parts if part.strip())
    if not body:
        raise SourceError("has no text")
    copy.speak(_language(found.pop("language", None)), " ".join(passages(body))[:2000])
    found["title"] = line_of(item.title) or _title_from(body, copy, item.line)
    if isinstance(body[0], Heading) and one_line(plain(body[0].content)) == found["title"]:
        body = body[1:] or body
    found.update(_identity(item.key, found))
    found["lead_image"], body = _led(found.get("lead_image"), body)
    if found.get("summary") and found["summary"] == excerpt(body, len(found["summary"])):
        del found["summary"]
    slug_given = "slug" in found
    found.setdefault("slug", _slug(found))
    known = {name: value for name, value in found.items() if value}
    reading = metadata.reading(copy, {}, known, [(block, item.line) for block in body])
    given = reading.given if slug_given else reading.given - {"slug"}
    return replace(reading, given=given)


def _language(stated: str | None) -> str | None:
    try:
        return language_tag(stated.replace("_", "-")) if stated else None
    except ValueError:
        return None


def _title_from(body: Blocks, copy: Copy, line: int | None) -> str:
    text = excerpt(body, 80) or next(iter(passages(body)), "")[:80]
    title = one_line(text)
    if title:
        copy.guessed(f"the title {shortened(title)!r}, from the text", line)
    return title


def _identity(key: str, found: dict[str, Any]) -> dict[str, Any]:
    """`key` as the id if it is one for all the world (a `tag:`, `urn:` or http URI), else as
    another of the article's ids."""
    key = one_line(key)
    if not key or len(key) > LONGEST_ID:
        return {}
    if is_id(key):
        return {"id": key}
    return {"alt_ids": (*found.get("alt_ids", ()), key)}


def is_id(key: str) -> bool:
    """Whether `key` identifies an article anywhere: a `tag:` URI (RFC 4151), a URN (RFC 8141)
    or an http(s) URL."""
    if _TAG.fullmatch(key) or _URN.fullmatch(key):
        return True
    return absolute(key) is not None


def absolute(url: str | None, base: str | None = None) -> str | None:
    """`url`, resolved against `base`, if it is an http(s) URL of some host, else None."""
    from urllib.parse import urljoin

    if not url or not url.strip():
        return None
    try:
        found = safe_url(urljoin(base, url.strip()) if base else url)
        parts = urlsplit(found)
        return found if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _slug(found: dict[str, Any]) -> str | None:
    """From the last part of the article's address, else from its title."""
    from slugify import slugify

    path = unquote(urlsplit(found.get("url") or "").path).rstrip("/")
    tail = re.sub(r"\.\w{1,5}$", "", path.rpartition("/")[2])
    for candidate in (tail if re.search(r"[^\W\d_]{3}", tail) else "", found["title"]):
        if slug := slugify(candidate, max_length=110, word_boundary=True):
            return str(slug)
    return None


def _led(lead: Figure | None, body: Blocks) -> tuple[Figure | None, Blocks]:
    """The lead picture and a body that does not show it again at its head; what the body says
    about it counts too."""
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


def line_of(markup: str) -> str:
    """A title, name or summary in one line, whether written as text or as HTML."""
    if _MARKUP.search(markup):
        return one_line(plain(content_of(markup)))
    return one_line(markup)


def people(names: Iterable[str]) -> tuple[Contributor, ...]:
    """The people in bylines such as "Ines Okafor and Tomas Lindqvist" or "Von Jana Beck, dpa"."""
    found: list[Contributor] = []
    for written in names:
        name = line_of(written)
        byline = BYLINE.fullmatch(name)
        name = byline["names"].strip() if byline else name
        if name:
            found += authors_in(f"By {name}") or map(_person, AND.split(name))
    return tuple({one.name: one for one in found if one.name}.values())


def _person(written: str) -> Contributor:
    """A name, with the organisation after a comma."""
    name, _, organisation = written.strip().partition(", ")
    if name and organisation and ("," not in organisation):
        return Contributor(name=name, organisation=organisation)
    return Contributor(name=written.strip() or "?")
