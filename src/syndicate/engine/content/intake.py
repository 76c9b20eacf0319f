"""From `content/` to the newsroom's articles. A file that did not change is not read again, and an
article that did not change is not looked at again.

What was read stays in the cache. An article there is *settled* once its identity is known: that
depends on the ledger, so it is done again when the ledger's articles have changed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.cache import Cache, as_json
from syndicate.engine.content.reading import (
    ReadFile,
    crash_of,
    digest_of_file,
    read_files,
)
from syndicate.engine.content.settling import Settling
from syndicate.engine.content.sources import FoundFiles, found_in, latest, mark_of
from syndicate.engine.content.summaries import Summaries
from syndicate.engine.content.table_rows import drop_file, known_from, put_file, set_pictures
from syndicate.errors import Location, SourceError, SyndicateError, UsageError
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Note
from syndicate.readers.contract import Habits
from syndicate.readers.dates import DateOrder

# A file written this shortly before it was read may change again within one tick of its clock.
_RACY = 2_000_000_000
_KEPT = 200  # files whose reading is kept at once


@dataclass(frozen=True)
class SourceReport:
    """How a source was read: the reader's notes, the source line of each block in the body, and the
    metadata that the source states."""

    notes: tuple[Note, ...]
    lines: tuple[int | None, ...]
    given: frozenset[str]


class Reports(Mapping[str, SourceReport]):
    """How each source in `cache` was read, by its name, in the order of files."""

    def __init__(self, cache: Cache) -> None:
        self._tables = cache.tables

    def __getitem__(self, source: str) -> SourceReport:
        query = "SELECT notes, lines, given FROM articles WHERE source = ?"
        row = self._tables.execute(query, (source,)).fetchone()
        if row is None:
            raise KeyError(source)
        notes, lines, given = map(json.loads, row)
        return SourceReport(tuple(Note(**one) for one in notes), tuple(lines), frozenset(given))

    def __iter__(self) -> Iterator[str]:
        query = "SELECT source FROM articles ORDER BY file, place"
        return (source for (source,) in self._tables.execute(query))

    def __len__(self) -> int:
        return int(self._tables.execute("SELECT count(*) FROM articles").fetchone()[0])

    def noted(self) -> Iterator[tuple[str, SourceReport]]:
        """Those of which a reader noted something."""
        query = "SELECT source FROM articles WHERE notes != '[]' ORDER BY file, place"
        return ((source, self[source]) for (source,) in self._tables.execute(query))


@dataclass(frozen=True)
class Intake:
    """What is in `content/`: a summary of each article, how each source was read, the errors, and
    the files that no reader takes. `mark` is that of the ledger's articles."""

    cache: Cache
    mark: str
    errors: tuple[SyndicateError, ...]
    unread: tuple[SourceError, ...] = ()

    @property
    def summaries(self) -> Summaries:
        """A summary of each article."""
        return Summaries(self.cache)

    @property
    def reports(self) -> Reports:
        """How each source was read."""
        return Reports(self.cache)

    @property
    def known(self) -> Iterator[KnownArticle]:
        """The articles as the ledger should have them, in the order of files."""
        return self._known("TRUE")

    @property
    def learnt(self) -> Iterator[KnownArticle]:
        """Those of `known` that are new to the ledger or have changed."""
        return self._known("learnt")

    def versions(self) -> Iterator[tuple[str, str]]:
        """The id and digest of each article."""
        query = "SELECT id, digest FROM articles WHERE twin IS NULL ORDER BY file, place"
        return iter(self.cache.tables.execute(query))

    def of(self, ids: Iterable[str]) -> Iterator[ArticleSummary]:
        """The summaries of the articles with these ids."""
        return iter(self.summaries.of(ids).values())

    def _known(self, condition: str) -> Iterator[KnownArticle]:
        query = (
            f"SELECT known FROM articles WHERE twin IS NULL AND {condition} ORDER BY file, place"  # noqa: S608
        )
        found = self.cache.tables.execute(query)
        return (known_from(known) for (known,) in found)

    def save(self, articles: KnownArticles) -> bool:
        """Let the ledger know what it did not. False if another run has saved some meanwhile: then
        nothing is saved."""
        with self.cache.writing() as tables:
            if next(self.learnt, None) is None:
                return True
            mark = articles.save(self.learnt, self.mark)
            if mark:
                tables.execute("UPDATE articles SET learnt = 0 WHERE learnt AND twin IS NULL")
            self.cache.note(ledger=mark)
            return bool(mark)


