"""Articles that are kept: they were published, and their file is gone or cannot be read.

Such an article has a stand-in among those that were read: its last good version, from the ledger
and the store. So it stays as it is in every channel, in any checkout, until its file is back or
somebody decides otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from sqlite3 import Connection

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.engine.content.article_summary import ArticleSummary, Kept, summarise
from syndicate.engine.content.cache import ContentCache, as_json
from syndicate.engine.content.content_reader import ContentReader
from syndicate.engine.content.identity import as_withdrawn
from syndicate.engine.content.summaries import Summaries
from syndicate.engine.content.table_rows import drop_stand_in, put_stand_in
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.records import GONE_BEFORE, KnownArticle

_AT_ONCE = 500
# Without INDEXED BY all articles are gone through.
_KEPT = "articles AS lost INDEXED BY articles_kept WHERE lost.kept != ''"
_IS_THERE = """
    EXISTS (SELECT 1 FROM articles AS one
             WHERE one.id = lost.id AND one.kept = '' AND one.twin IS NULL)
"""


@dataclass(frozen=True)
class KeptArticle:
    """A published article whose file is gone or cannot be read. If `is_lost`, the store does not
    have its text any more, so that feeds and pages cannot be made with it."""

    id: str
    slug: str
    title: str
    source: str
    is_broken: bool
    is_lost: bool = False


@dataclass(frozen=True)
class StandIns:
    """Finds out which articles have to be kept, and puts a stand-in there for each."""

    cache: ContentCache
    publication: Publication
    ledger: KnownArticles
    reader: ContentReader

    def run(self) -> None:
        """Look at every article that is missing or has a stand-in. Those that were never published
        are forgotten."""
        self.make_way()
        tables = self._tables
        query = "SELECT id FROM missing UNION SELECT id FROM articles WHERE kept != ''"
        ids = [id_ for (id_,) in tables.execute(query)]
        for start in range(0, len(ids), _AT_ONCE):
            self._look_at(ids[start : start + _AT_ONCE])

    def make_way(self) -> None:
        """Let go of the stand-ins of articles that have a file."""
        tables = self._tables
        again = f"SELECT id FROM {_KEPT} AND {_IS_THERE}"  # noqa: S608 - from constants of ours
        for (id_,) in tables.execute(again).fetchall():
            drop_stand_in(tables, id_)
        tables.execute(f"DELETE FROM missing AS lost WHERE {_IS_THERE}")  # noqa: S608 - from constants of ours

    @property
    def _tables(self) -> Connection:
        return self.cache.tables

    def _look_at(self, ids: list[str]) -> None:
        known, versions = self.ledger.with_ids(ids), self.ledger.published(ids)
        present = self._present(ids)
        for id_ in ids:
            one = known.get(id_)
            if one is None or id_ not in versions or one.kept == GONE_BEFORE:
                drop_stand_in(self._tables, id_)
                self._tables.execute("DELETE FROM missing WHERE id = ?", (id_,))
                continue
            version, kept = versions[id_] or "", self._kept(one)
            if present.get(id_) != (version, kept, as_json(asdict(one))):
                self._put(one, version, kept)

    def _present(self, ids: list[str]) -> dict[str, tuple[str, str, str]]:
        """Of the stand-ins among `ids`: the version, why it is there, and what is known of it."""
        places = ", ".join("?" * len(ids))
        query = f"SELECT id, raw, kept, known FROM articles WHERE kept != '' AND id IN ({places})"  # noqa: S608 - placeholders
        return {id_: tuple(rest) for id_, *rest in self._tables.execute(query, ids)}

    def _kept(self, one: KnownArticle) -> Kept:
        if self.reader.awaits(one.source):
            return "broken"
        return "decided" if one.kept else "gone"

    def _put(self, one: KnownArticle, version: str, kept: Kept) -> None:
        article = self.cache.article(version) if version else None
        if article is None and one.withdrawn is None:
            drop_stand_in(self._tables, one.id)
            lost = KeptArticle(one.id, one.slug, one.title, one.source, kept == "broken", True)
            row = (one.id, as_json(asdict(lost)) if kept != "decided" else None)
            self._tables.execute("INSERT OR REPLACE INTO missing VALUES (?, ?)", row)
            return
        summary = replace(self._summary(one, article, version), kept=kept)
        shown = self.ledger.pictures(version) if summary.pictures else {}
        picture = self.reader.last_picture(shown)
        put_stand_in(self._tables, one, summary, self.reader.file_of(one.source), picture)
        self._tables.execute("DELETE FROM missing WHERE id = ?", (one.id,))

    def _summary(self, one: KnownArticle, article: Article | None, version: str) -> ArticleSummary:
        source = one.source
        taken = "SELECT 1 FROM articles WHERE source = ? AND kept = ''"
        if self._tables.execute(taken, (source,)).fetchone():  # another article has its file now
            source = f"{source}#{one.id}"
        if article is None:
            article = _withdrawn_and_lost(one, self.publication)
        return summarise(as_withdrawn(article, one.withdrawn), source, "", version)


def _withdrawn_and_lost(one: KnownArticle, publication: Publication) -> Article:
    """A withdrawn article of which nothing is left but what the ledger knows: enough to say that it
    was withdrawn."""
    first = datetime.fromisoformat(one.first_seen)
    return Article(
        id=one.id,
        slug=one.slug,
        url=publication.article_url(one.slug, first),
        title=one.title or one.slug,
        language=publication.language,
        first_published=first,
        published=first,
        updated=datetime.fromisoformat(one.updated),
        body=(),
    )


def kept_articles(cache: ContentCache, now: datetime) -> Iterator[KeptArticle]:
    """The articles that are kept and public at `now`, and of which nobody has decided yet what
    becomes of them, in the order of files."""
    for one in Summaries(cache).kept(now):
        source = one.source.removesuffix(f"#{one.id}")
        yield KeptArticle(one.id, one.slug, one.title, source, one.kept == "broken")
    query = "SELECT lost FROM missing WHERE lost IS NOT NULL ORDER BY id"
    for (lost,) in cache.tables.execute(query):
        yield KeptArticle(**json.loads(lost))
