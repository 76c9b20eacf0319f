"""Reading one file of `content/`, and many of them in several processes.

A file that ends the process which reads it is named, and the others are read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from syndicate.article import Article
from syndicate.atomic import write_whole
from syndicate.engine.content.article_store import keep_article
from syndicate.engine.content.article_summary import ArticleSummary, summarise
from syndicate.engine.content.identity import FoundArticle, settle
from syndicate.engine.content.limits import Limits
from syndicate.engine.content.processes import Crash, StoppedError, done_apart, streamed_apart
from syndicate.engine.content.processor_time import OverworkedError, limited
from syndicate.engine.content.sources import (
    SourceFile,
    named,
    readings_of,
    source_modified_time,
    unreadable_source,
)
from syndicate.errors import Location, SourceError, SyndicateError
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Note, Reading
from syndicate.readers.contract import Habits

_LEAST = (
    60.0  # seconds for a file, whatever the newsroom gives a rendering; libraries load meanwhile
)


@dataclass(frozen=True)
class ReadArticle:
    """An article as its reader returned it; its bytes are in the cache. `known` and `summary` are
    right if nobody has seen the article before."""

    source: str
    given: tuple[str, ...]
    notes: tuple[Note, ...]
    lines: tuple[int | None, ...]
    known: KnownArticle
    summary: ArticleSummary


@dataclass(frozen=True)
class ReadFile:
    """What was read from the file `name`, at the time `at` (ns), or why it cannot be read.

    `digest` is that of its bytes and its sidecar's, `order` is what its dates say about the order
    of day and month (`DateOrder`), `modified` when it was edited last, `crash` how it ended the
    process that read it.
    """

    name: str
    at: int
    digest: str = ""
    order: int = 0
    modified: str = ""
    articles: tuple[ReadArticle, ...] = ()
    error: SyndicateError | None = None
    crash: str = ""


def read_file(
    newsroom: Newsroom, habits: Habits, name: str, erased: frozenset[str] = frozenset()
) -> ReadFile:
    """Read the file called `name`. Its articles go into the cache, except those whose sources are
    `erased`."""
    limits = limits_of(newsroom)
    try:
        with limited(newsroom.seconds_per_article) as begin:
            return _read_file(newsroom, habits, name, erased, begin)
    except OverworkedError:
        how = f"was {limits.too_much_work}"
        return ReadFile(name, time.time_ns(), error=crash_of(name, how, newsroom), crash=how)


def _read_file(
    newsroom: Newsroom,
    habits: Habits,
    name: str,
    erased: frozenset[str],
    begin_next: Callable[[], None],
) -> ReadFile:
    source_file, at = SourceFile.in_content(newsroom, name), time.time_ns()
    order = 0
    try:
        order = source_file.date_order().value
        digest = source_file.digest()
        stats = [one.stat() for one in (source_file.path, source_file.sidecar) if one]
        modified = source_modified_time(max(stats, key=lambda stat: stat.st_mtime_ns))
        readings = readings_of(source_file, PurePosixPath(name), newsroom.publication, habits)
        articles: list[ReadArticle] = []
        for source, reading in named(name, readings):
            begin_next()
            if source in erased:
                continue
            for src, data in reading.pictures.items():
                _extract(newsroom.extracted, src, data)
            given = frozenset(reading.given)
            found = FoundArticle(reading.article, given, source, modified)
            _, known = settle(found, None, newsroom.publication)
            summary = summarise(
                reading.article, source, digest, keep_article(newsroom.store, reading.article)
            )
            told = (tuple(sorted(given)), reading.notes, reading.lines)
            articles.append(ReadArticle(source, *told, known, summary))
    except OSError as error:
        return ReadFile(name, at, order=order, error=unreadable_source(error, source_file.shown))
    except SyndicateError as error:
        return ReadFile(name, at, order=order, error=error)
    return ReadFile(name, at, digest, order, modified.isoformat(), tuple(articles))


def crash_of(name: str, how: str, newsroom: Newsroom) -> SourceError:
    """The error for a file that ended the process which read it."""
    raised = limits_of(newsroom).hint(how.removeprefix("was "))
    return SourceError(
        f"the process that read it {how}",
        where=Location(f"content/{name}"),
        hint="it is read again when it changes; save it in another format, or move it elsewhere"
        + (f"; or {raised}" if raised else ""),
    )


def limits_of(newsroom: Newsroom) -> Limits:
    """How much memory and time the reading of one file may need."""
    seconds = max(newsroom.step_timeout, _LEAST)
    return Limits(newsroom.memory, seconds, newsroom.seconds_per_article)


def read_apart(readings: Iterable[Reading], shown: str, limits: Limits) -> Iterator[Reading]:
    """`readings` (not begun yet), read in a process of its own within `limits`.

    Raises:
        SourceError: a limit was not enough for the source, which errors call `shown`; or it cannot
            be read.
    """
    try:
        yield from streamed_apart(readings, limits)
    except StoppedError as error:
        raise SourceError(
            f"the process that read it {error}",
            where=Location(shown),
            hint=limits.hint(str(error).removeprefix("was ")) or "save it in another format",
        ) from error


def _extract(folder: Path, src: str, data: bytes) -> None:
    """Store a picture where the kit finds it. Its name is a digest, so once is enough."""
    path = (folder / unquote(src)).resolve()
    if path.is_relative_to(folder.resolve()) and not path.is_file():
        write_whole(path, data)


def read_files(
    newsroom: Newsroom,
    habits: Habits,
    names: Collection[str],
    erased: frozenset[str] = frozenset(),
) -> Iterator[ReadFile]:
    """What was read from each of the files `names`, as it gets done; see `read_file`."""
    work, limits = partial(read_file, newsroom, habits, erased=erased), limits_of(newsroom)
    if names:
        Article.model_rebuild()  # its validator: once, not in each process
    for result in done_apart(names, work, newsroom.jobs, limits):
        if isinstance(result, Crash):
            error = crash_of(result.task, result.how, newsroom)
            yield ReadFile(result.task, time.time_ns(), error=error, crash=result.how)
        else:
            yield result
