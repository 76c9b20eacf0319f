"""Reads sources with many articles (a feed, an export, an agency's file), one article at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from syndicate.article.slugs import with_slug
from syndicate.article.values import one_line
from syndicate.errors import SourceError, SyndicateError
from syndicate.readers.collection_item import Item, reading_of
from syndicate.readers.contract import Note, Reading, Source, article_error_in_words
from syndicate.readers.reader_state import shortened_for_note
from syndicate.readers.spill_store import SpillStore

MOST_NOTES = 200


@dataclass(frozen=True)
class LeftOut:
    """An item that is not an article, or that cannot be read as one."""

    what: str
    line: int | None = None


class _LeftOut:
    """What could not be read since the last article: notes on the first items, the rest counted."""

    def __init__(self) -> None:
        self.first: list[Note] = []
        self._more = 0

    def add(self, what: str, line: int | None) -> None:
        """Note an item that was left out."""
        if len(self.first) < MOST_NOTES:
            self.first.append(Note("left out", what, line))
        else:
            self._more += 1

    def on(self, reading: Reading) -> Reading:
        """`reading` with these notes."""
        items = "item" if self._more == 1 else "items"
        more = [Note("left out", f"{self._more:,} more {items}")] if self._more else []
        return replace(reading, notes=(*reading.notes, *self.first, *more))


def readings_of_items(items: Iterable[Item | LeftOut], source: Source) -> Iterator[Reading]:
    """The articles of `items`. An item that cannot be read is noted on the article before it, or on
    the first article. At most two articles are in memory at once.

    Raises:
        SourceError: there is no article among `items`; it says why the first item is not one.
    """
    with SpillStore() as taken:
        yield from _readings(items, source, taken)


def _readings(
    items: Iterable[Item | LeftOut], source: Source, taken: SpillStore
) -> Iterator[Reading]:
    held: Reading | None = None
    notes = _LeftOut()
    for item in _until_broken(items):
        try:
            if isinstance(item, LeftOut):
                raise SourceError(item.what)
            found = _unlike(reading_of(item, source), item, source, taken)
        except SyndicateError as error:
            if isinstance(item, LeftOut) and item.line is None and held is None and not notes.first:
                raise
            notes.add(_named(item, error.message), item.line)
        except Exception as error:
            reason = (
                article_error_in_words(error)
                if isinstance(error, ValidationError)
                else type(error).__name__
            )
            notes.add(_named(item, reason), item.line)
        else:
            if held:
                yield notes.on(held)
                notes = _LeftOut()
            held = found
    if held is None:
        reason = f": {notes.first[0].what}" if notes.first else ""
        raise SourceError(
            f"no article in this file{reason}",
            where=source.at(notes.first[0].line if notes.first else None),
        )
    yield notes.on(held)


def _until_broken(items: Iterable[Item | LeftOut]) -> Iterator[Item | LeftOut]:
    """`items`; if an error ends the source after some of them, the rest counts as left out."""
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
    return f"the item {shortened_for_note(one_line(name))!r}: {reason}" if name else reason


def _unlike(reading: Reading, item: Item, source: Source, taken: SpillStore) -> Reading:
    """`reading` with a fragment and a slug that no earlier article of the source has.

    Raises:
        SourceError: an earlier article is the same one.
    """
    from slugify import slugify

    article = reading.article
    if f"id {article.id}" in taken and "id" in reading.given:
        raise SourceError("another item in this file has the same id")
    tail = unquote(urlsplit(item.key).path or item.key).rstrip("/").rpartition("/")[2]
    fragment = slugify(tail, max_length=60, word_boundary=True) or article.slug
    if f"fragment {fragment}" in taken:
        fragment += f"-{_digest(item)}"
        if f"fragment {fragment}" in taken:
            raise SourceError("the same as another item in this file")
    if f"slug {article.slug}" in taken:
        slug = f"{article.slug[:110]}-{_digest(item)}"
        article = with_slug(article, slug, reading.given, source.publication)
    for name in (f"id {article.id}", f"fragment {fragment}", f"slug {article.slug}"):
        taken.put(name)
    return replace(reading, article=article, fragment=fragment)


def _digest(item: Item) -> str:
    return hashlib.sha256(f"{item.key}\n{item.title}".encode(errors="replace")).hexdigest()[:8]