def take_in(newsroom: Newsroom, articles: KnownArticles, cache: Cache) -> Intake:
    """Read `content/`. Writes only to the cache.

    A source that cannot be read does not stop the others; it is reported in `errors`.

    Args:
        articles: what the ledger knows.
    """
    at, mark = time.time_ns(), articles.mark()
    found = found_in(newsroom.content, "content")
    is_as_before = (cache.about("content"), cache.about("ledger")) == (found.digest, mark)
    failed = json.loads(cache.about("failed") or "[]") if is_as_before else []
    reader = _Reader(newsroom, cache, found)
    gone = not is_as_before and reader.drop_gone()
    errors = reader.read(failed if is_as_before else reader.changed())
    if not is_as_before or failed != [*errors]:
        with cache.writing() as tables:
            if cache.about("ledger") != mark:
                _compare(tables, articles)
            elif gone:
                tables.execute("UPDATE articles SET settled = 0 WHERE learnt")
            else:
                tables.execute("UPDATE articles SET settled = 0 WHERE learnt AND adopted")
            Settling(
                cache, newsroom.publication, articles, reader.awaits, reader.picture_digest
            ).run()
            calm = at - max(map(latest, found.files.values()), default=0)
            seen = found.digest if calm > _RACY else ""
            cache.note(content=seen, ledger=mark, failed=as_json([*errors]), gone="")
    reader.look_at_pictures()
    told = (*errors.values(), *_twins(cache))
    return Intake(cache, mark, told, found.unread)


def _compare(tables: Connection, articles: KnownArticles) -> None:
    """Let everything be settled again that is not as the ledger knows it."""
    tables.execute("UPDATE articles SET settled = 0, learnt = 1")
    same = ((as_json(asdict(one)), one.id) for one in articles)
    tables.executemany(
        "UPDATE articles SET settled = 1, learnt = 0 WHERE known = ? AND id = ?", same
    )


def _twins(cache: Cache) -> Iterator[SourceError]:
    query = "SELECT source, twin FROM articles WHERE twin IS NOT NULL ORDER BY file, place"
    for source, twin in cache.tables.execute(query):
        what, key, other = json.loads(twin)
        yield SourceError(
            f"has the same {what} {key!r} as content/{other}",
            where=Location(f"content/{source}"),
            hint=f"give one of them another: {what}: …" if what == "slug" else "remove one id",
        )


