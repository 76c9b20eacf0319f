"""Versions of articles that are kept: the last good one of each, and those before it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.events import event_time
from syndicate.ledger.tables import ABOUT, LAST_VERSIONS, PICTURES, VERSIONS

_MARK = "versions"  # a fact about the ledger
T = TypeVar("T")
Version = tuple[str, str]
"""An article's id, and the digest of what it was."""


class ShownPicture(NamedTuple):
    """A picture that a version shows, by their digests; whether the store has its bytes."""

    version: str
    src: str
    digest: str
    stored: bool


class Versions:
    """The versions of articles in a ledger. Every method raises LedgerError if the database gives
    up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unknown(self, versions: Iterable[Version]) -> tuple[Version, ...]:
        """Those of `versions` that the ledger does not know."""
        return tuple(one for page in _pages(versions) for one in self._unknown(page))

    def _unknown(self, page: Sequence[Version]) -> Iterator[Version]:
        digests = [digest for _, digest in page]
        query = sa.select(VERSIONS.c.digest).where(VERSIONS.c.digest.in_(digests))
        with self._database.transaction() as db:
            known = set(db.scalars(query))
        return (one for one in page if one[1] not in known)

    def mark(self) -> str:
        """A text that changes whenever versions are noted, and so perhaps forgotten."""
        with self._database.transaction() as db:
            return _mark(db)

    def note(self, versions: Sequence[Version], most: int, mark: str = "") -> str:
        """Note `versions`, which everyone can read from the store by now. Of each article that has
        more than `most`, the oldest are forgotten, unless they were sent.

        Returns:
            the mark from now on; "" if it was no longer `mark`, because others have noted some.
        """
        for page in _pages(versions):
            with self._database.transaction() as db:
                is_as_before, now = _mark(db) == mark, secrets.token_hex(8)
                self.add(db, page, sent=False)
                self._forget(db, page, most)
                self._database.put(db, ABOUT, [{"key": _MARK, "value": now}])
                mark = now if is_as_before else ""
        return mark

    def make_last(self, versions: Iterable[Version]) -> None:
        """Let `versions`, which everyone can read from the store by now, be the last good ones of
        their articles."""
        for page in _pages(versions):
            here = LAST_VERSIONS.c.article.in_([article for article, _ in page])
            with self._database.transaction() as db:
                rows = db.execute(sa.select(LAST_VERSIONS).where(here))
                before = {(row.article, row.digest) for row in rows}
                new = [one for one in page if one not in before]
                rest = [{"article": article, "digest": digest} for article, digest in new]
                self._database.put(db, LAST_VERSIONS, rest)

    def add_pictures(self, pictures: Iterable[ShownPicture]) -> None:
        """Note which pictures versions show."""
        for page in _pages(pictures):
            with self._database.transaction() as db:
                self._database.put(db, PICTURES, [one._asdict() for one in page])

    def pictures(self, versions: Iterable[str]) -> dict[str, str]:
        """The digests of the pictures of these versions that the store has, by `src`."""
        found: dict[str, str] = {}
        for page in _pages(versions):
            stored = sa.func.coalesce(PICTURES.c.stored, sa.true())
            query = sa.select(PICTURES).where(PICTURES.c.version.in_(page), stored)
            with self._database.transaction() as db:
                found |= {row.src: row.digest for row in db.execute(query)}
        return found

    def of(self, article: str) -> tuple[str, ...]:
        """The digests of the versions of an article, oldest first."""
        query = sa.select(VERSIONS.c.digest).where(VERSIONS.c.article == article)
        with self._database.transaction() as db:
            return tuple(db.scalars(query.order_by(VERSIONS.c.at, VERSIONS.c.digest)))

    def add(self, db: sa.Connection, versions: Iterable[Version], *, sent: bool) -> None:
        """Within a transaction: note `versions`; one that was `sent` is never forgotten."""
        at = event_time()
        rows = [
            {"article": article, "digest": digest, "at": at, "sent": sent}
            for article, digest in versions
        ]
        if rows:
            insert = self._database.insert(VERSIONS)
            if sent:
                insert = insert.on_conflict_do_update(
                    index_elements=["digest"], set_={"sent": True}
                )
            else:
                insert = insert.on_conflict_do_nothing()
            db.execute(insert, rows)

    def _forget(self, db: sa.Connection, new: Sequence[Version], most: int) -> None:
        articles, present = [one for one, _ in new], [digest for _, digest in new]
        newest_first = sa.func.row_number().over(
            partition_by=VERSIONS.c.article, order_by=VERSIONS.c.at.desc()
        )
        ranked = (
            sa.select(VERSIONS.c.digest, newest_first.label("rank"))
            .where(VERSIONS.c.article.in_(articles))
            .subquery()
        )
        last = sa.exists().where(LAST_VERSIONS.c.digest == ranked.c.digest)
        old = sa.select(ranked.c.digest).where(
            ranked.c.rank > most, ranked.c.digest.not_in(present), ~last
        )
        gone = list(
            db.scalars(
                sa.select(VERSIONS.c.digest).where(VERSIONS.c.digest.in_(old), ~VERSIONS.c.sent)
            )
        )
        db.execute(sa.delete(VERSIONS).where(VERSIONS.c.digest.in_(gone)))
        db.execute(sa.delete(PICTURES).where(PICTURES.c.version.in_(gone)))


def _mark(db: sa.Connection) -> str:
    return db.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.key == _MARK)) or ""


def _pages(items: Iterable[T]) -> Iterator[Sequence[T]]:
    stream = iter(items)
    while page := list(islice(stream, PAGE)):
        yield page
