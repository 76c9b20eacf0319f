"""From `content/` to the newsroom's articles. A file that did not change is not read again.

What was read is kept in `.syndicate/cache/`. It can be deleted at any time; the next run then reads
everything again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from syndicate.atomic import write_whole
from syndicate.engine.content.article_summary import ArticleSummary, summarise
from syndicate.engine.content.cache import Cache, CachedArticle, CachedFile
from syndicate.engine.content.identity import FoundArticle, KnownArticles, recognise, settle
from syndicate.engine.content.sources import (
    found_in,
    modified_time,
    named,
    order_of,
    readings_of,
    sidecar,
    unreadable,
)
from syndicate.errors import Location, SourceError, SyndicateError, UsageError
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Note
from syndicate.readers.contract import Habits
from syndicate.readers.dates import DateOrder

# A file written this shortly before it was read may change again within one tick of its clock.
_RACY = 2_000_000_000


@dataclass(frozen=True)
class SourceReport:
    """How a source was read: the reader's notes, the source line of each block in the body, and the
    metadata that the source states."""

    notes: tuple[Note, ...]
    lines: tuple[int | None, ...]
    given: frozenset[str]


@dataclass(frozen=True)
class Intake:
    """What is in `content/`: a summary of each article, their rows for the ledger (`learnt`: those
    that are new or have changed; `before`: what the ledger had under their ids and of their
    sources), how each source was read, the errors, and the files that no reader takes."""

    summaries: tuple[ArticleSummary, ...]
    known: tuple[KnownArticle, ...]
    learnt: tuple[KnownArticle, ...]
    before: tuple[KnownArticle, ...]
    reports: Mapping[str, SourceReport]
    errors: tuple[SyndicateError, ...]
    unread: tuple[SourceError, ...] = ()

    def versions(self) -> Iterator[tuple[str, str]]:
        """The id and digest of each article."""
        return ((one.id, one.digest) for one in self.summaries)

    def of(self, ids: Iterable[str]) -> Iterator[ArticleSummary]:
        """The summaries of the articles with these ids."""
        wanted = frozenset(ids)
        return (one for one in self.summaries if one.id in wanted)


def take_in(newsroom: Newsroom, known: Iterable[KnownArticle], cache: Cache) -> Intake:
    """Read `content/`. Writes only to the cache.

    A source that cannot be read does not stop the others; it is reported in `errors`.
    """
    by_id = {article.id: article for article in known}
    by_source = {article.source: article for article in reversed(by_id.values())}
    errors: list[SyndicateError] = []
    read_files: dict[str, CachedFile] = {}
    found = found_in(newsroom.content, "content")
    files = found.files
    habits = _habits(newsroom, cache, files)
    for name, path in files.items():
        try:
            read_files[name] = _read(newsroom, cache, name, path, habits)
        except SyndicateError as error:
            errors.append(error)
    if gone := cache.sources.keys() - files.keys():
        cache.changed = True
        for name in gone:
            del cache.sources[name]

    present = {one.source for file in read_files.values() for one in file.articles}
    orphans = {
        known.id: known
        for known in by_id.values()
        if known.source not in present and not _awaited(known.source, files, read_files)
    }
    known_articles = KnownArticles(by_id, by_source, orphans)
    summaries: list[ArticleSummary] = []
    settled: list[KnownArticle] = []
    reports: dict[str, SourceReport] = {}
    taken: dict[str, str] = {}
    owner = {k.slug: k.id for k in by_id.values() if k.id not in orphans}
    place = {k.id: k.source for k in by_id.values() if k.id not in orphans}
    entries = ((file, entry) for _, file in sorted(read_files.items()) for entry in file.articles)
    for file, entry in entries:
        reports[entry.source] = SourceReport(entry.notes, entry.lines, frozenset(entry.given))
        one, row = _identified(newsroom, cache, file, entry, known_articles)
        orphans.pop(row.id, None)
        # A file of the same name, of the same day, would get the id of one that is still there.
        stranger = "id" not in entry.given and place.get(one.id, one.source) != one.source
        for key, what in ((one.slug, "slug"), (one.id, "id")):
            other = taken.get(f"{what} {key}")
            rightful = owner.get(one.slug, one.id) if what == "slug" else one.id
            if other or rightful != one.id or stranger:
                errors.append(_twins(what, key, one.source, other or by_id[rightful].source))
                break
        else:
            taken |= {f"id {one.id}": one.source, f"slug {one.slug}": one.source}
            summaries.append(one)
            settled.append(row)
    learnt = tuple(row for row in settled if by_id.get(row.id) != row)
    ids, sources = {row.id for row in learnt}, {row.source for row in learnt}
    before = tuple(row for row in by_id.values() if row.id in ids or row.source in sources)
    all_errors = tuple(errors)
    return Intake(
        tuple(summaries), tuple(settled), learnt, before, reports, all_errors, found.unread
    )


def asked_for(newsroom: Newsroom, intake: Intake, names: tuple[str, ...]) -> frozenset[str]:
    """The ids of the articles called `names` (files or slugs). Empty if `names` is, which asks for
    all of them.

    Raises:
        UsageError: a name stands for nothing.
    """
    found: set[str] = set()
    for name in names:
        path = Path(name)
        below = {name, name.removeprefix("content/")}
        if path.is_file() and path.resolve().is_relative_to(newsroom.content.resolve()):
            below.add(path.resolve().relative_to(newsroom.content.resolve()).as_posix())
        ids = {one.id for one in intake.summaries if _is_named(one, name, below)}
        if not ids and not any(_names_source(error, below) for error in intake.errors):
            raise UsageError(
                f"there is no article {name!r} in content/",
                hint="name its file or its slug; all of them: syndicate check",
            )
        found |= ids
    return frozenset(found or ({""} if names else ()))


def _is_named(one: ArticleSummary, name: str, below: set[str]) -> bool:
    return one.slug == name or one.source.partition("#")[0] in below


def _names_source(error: SyndicateError, below: set[str]) -> bool:
    return error.where is not None and error.where.file.removeprefix("content/") in below


def _awaited(source: str, files: Container[str], read_files: Container[str]) -> bool:
    """Whether the file of `source` exists but cannot be read; its articles will come back."""
    file = source if source in files else source.rpartition("#")[0]
    return file in files and file not in read_files


def _read(newsroom: Newsroom, cache: Cache, name: str, path: Path, habits: Habits) -> CachedFile:
    """What the cache has of a file; the file is read again if it changed."""
    shown = f"content/{name}"
    try:
        beside = sidecar(path)
        stats = [one.stat() for one in (path, beside) if one]
        stat = max(stats, key=lambda stat: stat.st_mtime_ns)
        kept = cache.sources.get(name)
        mark = [number for stat in stats for number in (stat.st_size, stat.st_mtime_ns)]
        if kept and kept.stat == mark and kept.at - stat.st_mtime_ns > _RACY:
            return kept
        at = time.time_ns()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if beside:
            digest += hashlib.sha256(beside.read_bytes()).hexdigest()
    except OSError as error:
        raise unreadable(error, shown) from error
    cache.changed = True
    if kept and kept.digest == digest and kept.stat == mark:
        kept.at = at
        return kept
    modified = modified_time(stat).isoformat()
    read = CachedFile(mark, at, digest, [], order_of([path]).value)
    readings = readings_of(path, PurePosixPath(name), newsroom.publication, shown, habits)
    for source, reading in named(name, readings):
        for src, data in reading.pictures.items():
            _extract(newsroom.extracted, src, data)
        read.articles.append(
            CachedArticle(
                source=source,
                raw=cache.keep(reading.article),
                given=tuple(sorted(reading.given)),
                notes=reading.notes,
                lines=reading.lines,
                modified=modified,
            )
        )
    cache.sources[name] = read
    return read


def _habits(newsroom: Newsroom, cache: Cache, files: Mapping[str, Path]) -> Habits:
    """How the newsroom writes, with the order of day and month that its files tell. Where that
    has become another one, files whose dates it decides are read again."""
    order = DateOrder.UNSEEN
    orders: dict[str, DateOrder] = {}
    for name, path in files.items():
        kept = cache.sources.get(name)
        try:
            stat = path.stat()
        except OSError:
            continue  # it is named when it is read
        if kept and kept.stat[:2] == [stat.st_size, stat.st_mtime_ns]:
            orders[name] = DateOrder(kept.order)
        else:
            orders[name] = order_of([path])
        order |= orders[name]
    if order.day_first != cache.day_first:
        cache.day_first, cache.changed = order.day_first, True
        for name in [name for name, one in orders.items() if DateOrder.EITHER in one]:
            cache.sources.pop(name, None)
    return replace(newsroom.habits, day_first=order.day_first)


def _extract(folder: Path, src: str, data: bytes) -> None:
    """Store a picture where the kit finds it. Its name is a digest, so once is enough."""
    path = (folder / unquote(src)).resolve()
    if path.is_relative_to(folder.resolve()) and not path.is_file():
        write_whole(path, data)


def _identified(
    newsroom: Newsroom,
    cache: Cache,
    file: CachedFile,
    entry: CachedArticle,
    known: KnownArticles,
) -> tuple[ArticleSummary, KnownArticle]:
    """The article `entry` of `file`, with its identity."""
    if entry.known and entry.summary and known.by_id.get(entry.known.id) == entry.known:
        return entry.summary, entry.known
    raw = cache.article(entry.raw)
    if raw is None:
        raise SourceError("the cache is damaged", where=Location(str(cache.folder)))
    modified = datetime.fromisoformat(entry.modified)
    found = FoundArticle(raw, frozenset(entry.given), entry.source, modified)
    article, row = settle(found, recognise(found, known), newsroom.publication)
    entry.known = row
    entry.summary = summarise(article, found.source, file.digest, cache.keep(article))
    cache.changed = True
    return entry.summary, row


def _twins(what: str, key: str, source: str, other: str) -> SourceError:
    return SourceError(
        f"has the same {what} {key!r} as content/{other}",
        where=Location(f"content/{source}"),
        hint=f"give one of them another: {what}: …" if what == "slug" else "remove one id",
    )
