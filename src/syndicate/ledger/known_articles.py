"""The ledger's articles, as reading `content/` asks for them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.articles_mark import articles_mark
from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.records import KnownArticle
from syndicate.ledger.tables import (
    APPEARANCES,
    ARTICLES,
    COPIES,
    ERASED,
    LAST_VERSIONS,
    PICTURES,
    VERSIONS,
)


class KnownArticles:
    """The articles that were ever published. Every method raises LedgerError if the database gives
    up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __iter__(self) -> Iterator[KnownArticle]:
        """All of them, in the order of their ids, in a stream."""
        return map(_known, self._database.stream(sa.select(ARTICLES), ARTICLES.c.id))

    def with_ids(self, ids: Collection[str]) -> dict[str, KnownArticle]:
        """Those with one of `ids`, by id."""
        return {one.id: one for one in self._among("id", ids)}

    def with_slugs(self, slugs: Collection[str]) -> Iterator[KnownArticle]:
        """Those with one of `slugs`."""
        return self._among("slug", slugs)

    def from_sources(self, sources: Collection[str]) -> dict[str, KnownArticle]:
        """Those that were last read from one of `sources`, by source; of several, the first."""
        found: dict[str, KnownArticle] = {}
        for one in self._among("source", sources):
            found.setdefault(one.source, one)
        return found

    def withdrawn(self) -> tuple[KnownArticle, ...]:
        """Those that are withdrawn, in the order of their ids."""
        query = sa.select(ARTICLES).where(ARTICLES.c.withdrawn.is_not(None))
        with self._database.transaction() as db:
            return tuple(map(_known, db.execute(query.order_by(ARTICLES.c.id))))

    def places(self) -> Iterator[tuple[str, str]]:
        """The id of each, and where it was last read."""
        query = sa.select(ARTICLES.c.id, ARTICLES.c.source)
        return ((row.id, row.source) for row in self._database.stream(query, ARTICLES.c.id))

    def mark(self) -> str:
        """A text that changes with every change of an article."""
        with self._database.reading() as db:
            return articles_mark(db)

    def save(self, articles: Iterable[KnownArticle], mark: str) -> str:
        """Remember `articles`, replacing what was known under the same ids.

        Returns:
            the mark from now on; "" if it is no longer `mark`, because another run has saved some.
            Nothing is saved then.
        """
        rest = iter(articles)
        with self._database.turn() as db:
            if articles_mark(db) != mark:
                return ""
            while page := list(islice(rest, PAGE)):
                rows = [{**asdict(one), "sketch": json.dumps(one.sketch)} for one in page]
                self._database.put(db, ARTICLES, rows)
                # What was erased and has been read again is erased again.
                again = ERASED.c.article.in_([one.id for one in page])
                db.execute(ERASED.update().where(again).values(done=None))
            return articles_mark(db)

    def withdraw(self, id_: str, since: str | None, event: LedgerEvent) -> bool:
        """Note that an article is withdrawn `since` a time (RFC 3339), or no longer (None), with
        the `event` that says who did it. False if that was known."""
        with self._database.turn() as db:
            if not mark_withdrawn(db, id_, since):
                return False
            note_event(db, event)
            return True

    def keep(self, id_: str, since: str, event: LedgerEvent) -> None:
        """Note that an article is kept published `since` a time (RFC 3339) although its file is
        gone, with the `event` that says who decided that."""
        with self._database.turn() as db:
            row = ARTICLES.update().where(ARTICLES.c.id == id_, ARTICLES.c.withdrawn.is_(None))
            if db.execute(row.values(kept=since)).rowcount:
                note_event(db, event)

    def published(self, ids: Collection[str]) -> dict[str, str | None]:
        """Those of `ids` that the public has seen, with the digest of the last good version of
        each, None if that is not known. A copy of it stands, a feed has shown it, or it is in a
        numbered edition or was sent."""
        found: dict[str, str | None] = {}
        rest = iter(ids)
        with self._database.reading() as db:
            channels = list(db.scalars(sa.select(COPIES.c.channel).distinct()))
            seen = sa.or_(
                sa.exists().where(
                    COPIES.c.channel.in_(channels), COPIES.c.rendering == ARTICLES.c.id
                ),
                sa.exists().where(APPEARANCES.c.article == ARTICLES.c.id),
                sa.exists().where(VERSIONS.c.article == ARTICLES.c.id, VERSIONS.c.sent),
            )
            while some := list(islice(rest, PAGE // 2)):
                both = ARTICLES.outerjoin(LAST_VERSIONS, LAST_VERSIONS.c.article == ARTICLES.c.id)
                query = sa.select(ARTICLES.c.id, LAST_VERSIONS.c.digest).select_from(both)
                rows = db.execute(query.where(ARTICLES.c.id.in_(some), seen))
                found.update((row.id, row.digest) for row in rows)
        return found

    def pictures(self, version: str) -> dict[str, str]:
        """The digests of the pictures that a version shows, by `src`."""
        query = sa.select(PICTURES.c.src, PICTURES.c.digest).where(PICTURES.c.version == version)
        with self._database.reading() as db:
            return {row.src: row.digest for row in db.execute(query)}

    def erased(self) -> dict[str, str]:
        """Where each article was last read whose text was erased, by its id; "" if another article
        is read from there now."""
        query = sa.select(ARTICLES.c.id, ARTICLES.c.source).join(
            ERASED, ERASED.c.article == ARTICLES.c.id
        )
        other = ARTICLES.alias()
        gone = sa.exists().where(ERASED.c.article == other.c.id)
        with self._database.transaction() as db:
            found = {row.id: row.source for row in db.execute(query)}
            taken = sa.select(other.c.source).where(other.c.source.in_(found.values()), ~gone)
            others = set(db.scalars(taken)) if found else set()
        return {id_: "" if source in others else source for id_, source in found.items()}

    def _among(self, column: str, values: Collection[str]) -> Iterator[KnownArticle]:
        if len(values) > PAGE:  # one pass over all is faster than many questions
            yield from (one for one in self if getattr(one, column) in values)
        elif values:
            query = sa.select(ARTICLES).where(ARTICLES.c[column].in_(list(values)))
            with self._database.transaction() as db:
                rows = db.execute(query).all()
            yield from map(_known, rows)


def mark_withdrawn(db: sa.Connection, id_: str, since: str | None) -> bool:
    """Within a transaction: note that an article is withdrawn `since` a time, or no longer (None).
    False if that was known."""
    row = ARTICLES.update().where(ARTICLES.c.id == id_)
    is_withdrawn = ARTICLES.c.withdrawn.is_not(None)
    there = row.where(is_withdrawn if since is None else ~is_withdrawn)
    if since is None:
        db.execute(ERASED.delete().where(ERASED.c.article == id_))
    values = {"withdrawn": since} | ({} if since is None else {"kept": None})
    return bool(db.execute(there.values(values)).rowcount == 1)


def _known(row: Any) -> KnownArticle:
    values = row._mapping
    sketch = tuple(json.loads(values["sketch"]))
    return KnownArticle(**{**values, "sketch": sketch, "text": values["text"] or ""})
