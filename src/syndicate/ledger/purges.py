"""What caches in front of a destination still have to be told."""

from __future__ import annotations

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.tables import PURGES


class Purges:
    """What was replaced or removed, and may still be in a cache. Every method raises LedgerError if
    the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, channel: str, courier: str) -> tuple[str, ...]:
        """The names of the artifacts of `channel` that the cache of `courier` has to be told of."""
        here = (PURGES.c.channel == channel) & (PURGES.c.courier == courier)
        query = sa.select(PURGES.c.artifact).where(here).order_by(PURGES.c.artifact)
        with self._database.transaction() as db:
            return tuple(db.scalars(query))

    def done(self, channel: str, courier: str, artifact: str) -> None:
        """The cache was told."""
        with self._database.transaction() as db:
            here = (PURGES.c.channel == channel) & (PURGES.c.courier == courier)
            db.execute(PURGES.delete().where(here, PURGES.c.artifact == artifact))


def note_purge(
    database: Database, db: sa.Connection, channel: str, courier: str, artifact: str
) -> None:
    """Within a transaction: a cache has to be told that `artifact` is about to change, or has."""
    row = database.insert(PURGES).values(channel=channel, courier=courier, artifact=artifact)
    db.execute(row.on_conflict_do_nothing())
