"""Settling what was read: which article each is, and which keeps an id or slug that two have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import count
from sqlite3 import Connection

from syndicate.article.publication import Publication
from syndicate.article.slugs import with_slug
from syndicate.engine.content.article_summary import summarise
from syndicate.engine.content.cache import ContentCache, as_json
from syndicate.engine.content.content_reader import ContentReader
from syndicate.engine.content.identity import FoundArticle, Known, recognise, settle
from syndicate.engine.content.kept import StandIns
from syndicate.engine.content.table_rows import UnsettledRow, set_article, unsettled
from syndicate.errors import Location, SourceError
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.records import GONE_BEFORE, KnownArticle

_AT_ONCE = 1000  # articles, so that memory does not grow with the archive


@dataclass
class Settling:
    """One pass over the articles that wait to be settled, and those that are missing. `reader` is
    the one that has read them."""

    cache: ContentCache
    publication: Publication
    ledger: KnownArticles
    reader: ContentReader

    def run(self) -> None:
        """Settle all that wait, put a stand-in there for what is missing, then see which have the
        id or slug of another."""
        sources: list[str] = []
        while rows := unsettled(self._tables, _AT_ONCE):
            self._settle(rows)
            sources += [row.source for row in rows]
        stand_ins = StandIns(self.cache, self.publication, self.ledger, self.reader)
        stand_ins.run()
        self._part_twins(sources)
        stand_ins.make_way()

    @property
    def _tables(self) -> Connection:
        return self.cache.tables

    def _settle(self, rows: list[UnsettledRow]) -> None:
        by_source = self.ledger.from_sources({row.source for row in rows})
        by_id = self.ledger.with_ids({row.known.id for row in rows if "id" in row.given})
        by_slug: dict[str, list[KnownArticle]] = {}
        for owner in self.ledger.with_slugs({row.known.slug for row in rows}):
            by_slug.setdefault(owner.slug, []).append(owner)
        settled: dict[str, KnownArticle] = {}
        newcomers: list[str] = []
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
            owners = () if before or is_stated else by_slug.get(known.slug, ())
            slug = self._free_slug(known.slug, owners)
            if before or not row.is_as_read or slug != known.slug:
                found = found or self._found(row)
                if slug != known.slug:
                    renamed = with_slug(found.article, slug, found.given, self.publication)
                    found = replace(found, article=renamed)
                article, known = settle(found, before, self.publication)
                digest = self.cache.keep(article)
                one = summarise(article, row.source, row.file_digest, digest)
                set_article(self._tables, known, one, self.reader.picture_digest)
            adopted = before is not None and not is_stated and row.source not in by_source
            settled[row.source] = known
            if before is None and not is_stated:
                newcomers.append(row.source)
            if "_orphans" in vars(self):
                self._orphans.pop(known.id, None)
            self._tables.execute(
                "UPDATE articles SET settled = 1, adopted = ?, wanted = ? WHERE source = ?",
                (adopted, row.known.slug if slug != row.known.slug else None, row.source),
            )
        there = self.ledger.with_ids({known.id for known in settled.values()})
        self._tables.executemany(
            "UPDATE articles SET learnt = ? WHERE source = ?",
            ((there.get(known.id) != known, source) for source, known in settled.items()),
        )
        # Until it is known whether the article that has this id is kept.
        self._tables.executemany(
            "UPDATE articles SET twin = ? WHERE source = ?",
            (
                (as_json(["id", settled[one].id, one]), one)
                for one in newcomers
                if settled[one].id in there
            ),
        )

    def _free_slug(self, slug: str, owners: Iterable[KnownArticle]) -> str:
        """`slug`, or the same with a number if one of its `owners` was withdrawn or has lost its
        file: its address is known to the world as that of another story."""
        if not any(map(self._stays_owner, owners)):
            return slug
        numbered = (f"{slug}-{number}" for number in count(2))
        return next(
            one
            for one in numbered
            if not self._has("slug = ?", one) and not any(self.ledger.with_slugs({one}))
        )

    def _stays_owner(self, one: KnownArticle) -> bool:
        if one.withdrawn:
            return True
        is_gone = not self._is_present(one.source) and one.kept != GONE_BEFORE
        return is_gone and one.id in self.ledger.published([one.id])

    @cached_property
    def _orphans(self) -> dict[str, KnownArticle]:
        """The ledger's articles whose file no longer exists and that none of the others is."""
        lost = [
            id_
            for id_, source in self.ledger.places()
            if not self._is_present(source)
            and not self._has("id = ? AND settled AND kept = ''", id_)
        ]
        return self.ledger.with_ids(lost)

    def _found(self, row: UnsettledRow) -> FoundArticle:
        raw = self.cache.article(row.raw)
        if raw is None:
            raise SourceError("the cache is damaged", where=Location(str(self.cache.folder)))
        return FoundArticle(raw, row.given, row.source, datetime.fromisoformat(row.modified))

    def _is_present(self, source: str) -> bool:
        return self._has("source = ? AND kept = ''", source) or self.reader.awaits(source)

    def _has_place(self, one: KnownArticle) -> bool:
        """Whether `one` has its id and slug: its file is there, or it is kept without it."""
        return self._is_present(one.source) or self._has("id = ? AND kept != ''", one.id)

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
            if self._has_place(one)
        }
        owners = {
            one.slug: one
            for one in self.ledger.with_slugs({row[2] for row in rows})
            if self._has_place(one)
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
             WHERE kept = ''
               AND (id IN (SELECT id FROM some) OR slug IN (SELECT slug FROM some))
             ORDER BY file, place
            """
        ).fetchall()
