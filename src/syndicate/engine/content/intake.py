"""From `content/` to the newsroom's articles. A file that did not change is not read again, and an
article that did not change is not looked at again.

What was read stays in the cache. An article there is *settled* once its identity is known: that
depends on the ledger, so it is done again when the ledger's articles have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from syndicate.article import Status
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.cache import ContentCache, as_json
from syndicate.engine.content.content_reader import ContentReader
from syndicate.engine.content.erased_sources import drop_erased, still_there
from syndicate.engine.content.kept import KeptArticle, kept_articles
from syndicate.engine.content.settling import Settling
from syndicate.engine.content.sources import FoundFiles, files_found_in
from syndicate.engine.content.summaries import Summaries
from syndicate.engine.content.table_rows import is_unsure, known_from
from syndicate.errors import Location, SourceError, SyndicateError, UsageError
from syndicate.ledger.database import PAGE
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Note


@dataclass(frozen=True)
class SourceReport:
    """How a source was read: the reader's notes, the source line of each block in the body, and the
    metadata that the source states."""

    notes: tuple[Note, ...]
    lines: tuple[int | None, ...]
    given: frozenset[str]


class Reports(Mapping[str, SourceReport]):
    """How each source in `cache` was read, by its name, in the order of files."""

    def __init__(self, cache: ContentCache) -> None:
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
    the files that no reader takes. `mark` is that of the ledger's articles; `failed` are those of
    the errors for which a file cannot be read, by its name."""

    cache: ContentCache
    mark: str
    errors: tuple[SyndicateError, ...]
    unread: tuple[SourceError, ...] = ()
    failed: Mapping[str, SyndicateError] = field(default_factory=dict)

    @cached_property
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

    def unshared(self, status: str = "") -> Iterator[tuple[str, str]]:
        """The id and digest of each article of which it is not noted that others can read it,
        without those of a `status`."""
        query = """
            SELECT id, digest FROM articles
             WHERE NOT shared AND twin IS NULL AND kept = '' AND status != ?
             ORDER BY file, place
        """
        return iter(self.cache.tables.execute(query, (status,)))

    def stated_status(self, id_: str) -> Status | None:
        """The status that the file of an article states; None if it has no file."""
        query = "SELECT raw FROM articles WHERE id = ? AND twin IS NULL AND kept = ''"
        row = self.cache.tables.execute(query, (id_,)).fetchone()
        article = self.cache.article(row[0]) if row else None
        return article.status if article else None

    def kept(self, now: datetime) -> tuple[KeptArticle, ...]:
        """The published articles without a file of which somebody has to decide at `now` what
        becomes of them, in the order of files."""
        return tuple(kept_articles(self.cache, now))

    @property
    def numbered(self) -> Iterator[SourceError]:
        """The new articles that have a number after their slug, because it is that of an article
        which was withdrawn or whose file is gone; in the order of files."""
        query = """
            SELECT source, wanted, slug FROM articles WHERE wanted IS NOT NULL ORDER BY file, place
        """
        for source, wanted, slug in self.cache.tables.execute(query):
            yield SourceError(
                f"its slug is {slug!r}: {wanted!r} is that of an article which was withdrawn, or"
                " whose file is gone",
                where=Location(f"content/{source}"),
                hint=f"to choose another one, write into its file: slug: …; see the other article:"
                f" syndicate where {wanted}",
            )

    def of(self, ids: Iterable[str]) -> Iterator[ArticleSummary]:
        """The summaries of the articles with these ids."""
        return iter(self.summaries.of(ids).values())

    def _known(self, condition: str) -> Iterator[KnownArticle]:
        query = (
            f"SELECT known FROM articles WHERE twin IS NULL AND {condition} ORDER BY file, place"  # noqa: S608 - from constants of ours
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


def take_in(
    newsroom: Newsroom,
    articles: KnownArticles,
    cache: ContentCache,
    found: FoundFiles | None = None,
) -> Intake:
    """Read `content/`. Writes only to the cache.

    A source that cannot be read does not stop the others; it is reported in `errors`.

    Args:
        articles: what the ledger knows.
        found: the files in `content/`; None looks for them.
    """
    mark = articles.mark()
    found = found or files_found_in(newsroom.content, "content", grounds=newsroom.grounds)
    erased = articles.erased()
    drop_erased(cache, erased)
    is_as_before = (cache.about("content"), cache.about("ledger")) == (found.digest, mark)
    failed = json.loads(cache.about("failed") or "[]") if is_as_before else []
    reader = ContentReader(newsroom, cache, found, frozenset(erased.values()))
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
            if tables.execute("SELECT 1 FROM missing").fetchone():  # a copy may be one of those
                tables.execute("UPDATE articles SET settled = 0 WHERE twin IS NOT NULL")
            Settling(cache, newsroom.publication, articles, reader).run()
            seen = "" if is_unsure(found.at, found.newest) else found.digest
            cache.note(content=seen, ledger=mark, failed=as_json([*errors]), gone="")
    reader.look_at_pictures(articles.pictures)
    told = (*errors.values(), *_twins(cache), *still_there(found.files, erased.values()))
    return Intake(cache, mark, told, found.unread, errors)


def _compare(tables: Connection, articles: KnownArticles) -> None:
    """Let everything be settled again that is not as the ledger knows it, and everything be looked
    for that it knows."""
    tables.execute("UPDATE articles SET settled = 0, learnt = 1 WHERE kept = ''")
    rest = iter(articles)
    while page := list(islice(rest, PAGE)):
        same = ((as_json(asdict(one)), one.id) for one in page)
        query = "UPDATE articles SET settled = 1, learnt = 0 WHERE known = ? AND id = ?"
        tables.executemany(query, same)
        ids = ((one.id,) for one in page)
        tables.executemany("INSERT OR IGNORE INTO missing VALUES (?, NULL)", ids)


def _twins(cache: ContentCache) -> Iterator[SourceError]:
    query = "SELECT source, twin FROM articles WHERE twin IS NOT NULL ORDER BY file, place"
    for source, twin in cache.tables.execute(query):
        what, key, other = json.loads(twin)
        yield SourceError(
            f"has the same {what} {key!r} as content/{other}",
            where=Location(f"content/{source}"),
            hint=f"give one of them another: {what}: …" if what == "slug" else "remove one id",
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
        name = name.encode("utf-8", "backslashreplace").decode()  # as errors show it
        below = {name, name.removeprefix("content/")}
        if path.is_file() and path.resolve().is_relative_to(newsroom.content.resolve()):
            below.add(path.resolve().relative_to(newsroom.content.resolve()).as_posix())
        ids = {one.id for one in intake.summaries.in_files(below)}
        if named := intake.summaries.called(name):
            ids.add(named.id)
        if not ids and not _failed(intake, below):
            raise UsageError(
                f"there is no article {name!r} in content/",
                hint="name its file or its slug; all of them: syndicate check",
            )
        found |= ids
    return frozenset(found or ({""} if names else ()))


def _failed(intake: Intake, below: set[str]) -> bool:
    """Whether one of the files `below` cannot be read."""
    named = {one.where.file.removeprefix("content/") for one in intake.errors if one.where}
    return not below.isdisjoint(named | intake.failed.keys())
