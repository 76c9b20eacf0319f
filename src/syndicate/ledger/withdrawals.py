"""The withdrawals that somebody has asked for, with what is to become of the posts and files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import STOPPED, State
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.known_articles import mark_withdrawn
from syndicate.ledger.tables import DELIVERIES, DISPATCHES, UNDELIVERED, WITHDRAWALS


@dataclass(frozen=True)
class WithdrawalRow:
    """That `by` has withdrawn `article` for this `reason`; `note` is what readers are told of it.
    Its posts are to be deleted if `delete_posts`."""

    article: str
    by: str
    reason: str
    delete_posts: bool = False
    note: str = ""


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
            values["delete_posts"] = row.delete_posts or bool(before and before.delete_posts)
            same = before and values["delete_posts"] == before.delete_posts
            if before and same and values["note"] in ("", before.note):
                values |= {"announced": before.announced, "note": before.note}
            self._database.put(db, WITHDRAWALS, [values])
            note_event(db, event)

    def lift(self, article: str, now: str, event: LedgerEvent) -> bool:
        """Note that `article` is no longer withdrawn; False if it was not. What was stopped half
        way goes on as something new `now`, once somebody approves it."""
        with self._database.turn() as db:
            if not mark_withdrawn(db, article, None):
                return False
            db.execute(WITHDRAWALS.delete().where(WITHDRAWALS.c.article == article))
            mine = (DELIVERIES.c.dispatch == DISPATCHES.c.id) & UNDELIVERED
            stopped = (DELIVERIES.c.state == State.FAILED) & DELIVERIES.c.error.startswith(STOPPED)
            here = (DISPATCHES.c.rendering == article) & DISPATCHES.c.current
            again = DISPATCHES.update().where(here, sa.exists().where(mine, stopped))
            db.execute(again.values(at=now))
            note_event(db, event)
            return True

    def announced(self, articles: Collection[str]) -> frozenset[str]:
        """Those of `articles` (ids) of whose withdrawal people will be told what has been
        prepared."""
        here = WITHDRAWALS.c.article.in_(list(articles)) & WITHDRAWALS.c.announced
        with self._database.transaction() as db:
            return frozenset(db.scalars(sa.select(WITHDRAWALS.c.article).where(here)))

    def announce(self, article: str) -> None:
        """Note that what people are told of the withdrawal of `article` is prepared. If only its
        file withdraws it, nobody has asked for anything else."""
        row = {"by": "", "reason": "", "note": "", "delete_posts": False}
        insert = self._database.insert(WITHDRAWALS).values(article=article, announced=True, **row)
        with self._database.transaction() as db:
            db.execute(
                insert.on_conflict_do_update(
                    index_elements=[WITHDRAWALS.c.article], set_={"announced": True}
                )
            )

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
