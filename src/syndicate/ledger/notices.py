"""Notices: what people are told who have a wrong version of an article, by a letter or by an answer
below the posts that they have seen.

A notice is a rendering of its channel, whose key begins with "notice ". The notices of one matter
(a correction, or the withdrawal) have the same number, in whatever channel. Which version of each
article went to people is in the table `contents`, written with the dispatch.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from syndicate.adapters import Notice
from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import State
from syndicate.ledger.events import LedgerEvent, event_time, note_event
from syndicate.ledger.records import FrozenEdition
from syndicate.ledger.tables import (
    ARTIFACTS,
    CONTENTS,
    DELIVERIES,
    DISPATCHES,
    DRAFTS,
    NOTICES,
    RENDERINGS,
    REVIEWS,
    VERSIONS,
    rows_of,
)

_BEFORE = "notice "


def notice_key(id_: int) -> str:
    """The key of the rendering of the notice with this id."""
    return f"{_BEFORE}{id_}"


def is_notice(rendering: str) -> bool:
    """Whether `rendering` is the key of a notice."""
    return rendering.startswith(_BEFORE)


def is_a_notice(table: sa.Table) -> sa.ColumnElement[bool]:
    """The condition that a row of `table` is about the rendering of a notice."""
    return table.c.rendering.startswith(_BEFORE, autoescape=True)


@dataclass(frozen=True)
class NoticeRow:
    """A notice in `channel` about `article` (its id).

    Args:
        version: the digest of the article that it shows.
        wrong: the digests of the versions that are wrong.
        at: when it was prepared (RFC 3339).
    """

    channel: str
    article: str
    notice: Notice
    version: str
    wrong: frozenset[str]
    at: str = ""
    id: int = 0

    @property
    def key(self) -> str:
        """The key of its rendering."""
        return notice_key(self.id)


class Notices:
    """The notices in a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_channel(self, channel: str) -> tuple[NoticeRow, ...]:
        """Those of `channel` that no other has replaced, oldest first."""
        return self._current(NOTICES.c.channel == channel)

    def of_articles(self, articles: Collection[str]) -> tuple[NoticeRow, ...]:
        """Those about `articles` that no other has replaced, oldest first."""
        return self._current(NOTICES.c.article.in_(list(articles)))

    def all(self) -> tuple[NoticeRow, ...]:
        """All that no other has replaced, oldest first."""
        return self._current(sa.true())

    def next_number(self, article: str) -> int:
        """The number of the next matter about `article`."""
        query = sa.select(sa.func.max(NOTICES.c.number)).where(NOTICES.c.article == article)
        with self._database.transaction() as db:
            return (db.scalar(query) or 0) + 1

    def add(self, rows: Sequence[NoticeRow], event: LedgerEvent) -> tuple[NoticeRow, ...]:
        """Note `rows`, with the `event` that says who wanted them. Returns them with their ids."""
        at = event_time()
        added = []
        with self._database.transaction() as db:
            for row in rows:
                values = {
                    "channel": row.channel,
                    "article": row.article,
                    "kind": row.notice.kind,
                    "number": row.notice.number,
                    "day": row.notice.day.isoformat(),
                    "notes": json.dumps(row.notice.notes, ensure_ascii=False),
                    "version": row.version,
                    "wrong": json.dumps(sorted(row.wrong)),
                    "at": at,
                    "current": True,
                }
                key = db.execute(NOTICES.insert().values(values)).inserted_primary_key
                assert key is not None
                added.append(_row({**values, "id": key[0]}))
                kept = VERSIONS.update().where(VERSIONS.c.digest == row.version)
                db.execute(kept.values(sent=True))
            note_event(db, event)
        return tuple(added)

    def drop(self, article: str) -> tuple[NoticeRow, ...]:
        """Let no notice about `article` leave that has not begun to. Returns those that were
        dropped."""
        dropped = []
        with self._database.transaction() as db:
            query = sa.select(NOTICES).where(NOTICES.c.article == article, NOTICES.c.current)
            for row in [_row(one) for one in db.execute(query.order_by(NOTICES.c.id)).mappings()]:
                here = (DISPATCHES.c.channel == row.channel) & (DISPATCHES.c.rendering == row.key)
                unfrozen = here & ~DISPATCHES.c.frozen
                db.execute(DISPATCHES.update().where(unfrozen).values(current=False))
                begun = sa.select(DISPATCHES.c.id).where(here, DISPATCHES.c.frozen).limit(1)
                if db.execute(begun).first():
                    continue
                db.execute(NOTICES.update().where(NOTICES.c.id == row.id).values(current=False))
                for table in (ARTIFACTS, RENDERINGS, REVIEWS, DRAFTS):
                    own = (table.c.channel == row.channel) & (table.c.rendering == row.key)
                    db.execute(sa.delete(table).where(own))
                dropped.append(row)
        return tuple(dropped)

    def end(self, key: str) -> None:
        """The notice with this `key` is told no more, since its posts are deleted."""
        with self._database.transaction() as db:
            here = NOTICES.c.id == int(key.removeprefix(_BEFORE))
            db.execute(NOTICES.update().where(here).values(current=False))

    def sent_versions(self, article: str) -> frozenset[str]:
        """The digests of all versions of `article` that are kept or went to people."""
        kept = sa.select(VERSIONS.c.digest).where(VERSIONS.c.article == article)
        sent = sa.select(CONTENTS.c.version).where(CONTENTS.c.article == article)
        with self._database.transaction() as db:
            return frozenset(db.scalars(sa.union(kept, sent)))

    def wrongly_sent(self, row: NoticeRow, editions: Iterable[FrozenEdition]) -> Mapping[int, str]:
        """The dispatches of the notice's channel with one of its wrong versions, each with the name
        of its courier.

        Args:
            editions: those of the channel. They say which versions dispatches have that are older
                than the table `contents`; mail of a single article is taken for wrong if it is
                older than the notice.
        """
        held = {
            str(one.number)
            for one in editions
            if any(id_ == row.article and digest in row.wrong for id_, digest in one.members)
        }
        here, known = DISPATCHES.c.channel == row.channel, CONTENTS.c.dispatch == DISPATCHES.c.id
        unlisted = ~sa.exists().where(known)
        listed = sa.exists().where(
            known, CONTENTS.c.article == row.article, CONTENTS.c.version.in_(list(row.wrong))
        )
        older = DISPATCHES.c.rendering == row.article
        if row.at:
            older &= DISPATCHES.c.at <= row.at
        unlisted &= older | DISPATCHES.c.rendering.in_(sorted(held))
        query = rows_of(DISPATCHES).where(here, listed | unlisted)
        with self._database.transaction() as db:
            return {found.id: found.courier for found in db.execute(query)}

    def told(self, row: NoticeRow, units: Collection[str]) -> frozenset[str]:
        """Those of `units` to whom another notice of the same matter goes, or went."""
        same = sa.select(NOTICES).where(
            NOTICES.c.article == row.article,
            NOTICES.c.number == row.notice.number,
            NOTICES.c.id != row.id,
        )
        found: set[str] = set()
        with self._database.transaction() as db:
            for other in db.execute(same).all():
                about = (DISPATCHES.c.channel == other.channel) & (
                    DISPATCHES.c.rendering == f"{_BEFORE}{other.id}"
                )
                ids = list(db.scalars(sa.select(DISPATCHES.c.id).where(about, DISPATCHES.c.frozen)))
                goes = (
                    DELIVERIES.c.dispatch.in_(ids),
                    DELIVERIES.c.unit.in_(list(units)),
                    DELIVERIES.c.state != State.FAILED,
                )
                found |= (
                    set(db.scalars(sa.select(DELIVERIES.c.unit).where(*goes))) if ids else set()
                )
        return frozenset(found)

    def _current(self, where: sa.ColumnElement[bool]) -> tuple[NoticeRow, ...]:
        query = sa.select(NOTICES).where(where, NOTICES.c.current).order_by(NOTICES.c.id)
        with self._database.transaction() as db:
            return tuple(map(_row, db.execute(query).mappings()))


def _row(values: Mapping[str, Any] | sa.RowMapping) -> NoticeRow:
    notes = tuple((day, text) for day, text in json.loads(values["notes"]))
    day = date.fromisoformat(values["day"])
    return NoticeRow(
        values["channel"],
        values["article"],
        Notice(values["kind"], values["number"], day, notes),
        values["version"],
        frozenset(json.loads(values["wrong"])),
        values["at"],
        values["id"],
    )
