"""Facts about a ledger and its newsroom, such as when its store was looked through."""

from __future__ import annotations

import time

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.tables import ABOUT


class Facts:
    """The facts in a ledger, by their names. Every method raises LedgerError if the database gives
    up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """One fact, None if it is not known."""
        with self._database.transaction() as db:
            return db.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.key == name))

    def put(self, name: str, value: str) -> None:
        """Remember a fact."""
        with self._database.transaction() as db:
            self._database.put(db, ABOUT, [{"key": name, "value": value}])

    def take_turn(self, name: str, since: float) -> bool:
        """Whether no machine has called this for `name` since then (seconds since 1970)."""
        key, value = ABOUT.c.key == name, {"value": str(time.time())}
        with self._database.transaction() as db:
            last = db.scalar(sa.select(ABOUT.c.value).where(key))
            if last is None:
                row = self._database.insert(ABOUT).values(key=name, **value)
                return bool(db.execute(row.on_conflict_do_nothing()).rowcount)
            if float(last) > since:
                return False
            mine = ABOUT.update().where(key, ABOUT.c.value == last).values(value)
            return bool(db.execute(mine).rowcount)
