"""The one statement by which deliveries change their state."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import STOPPED, Change, State
from syndicate.ledger.tables import DELIVERIES

HAS_ARRIVED = (DELIVERIES.c.state == State.DELIVERED) | (
    (DELIVERIES.c.state == State.FAILED)
    & DELIVERIES.c.remote_id.is_not(None)
    & DELIVERIES.c.error.startswith(STOPPED)
)
"""Of what was delivered, also if it was taken back later, as a post can be."""
_NEW = ("state", "attempts", "at", "remote_id", "url", "error")
_CHANGE = (
    sa.update(DELIVERIES)
    .where(
        DELIVERIES.c.dispatch == sa.bindparam("its_dispatch"),
        DELIVERIES.c.unit == sa.bindparam("its_unit"),
        DELIVERIES.c.state == sa.bindparam("was"),
    )
    .values({name: sa.bindparam(name) for name in _NEW})
)


def changed(database: Database, db: sa.Connection, changes: Sequence[Change]) -> int:
    """Within a transaction: carry out `changes`, in this order. Returns how many deliveries were
    in the state that they had to be in; only these have changed."""
    statement, order = _compiled(database.dialect)
    values: list[Any] = [
        {
            "its_dispatch": one.row.dispatch,
            "its_unit": one.row.unit,
            "was": one.was.value,
            "state": one.row.state.value,
            "attempts": one.row.attempts,
            "at": one.row.at,
            "remote_id": one.row.remote_id,
            "url": one.row.url,
            "error": one.row.error,
        }
        for one in changes
    ]
    if order:
        values = [tuple(value[name] for name in order) for value in values]
    return db.exec_driver_sql(statement, values).rowcount if values else 0


@lru_cache(4)
def _compiled(dialect: sa.Dialect) -> tuple[str, Sequence[str] | None]:
    """Compiled once: two of these go to disk for every mail that goes out."""
    compiled = _CHANGE.compile(dialect=dialect)
    return str(compiled), compiled.positiontup