@dataclass
class _Reader:
    """Reads the files in `content/` that have changed into the cache."""

    newsroom: Newsroom
    cache: Cache
    found: FoundFiles
    failed: dict[str, SyndicateError] = field(default_factory=dict)
    _orders: dict[str, DateOrder] = field(default_factory=dict)
    _pictures: dict[str, str] = field(default_factory=dict)

    def changed(self) -> list[str]:
        """The files that have to be read."""
        query = "SELECT name, marks, at, digest FROM files WHERE crash IS NULL"
        known = {name: rest for name, *rest in self.cache.tables.execute(query)}
        changed: list[str] = []
        unsure: list[tuple[int, str]] = []
        for name, marks in self.found.files.items():
            kept_marks, at, digest = known.get(name, ("", 0, ""))
            if kept_marks != marks:
                changed.append(name)
            elif at - latest(marks) <= _RACY:
                now = time.time_ns()
                if digest_of_file(self.newsroom.content / name) == digest:
                    unsure.append((now, name))
                else:
                    changed.append(name)
        if unsure:
            with self.cache.writing() as tables:
                tables.executemany("UPDATE files SET at = ? WHERE name = ?", unsure)
        return changed

    def read(self, names: Iterable[str]) -> dict[str, SyndicateError]:
        """Read the files `names`; why some of them cannot be read, by name.

        Where the dates in the files turn out to be in another order of day and month than thought
        so far, those whose dates it decides are read again.
        """
        habits = self.newsroom.habits
        told = self.cache.about("day_first")
        self._read(replace(habits, day_first=json.loads(told or "null")), names)
        day_first = as_json(self._order().day_first)
        if day_first != (told or "null"):
            query = "SELECT name, date_order FROM files"
            either = [
                name
                for name, order in self.cache.tables.execute(query).fetchall()
                if DateOrder.EITHER in DateOrder(order)
            ]
            self._read(replace(habits, day_first=json.loads(day_first)), either)
            with self.cache.writing():
                self.cache.note(day_first=day_first)
        return {name: self.failed[name] for name in self.found.files if name in self.failed}

    def awaits(self, source: str) -> bool:
        """Whether the file of `source` is there but cannot be read; its articles will come back."""
        file = source if source in self.found.files else source.rpartition("#")[0]
        return file in self.failed

    def drop_gone(self) -> bool:
        """Forget the files that are gone; whether there were any."""
        gone = self.cache.files() - self.found.files.keys()
        if gone:
            with self.cache.writing() as tables:
                self.cache.note(content="", gone="yes")
                for name in gone:
                    drop_file(tables, name)
        return bool(self.cache.about("gone"))

    def picture_digest(self, src: str) -> str:
        """The digest of a picture, read again if it has changed since it was read last."""
        if src not in self._pictures:
            path = self.newsroom.content / src
            self._pictures[src] = self.cache.picture_digest(path, src)
        return self._pictures[src]

    def look_at_pictures(self) -> None:
        """See which pictures of articles have changed."""
        query = """
            SELECT src, mark, digest
              FROM (SELECT DISTINCT src FROM pictures_of) LEFT JOIN pictures USING (src)
        """
        below = f"{self.newsroom.content}/"
        changed = {
            src: digest or ""
            for src, mark, digest in self.cache.tables.execute(query)
            if mark != mark_of(below + src)
        }
        if changed:
            with self.cache.writing() as tables:
                for src, before in changed.items():
                    if self.picture_digest(src) != before:
                        for one in Summaries(self.cache).showing(src):
                            set_pictures(tables, one, self.picture_digest)

    def _read(self, habits: Habits, names: Iterable[str]) -> None:
        query = "SELECT name, marks, crash FROM files WHERE crash IS NOT NULL"
        crashes = {name: rest for name, *rest in self.cache.tables.execute(query)}
        rest: list[str] = []
        for name in names:
            marks, crash = crashes.get(name, ("", ""))
            if marks == self.found.files[name]:  # it would end its process again
                self._failed(ReadFile(name, 0, error=crash_of(name, crash)))
            else:
                rest.append(name)
        reads = read_files(self.newsroom, habits, rest)
        while page := list(islice(reads, _KEPT)):
            with self.cache.writing() as tables:
                self.cache.note(content="")  # until all is settled again
                for read in page:
                    self._put(tables, read)

    def _put(self, tables: Connection, read: ReadFile) -> None:
        marks = self.found.files[read.name]
        if read.error is None:
            self.failed.pop(read.name, None)
            put_file(tables, read, marks, self.picture_digest)
            return
        self._failed(read)
        drop_file(tables, read.name)
        if read.crash:
            row = (read.name, marks, read.at, "", read.order, read.crash)
            tables.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", row)

    def _failed(self, read: ReadFile) -> None:
        assert read.error is not None
        self.failed[read.name], self._orders[read.name] = read.error, DateOrder(read.order)

    def _order(self) -> DateOrder:
        """What the dates of all files tell of the order of day and month."""
        found = self.cache.tables.execute("SELECT DISTINCT date_order FROM files")
        order = DateOrder.UNSEEN
        for one in (*self._orders.values(), *(DateOrder(number) for (number,) in found)):
            order |= one
        return order


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
        ids = {one.id for one in intake.summaries.in_files(below)}
        if named := intake.summaries.called(name):
            ids.add(named.id)
        if not ids and not any(_names_source(error, below) for error in intake.errors):
            raise UsageError(
                f"there is no article {name!r} in content/",
                hint="name its file or its slug; all of them: syndicate check",
            )
        found |= ids
    return frozenset(found or ({""} if names else ()))


def _names_source(error: SyndicateError, below: set[str]) -> bool:
    return error.where is not None and error.where.file.removeprefix("content/") in below
