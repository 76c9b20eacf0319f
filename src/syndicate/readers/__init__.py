"""Source → article. Each format has one file or one folder. The tables list formats by suffix, and
by content where several formats share a suffix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from pydantic import ValidationError

from syndicate.errors import SourceError, SyndicateError
from syndicate.plugins import load
from syndicate.readers.contract import (
    HEAD,
    MOST_BYTES,
    Note,
    Reader,
    Reading,
    Source,
    article_error_in_words,
)
from syndicate.readers.dates import date_order_in
from syndicate.readers.others import remedy_for_unreadable, unreadable_file

__all__ = [
    "MOST_BYTES",
    "READERS",
    "SUFFIXES",
    "Note",
    "Reader",
    "Reading",
    "Source",
    "read",
    "reader_for",
    "reader_suffixes",
    "stream",
]

READERS = {
    "markdown": "syndicate.readers.markdown:MarkdownReader",
    "newscopy": "syndicate.readers.newscopy:NewsCopyReader",
    "html": "syndicate.readers.html:HTMLReader",
    "docx": "syndicate.readers.docx:DOCXReader",
    "rtf": "syndicate.readers.rtf:RTFReader",
    "eml": "syndicate.readers.eml:EmlReader",
    "wire": "syndicate.readers.wire:WireReader",
    "ghost": "syndicate.readers.ghost:GhostReader",
    "zip": "syndicate.readers.zipped:ZipReader",
    "odt": "syndicate.readers.odt:ODTReader",
    "feed": "syndicate.readers.feed:FeedReader",
    "jsonfeed": "syndicate.readers.jsonfeed:JSONFeedReader",
    "wordpress": "syndicate.readers.wordpress:WordPressReader",
    "ninjs": "syndicate.readers.ninjs:NinjsReader",
    "json": "syndicate.readers.canonical:CanonicalJSONReader",
}
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "newscopy",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".odt": "odt",
    ".zip": "zip",
    ".eml": "eml",
    ".rtf": "rtf",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".wxr": "wordpress",
    ".ninjs": "ninjs",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
MARKS = (
    ("feed", "wire", re.compile(rb"<(?:[\w.-]+:)?(?:newsItem|newsMessage|packageItem|nitf)[\s>]")),
    ("feed", "wordpress", re.compile(rb"wordpress\.org/export/\d")),
    ("json", "jsonfeed", re.compile(rb'(?<!\\)"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org')),
    ("json", "ghost", re.compile(rb'(?<!\\)"(?:posts_tags|posts_authors|mobiledoc|lexical)"\s*:')),
    (
        "json",
        "ninjs",
        re.compile(
            rb'(?<!\\)"(?:headlines|bodies|versionCreated|versioncreated|pubStatus|pubstatus'
            rb'|body_x?html|body_text|contentCreated)"\s*:'
        ),
    ),
)
"""A format, another format with the same suffixes, and what only the other one has at its start."""


_GROUP = "syndicate.readers"


@cache
def reader_suffixes() -> dict[str, str]:
    """The name of the reader for each suffix. Readers of installed packages are added to the
    built-in ones, but never replace them.

    Raises:
        UsageError: what a package declares as a reader is not a reader.
    """
    known = dict(SUFFIXES)
    for point in sorted(entry_points(group=_GROUP), key=lambda point: point.name):
        for suffix in _reader(point.name).suffixes:
            known.setdefault(suffix, point.name)
    return known


def _reader(name: str) -> type[Reader]:
    return load(name, READERS, _GROUP, Reader, Path())  # type: ignore[type-abstract]


def reader_for(source: Source) -> Reader | None:
    """The reader for `source`, by its suffix and content; None if no reader knows its suffix."""
    name = reader_suffixes().get(source.path.suffix.lower())
    if name is None:
        return None
    head = source.data.replace(b"\0", b"")
    name = next((other for own, other, mark in MARKS if own == name and mark.search(head)), name)
    return _reader(name)()


def _settled(source: Source) -> Source:
    """`source`, set to day or month first as its own dates show, unless that is already known."""
    if source.habits.day_first is not None:
        return source
    told = date_order_in(source.data[:HEAD]).day_first
    return (
        source if told is None else replace(source, habits=replace(source.habits, day_first=told))
    )


def read(source: Source) -> list[Reading]:
    """The articles in `source`.

    Raises:
        SourceError: no reader knows its suffix, it is too large, or it cannot be read as an
            article; `Problems` if several things are wrong. Never anything else.
    """
    return list(stream(source))


def stream(source: Source) -> Iterator[Reading]:
    """The articles in `source`, one at a time, so that only one has to be in memory.

    Raises:
        SourceError: as `read` does, at once or after some articles.
    """
    reader = reader_for(source)
    if reader is None:
        raise SourceError(
            unreadable_file(source.path.name),
            where=source.at(),
            hint=f"{remedy_for_unreadable(source.path.suffix.lower())};"
            f" supported types: {', '.join(sorted(reader_suffixes()))}",
        )
    if not reader.streams and (source.file or len(source.data) > MOST_BYTES):
        size = "" if source.file else f"{len(source.data):,} bytes; "
        raise SourceError(
            f"too large for an article ({size}the limit is {MOST_BYTES:,} bytes)",
            where=source.at(),
        )
    try:
        source = _settled(source)
        for reading in reader.read(source):
            if source.guesses:
                guesses = tuple(dict.fromkeys(source.guesses))
                in_doubt = any(guess.doubtful for guess in guesses)
                reading = replace(reading, notes=(*guesses, *reading.notes), in_doubt=in_doubt)
                source.guesses.clear()
            if not reading.article.body:
                raise SourceError("the article has no body", where=source.at())
            yield reading
    except SyndicateError:
        raise
    except ValidationError as error:
        raise SourceError(article_error_in_words(error), where=source.at()) from error
    except RecursionError as error:
        raise SourceError("nested too deeply to be read", where=source.at()) from error
    except Exception as error:
        raise SourceError(
            f"cannot be read as an article ({type(error).__name__}: {error})", where=source.at()
        ) from error
