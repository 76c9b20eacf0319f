"""The heads of drafts: which bytes of each draft count, whichever machine people edit it on."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.events import event_time
from syndicate.ledger.tables import DRAFTS, Within, everything, rows_of

DraftKey = tuple[str, str, str]
"""A channel, the key of a rendering, and the name of one of its drafts."""


class DraftHeads:
    """The heads of drafts in a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, within: Within = everything) -> Mapping[DraftKey, str]:
        """The digest of each draft, as it was placed, edited or approved last."""
        with self._database.transaction() as db:
            rows = db.execute(rows_of(DRAFTS).where(within(DRAFTS))).all()
        return {(row.channel, row.rendering, row.name): row.head for row in rows}

    def of(self, key: DraftKey) -> str | None:
        """The digest of one draft; None if it was never placed."""
        with self._database.transaction() as db:
            return db.scalar(sa.select(DRAFTS.c.head).where(*_is(key)))

    def move(self, key: DraftKey, expected: str | None, head: str) -> bool:
        """Make `head` the head of a draft, if that is `expected` until now. False if another
        process was faster, and has made it something else: then nothing has changed."""
        values = {"head": head, "at": event_time()}
        with self._database.transaction() as db:
            if expected is None:
                names = ("channel", "rendering", "name")
                made = self._database.insert(DRAFTS).values(
                    **dict(zip(names, key, strict=True)), **values
                )
                if db.execute(made.on_conflict_do_nothing()).rowcount:
                    return True
            mine = DRAFTS.update().where(*_is(key), DRAFTS.c.head.in_([expected or head, head]))
            return bool(db.execute(mine.values(values)).rowcount)


def _is(key: DraftKey) -> tuple[sa.ColumnElement[bool], ...]:
    channel, rendering, name = key
    return (
        DRAFTS.c.channel == channel,
        DRAFTS.c.rendering == rendering,
        DRAFTS.c.name == name,
    )
