"""One database of a newsroom: SQLite beside it, or PostgreSQL for many machines.

SQLite runs in WAL mode with full syncs, so what a transaction has written survives a `kill -9` and
a power cut. It has one writer: `transaction` lets one thread in at a time. PostgreSQL gives each
thread a connection of its own. `reading` never waits for a writer, in either.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from syndicate.errors import LedgerError, LockedError
from syndicate.ledger.database_errors import explain

SCHEMA = sa.MetaData()
PAGE = 1000
"""How many rows are read or written at once, however many there are."""
# Text that sorts by its bytes in every database, whatever the locale of the server.
Bytewise = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_PATIENCE = 5  # seconds that a write waits for another process's
_UPGRADE_PATIENCE = 60  # seconds to wait while another process upgrades the ledger
# This project's numbers among PostgreSQL's advisory locks.
OLD_RUN_LOCK = 7_309_940_822_119
"""A run of a release without leases holds this for as long as it works."""
_UPGRADE_LOCK = OLD_RUN_LOCK + 1
_TURN_LOCK = OLD_RUN_LOCK + 2


class Database:
    """An open database. `path` is SQLite's file; None in memory or on a server.

    Every method raises LedgerError if the database gives up.
    """

    def __init__(self, url: str) -> None:
        self._alone = threading.RLock()
        options: dict[str, Any] = {"pool_pre_ping": True}
        if url.startswith("sqlite"):
            options = {"connect_args": {"timeout": _PATIENCE, "check_same_thread": False}}
        elif url.startswith("postgresql+psycopg"):
            # A pooler may give each transaction another session, which knows no prepared statement.
            options["connect_args"] = {"prepare_threshold": None}
        try:
            self._engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, **options)
        except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
            raise LedgerError(f"'ledger' cannot be used: {error}") from error
        sa.event.listen(self._engine, "handle_error", explain)
        self.dialect = self._engine.dialect
        self.is_sqlite = self.dialect.name == "sqlite"
        self.path = file_of(self._engine.url) if self.is_sqlite else None
        if self.is_sqlite:
            sa.event.listen(self._engine, "connect", _sqlite_pragmas)
        with _told():
            self._connection = self._engine.connect()  # SQLite's writer
            if not self.is_sqlite:
                self._connection.close()  # it has shown that the server can be reached

    def close(self) -> None:
        """Let go of the database and of what it holds."""
        self._connection.close()
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """All or nothing, on disk when it ends; on SQLite other threads wait."""
        if self.is_sqlite:
            with self._alone, _told(), self._connection.begin():
                yield self._connection
        else:
            with _told(), self._engine.begin() as db:
                yield db

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """The database as it is now, however long the block lasts and whatever others write."""
        if self.is_sqlite and self.path is None:  # a database in memory has one connection
            with self.transaction() as db:
                yield db
            return
        level = "" if self.is_sqlite else "REPEATABLE READ"
        options = {"isolation_level": level} if level else {}
        with _told(), self._engine.connect().execution_options(**options) as db, db.begin():
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN")
            yield db

    @contextmanager
    def alone(self) -> Iterator[sa.Connection]:
        """A transaction under a lock that only one process can hold. On SQLite it also keeps every
        other process from writing.

        Raises:
            LockedError: another process has held the lock for a minute.
        """
        with self.transaction() as db:
            try:
                if self.is_sqlite:
                    db.exec_driver_sql(f"PRAGMA busy_timeout={_UPGRADE_PATIENCE * 1000}")
                    db.exec_driver_sql("BEGIN IMMEDIATE")
                    db.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE * 1000}")
                else:
                    db.exec_driver_sql(f"SET LOCAL lock_timeout = '{_UPGRADE_PATIENCE}s'")
                    db.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            except sa.exc.OperationalError as error:
                if "lock" not in str(error.orig):
                    raise
                raise LockedError(
                    "another process is upgrading this ledger",
                    hint="wait until it has finished, then run the command again",
                ) from error
            yield db

    @contextmanager
    def turn(self) -> Iterator[sa.Connection]:
        """A transaction for which all processes take turns: what it reads stays true until it
        ends."""
        with self.transaction() as db:
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                db.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
                db.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN_LOCK)))
            yield db

    def compact(self) -> bool:
        """Write SQLite's file anew, so that nothing is left in it of what was deleted or replaced.
        False if another process is using it: then it stays as it is. PostgreSQL does this itself,
        sooner or later."""
        if self.path is None:
            return True
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as alone:
                alone.execute("PRAGMA secure_delete=ON")
                alone.execute("VACUUM")
                (is_busy, _, _) = alone.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return False
            raise LedgerError(f"{self.path}: it cannot be written anew: {error}") from error
        return not is_busy

    def put(self, db: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """Insert `rows`, replacing those with the same primary key."""
        if rows:
            statement = self.insert(table)
            keys = [column.name for column in table.primary_key]
            rest = [column.key for column in table.columns if column.name not in keys]
            values: Mapping[str, Any] = {name: statement.excluded[name] for name in rest}
            db.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), rows)

    def add_many(self, db: sa.Connection, insert: sa.Insert, rows: list[dict[str, Any]]) -> None:
        """Insert `rows`, which all have the same keys and values that the driver knows: a million
        of them take half of the time in which SQLAlchemy would look at each one."""
        compiled = insert.compile(dialect=self.dialect, column_keys=list(rows[0]))
        order = compiled.positiontup
        values: list[Any] = [tuple(map(row.__getitem__, order)) for row in rows] if order else rows
        db.exec_driver_sql(str(compiled), values)

    def insert(self, table: sa.Table) -> Any:
        """An INSERT that knows ON CONFLICT."""
        if self.is_sqlite:
            return sqlite_insert(table)
        from sqlalchemy.dialects.postgresql import insert

        return insert(table)

    def stream(self, query: sa.Select[Any], *key: sa.ColumnClause[Any]) -> Iterator[sa.Row[Any]]:
        """The rows of `query` in the order of `key`, which tells them apart, a page at a time: no
        transaction stays open in between."""
        query = query.order_by(*key)
        wheres: Sequence[sa.ColumnElement[bool]] = (sa.true(),)
        while wheres:
            page: list[sa.Row[Any]] = []
            with self.transaction() as db:
                for where in wheres:
                    page += db.execute(query.where(where).limit(PAGE - len(page)))
                    if len(page) == PAGE:
                        break
            yield from page
            wheres = _after(key, page[-1]) if len(page) == PAGE else ()


def _after(key: Sequence[sa.ColumnClause[Any]], last: sa.Row[Any]) -> list[sa.ColumnElement[bool]]:
    """Conditions that together hold for all rows after `last` in the order of `key`, those of the
    nearest rows first. SQLite finds the rows of each in the index; given `key > last` as one
    comparison of tuples, it reads all rows whose first column is the same."""
    values = [getattr(last, column.key) for column in key]
    same = [column == value for column, value in zip(key, values, strict=True)]
    return [sa.and_(*same[:n], key[n] > values[n]) for n in reversed(range(len(key)))]


def file_of(url: sa.URL) -> Path | None:
    """The file of an SQLite database; None if it is in memory or given as an SQLite URI."""
    name = url.database or ""
    plain = name and not name.startswith((":memory:", "file:"))
    return Path(name) if plain and url.get_backend_name() == "sqlite" else None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        if str(cause) == "database is locked":
            raise LedgerError(
                f"the ledger is locked: another program has been writing in it for {_PATIENCE} s",
                hint="run the command again; if it stays locked, look for a program that has it"
                " open, such as a database browser",
            ) from error
        raise LedgerError(
            f"the ledger gave up: {str(cause).strip()}", hint="check with: syndicate doctor"
        ) from error


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    _to_wal(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is gone from the file, too
    cursor.close()


def _to_wal(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL. If two processes do this at once, SQLite does not wait: it says "locked"."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.01)
