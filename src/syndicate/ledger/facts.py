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

    def beginning(self, prefix: str) -> dict[str, str]:
        """The facts whose names begin with `prefix`, by the rest of their names."""
        here = ABOUT.c.key.startswith(prefix, autoescape=True)
        with self._database.transaction() as db:
            rows = db.execute(sa.select(ABOUT).where(here))
            return {row.key.removeprefix(prefix): row.value for row in rows}

    def put(self, name: str, value: str) -> None:
        """Remember a fact."""
        with self._database.transaction() as db:
            self._database.put(db, ABOUT, [{"key": name, "value": value}])

    def change(self, name: str, expected: str | None, value: str) -> bool:
        """Remember a fact in place of the `expected` one, None if there was none. False if another
        process was faster: then nothing has changed."""
        with self._database.transaction() as db:
            if expected is None:
                row = self._database.insert(ABOUT).values(key=name, value=value)
                return bool(db.execute(row.on_conflict_do_nothing()).rowcount)
            mine = ABOUT.update().where(ABOUT.c.key == name, ABOUT.c.value == expected)
            return bool(db.execute(mine.values(value=value)).rowcount)

    def take_turn(self, name: str, since: float) -> bool:
        """Whether no machine has called this for `name` since then (seconds since 1970)."""
        last, now = self.get(name), str(time.time())
        return (last is None or float(last) <= since) and self.change(name, last, now)
