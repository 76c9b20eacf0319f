"""Settling what was read: which article each is, and which keeps an id or slug that two have."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from sqlite3 import Connection

from syndicate.article.publication import Publication
from syndicate.engine.content.article_summary import summarise
from syndicate.engine.content.cache import ContentCache, as_json
from syndicate.engine.content.identity import FoundArticle, Known, recognise, settle
from syndicate.engine.content.table_rows import (
    Digest,
    UnsettledRow,
    set_article,
    unsettled,
)
from syndicate.errors import Location, SourceError
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.records import KnownArticle

_AT_ONCE = 1000  # articles, so that memory does not grow with the archive


@dataclass
class Settling:
    """One pass over the articles that wait to be settled.

    `awaits` says whether the file of a source exists but cannot be read, so that its articles will
    come back; `picture` is the digest of a picture, by its `src`.
    """

    cache: ContentCache
    publication: Publication
    ledger: KnownArticles
    awaits: Callable[[str], bool]
    picture: Digest

    def run(self) -> None:
        """Settle all that wait, then see which have the id or slug of another."""
        sources: list[str] = []
        while rows := unsettled(self._tables, _AT_ONCE):
            self._settle(rows)
            sources += [row.source for row in rows]
        self._part_twins(sources)

    @property
    def _tables(self) -> Connection:
        return self.cache.tables

    def _settle(self, rows: list[UnsettledRow]) -> None:
        by_source = self.ledger.from_sources({row.source for row in rows})
        by_id = self.ledger.with_ids({row.known.id for row in rows if "id" in row.given})
        settled: dict[str, KnownArticle] = {}
        for row in rows:
            is_stated = "id" in row.given
            may_be_known = row.known.id in by_id if is_stated else row.source in by_source
            found: FoundArticle | None = None
            before: KnownArticle | None = None
            if may_be_known or (not is_stated and self._orphans):
                found = self._found(row)
                orphans = {} if may_be_known else self._orphans
                before = recognise(found, Known(by_id, by_source, orphans))
            known = row.known
            if before or not row.is_as_read:
                found = found or self._found(row)
                article, known = settle(found, before, self.publication)
                digest = self.cache.keep(article)
                one = summarise(article, row.source, row.file_digest, digest)
                set_article(self._tables, known, one, self.picture)
            adopted = before is not None and not is_stated and row.source not in by_source
            settled[row.source] = known
            if "_orphans" in vars(self):
                self._orphans.pop(known.id, None)
            self._tables.execute(
                "UPDATE articles SET settled = 1, adopted = ? WHERE source = ?",
                (adopted, row.source),
            )
        there = self.ledger.with_ids({known.id for known in settled.values()})
        self._tables.executemany(
            "UPDATE articles SET learnt = ? WHERE source = ?",
            ((there.get(known.id) != known, source) for source, known in settled.items()),
        )

    @cached_property
    def _orphans(self) -> dict[str, KnownArticle]:
        """The ledger's articles whose file no longer exists and that none of the others is."""
        lost = [
            id_
            for id_, source in self.ledger.places()
            if not self._is_present(source) and not self._has("id = ? AND settled", id_)
        ]
        return self.ledger.with_ids(lost)

    def _found(self, row: UnsettledRow) -> FoundArticle:
        raw = self.cache.article(row.raw)
        if raw is None:
            raise SourceError("the cache is damaged", where=Location(str(self.cache.folder)))
        return FoundArticle(raw, row.given, row.source, datetime.fromisoformat(row.modified))

    def _is_present(self, source: str) -> bool:
        return self._has("source = ?", source) or self.awaits(source)

    def _has(self, condition: str, value: str) -> bool:
        query = f"SELECT 1 FROM articles WHERE {condition}"  # noqa: S608 - from constants of ours
        return self._tables.execute(query, (value,)).fetchone() is not None

    def _part_twins(self, sources: list[str]) -> None:
        """Of those with the same id or slug, the first in the order of files keeps it, unless the
        ledger says that another one has it."""
        rows = self._contested(sources)
        placed = {
            one.id: one
            for one in self.ledger.with_ids({row[1] for row in rows}).values()
            if self._is_present(one.source)
        }
        owners = {
            one.slug: one
            for one in self.ledger.with_slugs({row[2] for row in rows})
            if self._is_present(one.source)
        }
        taken: dict[tuple[str, str], str] = {}
        for source, id_, slug, given in rows:
            # A file of the same name, of the same day, would get the id of one that is still there.
            place = placed[id_].source if id_ in placed else source
            stranger = place != source and "id" not in json.loads(given)
            twin = None
            for what, key in (("slug", slug), ("id", id_)):
                rightful = owners.get(slug) if what == "slug" else None
                claimed = rightful is not None and rightful.id != id_
                if (what, key) in taken or claimed or stranger:
                    other = rightful.source if claimed and rightful else place
                    twin = [what, key, taken.get((what, key), other)]
                    break
            else:
                taken |= {("slug", slug): source, ("id", id_): source}
            self._tables.execute(
                "UPDATE articles SET twin = ? WHERE source = ?", (twin and as_json(twin), source)
            )

    def _contested(self, sources: list[str]) -> list[tuple[str, str, str, str]]:
        """Source, id, slug and given metadata of the articles `sources`, of those that had the id
        or slug of another, and of all that have an id or slug of these, in the order of files."""
        self._tables.execute("CREATE TEMP TABLE IF NOT EXISTS looked_at (source TEXT PRIMARY KEY)")
        self._tables.execute("DELETE FROM looked_at")
        self._tables.executemany(
            "INSERT INTO looked_at VALUES (?)", ((source,) for source in sources)
        )
        return self._tables.execute(
            """
            WITH some AS (
                SELECT id, slug FROM articles WHERE source IN (SELECT source FROM looked_at)
                 UNION SELECT id, slug FROM articles WHERE twin IS NOT NULL
            )
            SELECT source, id, slug, given FROM articles
             WHERE id IN (SELECT id FROM some) OR slug IN (SELECT slug FROM some)
             ORDER BY file, place
            """
        ).fetchall()
