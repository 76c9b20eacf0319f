"""The withdrawals that somebody has asked for, with what is to become of the posts and files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from itertools import islice
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.dispatch import STOPPED, State
from syndicate.ledger.dispatches import begin_again
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.known_articles import mark_withdrawn
from syndicate.ledger.stubs import stub_key
from syndicate.ledger.tables import (
    ARTIFACTS,
    COPIES,
    DELIVERIES,
    DISPATCHES,
    GONE_FILES,
    UNDELIVERED,
    WITHDRAWALS,
)


@dataclass(frozen=True)
class WithdrawalRow:
    """That `by` has withdrawn `article` for this `reason`; `note` is what readers are told of it.
    Its posts are to be deleted if `delete_posts`.

    Args:
        notice: whether a notice stands in the place of its pages.
        legal: whether its text is erased.
        page: the address of its page, and `language` its language; "" if they are not known.
    """

    article: str
    by: str
    reason: str
    delete_posts: bool = False
    note: str = ""
    notice: bool = False
    legal: bool = False
    page: str = ""
    language: str = ""


@dataclass(frozen=True)
class GoneFile:
    """A file of its own that a withdrawn article had in `channel`. `media_type` is "" if that is
    not known."""

    channel: str
    artifact: str
    courier: str
    media_type: str


_ASKED = tuple(field.name for field in fields(WithdrawalRow))


class Withdrawals:
    """The withdrawals in a ledger. Every method raises LedgerError if the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, row: WithdrawalRow, since: str, event: LedgerEvent) -> None:
        """Note that an article is withdrawn `since` a time (RFC 3339), with the `event` that says
        who did it. If it is withdrawn already, what is asked for now is added to what was."""
        with self._database.turn() as db:
            mark_withdrawn(db, row.article, since)
            here = WITHDRAWALS.c.article == row.article
            before = db.execute(sa.select(WITHDRAWALS).where(here)).first()
            values: dict[str, Any] = {**asdict(row), "announced": False}
            if before:
                for name in ("delete_posts", "notice", "legal"):
                    values[name] = values[name] or getattr(before, name)
                for name in ("page", "language"):
                    values[name] = values[name] or getattr(before, name)
            same = before and values["delete_posts"] == before.delete_posts
            if before and same and values["note"] in ("", before.note):
                values |= {"announced": before.announced, "note": before.note}
            self._database.put(db, WITHDRAWALS, [values])
            self._note_files(db, row.article)
            note_event(db, event)

    def _note_files(self, db: sa.Connection, article: str) -> None:
        """Note which files `article` has, or is just getting, in addition to those that it had."""
        own = (ARTIFACTS.c.channel == COPIES.c.channel) & (
            ARTIFACTS.c.rendering == COPIES.c.rendering
        )
        kind = sa.func.coalesce(ARTIFACTS.c.media_type, "")
        columns = (COPIES.c.channel, COPIES.c.artifact, COPIES.c.courier, kind)
        found = sa.select(*columns).where(COPIES.c.rendering == article)
        found = found.select_from(
            COPIES.outerjoin(ARTIFACTS, own & (ARTIFACTS.c.name == COPIES.c.artifact))
        )
        for channel, artifact, courier, media_type in db.execute(found.distinct()).all():
            values = {"article": article, "channel": channel, "artifact": artifact}
            values |= {"courier": courier, "media_type": media_type}
            row = self._database.insert(GONE_FILES).values(**values)
            db.execute(row.on_conflict_do_nothing())

    def files(self, articles: Collection[str]) -> dict[str, tuple[GoneFile, ...]]:
        """The files that `articles` had of their own when they were withdrawn, by article."""
        found: dict[str, list[GoneFile]] = {}
        order = (GONE_FILES.c.article, GONE_FILES.c.channel, GONE_FILES.c.artifact)
        with self._database.transaction() as db:
            rest = iter(articles)
            while some := list(islice(rest, PAGE)):
                query = sa.select(GONE_FILES).where(GONE_FILES.c.article.in_(some)).order_by(*order)
                for one in db.execute(query):
                    file = GoneFile(one.channel, one.artifact, one.courier, one.media_type)
                    found.setdefault(one.article, []).append(file)
        return {article: tuple(files) for article, files in found.items()}

    def lift(
        self,
        article: str,
        now: str,
        event: LedgerEvent,
        again: Collection[tuple[str, str]] = (),
    ) -> bool:
        """Note that `article` is no longer withdrawn; False if it was not. What was stopped half
        way goes on as something new `now`, once somebody approves it.

        Args:
            again: the renderings (channel, key) that were stopped before they left, and begin
                again.
        """
        with self._database.turn() as db:
            if not mark_withdrawn(db, article, None):
                return False
            db.execute(WITHDRAWALS.delete().where(WITHDRAWALS.c.article == article))
            db.execute(GONE_FILES.delete().where(GONE_FILES.c.article == article))
            # What has not begun to stand for it never does.
            unbegun = (DISPATCHES.c.rendering == stub_key(article)) & ~DISPATCHES.c.frozen
            db.execute(DISPATCHES.update().where(unbegun).values(current=False))
            mine = (DELIVERIES.c.dispatch == DISPATCHES.c.id) & UNDELIVERED
            stopped = (DELIVERIES.c.state == State.FAILED) & DELIVERIES.c.error.startswith(STOPPED)
            here = (DISPATCHES.c.rendering == article) & DISPATCHES.c.current
            stopped_half_way = DISPATCHES.update().where(here, sa.exists().where(mine, stopped))
            db.execute(stopped_half_way.values(at=now))
            begin_again(db, again)
            note_event(db, event)
            return True

    def announced(self, articles: Collection[str]) -> frozenset[str]:
        """Those of `articles` (ids) of whose withdrawal people will be told what has been
        prepared."""
        here = WITHDRAWALS.c.article.in_(list(articles)) & WITHDRAWALS.c.announced
        with self._database.transaction() as db:
            return frozenset(db.scalars(sa.select(WITHDRAWALS.c.article).where(here)))

    def announce(self, article: str, page: str = "", language: str = "") -> None:
        """Note that what people are told of the withdrawal of `article` is prepared. If only its
        file withdraws it, nobody has asked for anything else; `page` and `language` are as in
        `WithdrawalRow`."""
        row = WithdrawalRow(article, "", "", page=page, language=language)
        insert = self._database.insert(WITHDRAWALS).values(announced=True, **asdict(row))
        with self._database.transaction() as db:
            db.execute(
                insert.on_conflict_do_update(
                    index_elements=[WITHDRAWALS.c.article], set_={"announced": True}
                )
            )
            self._note_files(db, article)

    def of(self, articles: Collection[str]) -> dict[str, WithdrawalRow]:
        """Those of `articles`, by id. An article that only its file withdraws has none."""
        query = sa.select(WITHDRAWALS).where(WITHDRAWALS.c.article.in_(list(articles)))
        return {one.article: one for one in self._found(query)} if articles else {}

    def all(self) -> dict[str, WithdrawalRow]:
        """All of them, by the id of the article."""
        return {one.article: one for one in self._found(sa.select(WITHDRAWALS))}

    def _found(self, query: sa.Select[Any]) -> list[WithdrawalRow]:
        with self._database.transaction() as db:
            rows = db.execute(query).mappings().all()
        return [WithdrawalRow(**{name: row[name] for name in _ASKED}) for row in rows]
