"""Stores what is needed until the end of a source, in memory that does not grow with the source."""

from __future__ import annotations

import json
import sqlite3
from types import TracebackType


class SpillStore:
    """Strings by name, in a temporary SQLite database without a name. It is in a small cache, moves
    to disk when it outgrows the cache, and is deleted when it is closed
    (https://www.sqlite.org/inmemorydb.html, "Temporary Databases")."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE spilled (name BLOB PRIMARY KEY, kept TEXT) WITHOUT ROWID")
        self._count = 0

    def __enter__(self) -> SpillStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.close()

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __len__(self) -> int:
        return self._count

    def get(self, name: str) -> tuple[str, ...] | None:
        """What was last stored under `name`; None if nothing was."""
        row = self._rows.execute(
            "SELECT kept FROM spilled WHERE name = ?", (_key(name),)
        ).fetchone()
        return tuple(json.loads(row[0])) if row else None

    def put(self, name: str, *kept: str) -> None:
        """Store `kept` under `name`, replacing what was there."""
        self._count += name not in self
        self._rows.execute(
            "INSERT OR REPLACE INTO spilled VALUES (?, ?)", (_key(name), json.dumps(kept))
        )


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
