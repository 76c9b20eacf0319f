"""The tables of what was read from `content/`: an SQLite file, and its errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from syndicate.errors import Location, SourceError
from syndicate.private import file_mode

Done = TypeVar("Done")
PATIENCE = 60
"""Seconds that a write waits for another process's."""
_TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE files (
    name TEXT PRIMARY KEY, marks TEXT NOT NULL, at INTEGER NOT NULL, unsure INTEGER NOT NULL,
    digest TEXT NOT NULL, date_order INTEGER NOT NULL, crash TEXT
) WITHOUT ROWID;

CREATE INDEX files_unsure ON files (name) WHERE unsure;

CREATE INDEX files_by_order ON files (date_order);

CREATE TABLE articles (
    source TEXT PRIMARY KEY, file TEXT NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,
    slug TEXT NOT NULL, address TEXT NOT NULL, raw TEXT NOT NULL, digest TEXT NOT NULL,
    pictures TEXT NOT NULL, state TEXT NOT NULL, settled INTEGER NOT NULL,
    adopted INTEGER NOT NULL, learnt INTEGER NOT NULL, shared INTEGER NOT NULL, twin TEXT,
    status TEXT NOT NULL, published INTEGER NOT NULL, updated INTEGER NOT NULL,
    embargoed INTEGER, expires INTEGER, modified TEXT NOT NULL, given TEXT NOT NULL,
    notes TEXT NOT NULL, lines TEXT NOT NULL, known TEXT NOT NULL, summary TEXT NOT NULL,
    kept TEXT NOT NULL, pictured INTEGER NOT NULL, wanted TEXT
);

CREATE INDEX articles_in_order ON articles (file, place);

-- What is asked about all articles is in this index: the rows themselves would take far longer.
CREATE INDEX articles_by_id ON articles (
    id, twin, state, digest, status, published, embargoed, expires
);

CREATE INDEX articles_by_slug ON articles (slug);

CREATE INDEX articles_by_address ON articles (address);

CREATE INDEX articles_by_time ON articles (published DESC, slug);

CREATE INDEX articles_by_change ON articles (updated DESC, file, place);

CREATE INDEX articles_embargoed ON articles (embargoed) WHERE embargoed IS NOT NULL;

CREATE INDEX articles_expiring ON articles (expires) WHERE expires IS NOT NULL;

CREATE INDEX articles_gone ON articles (published DESC, slug)
    WHERE status != 'usable' OR expires IS NOT NULL;

CREATE INDEX articles_unsettled ON articles (file, place) WHERE NOT settled;

CREATE INDEX articles_learnt ON articles (file, place) WHERE learnt;

CREATE INDEX articles_unshared ON articles (file, place) WHERE NOT shared;

CREATE INDEX articles_twin ON articles (file, place) WHERE twin IS NOT NULL;

-- Those that would have the slug of another article.
CREATE INDEX articles_wanted ON articles (file, place) WHERE wanted IS NOT NULL;

CREATE INDEX articles_kept ON articles (file, place) WHERE kept != '';

CREATE INDEX articles_unpictured ON articles (file, place) WHERE NOT pictured;

-- Articles whose row is gone, until it is known what became of them: `lost` describes one that was
-- published and of which not even the text is left.
CREATE TABLE missing (id TEXT PRIMARY KEY, lost TEXT) WITHOUT ROWID;

CREATE TABLE pictures (
    src TEXT PRIMARY KEY, mark TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE pictures_of (
    source TEXT NOT NULL, src TEXT NOT NULL, PRIMARY KEY (src, source)
) WITHOUT ROWID;

-- `rests` if the rendering was found delivered, and made from exactly these inputs.
CREATE TABLE inputs (
    channel TEXT NOT NULL, id TEXT NOT NULL, shape TEXT NOT NULL, state TEXT NOT NULL,
    inputs TEXT NOT NULL, rests INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (channel, id)
) WITHOUT ROWID;
"""


class _Tables(sqlite3.Connection):
    """The tables in `file`. What the disk does not take is reported in words (SourceError)."""

    file: Path | None = None

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """See `sqlite3.Connection`."""
        return self._told(super().execute, given)

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """See `sqlite3.Connection`."""
        return self._told(super().executemany, given)

    def commit(self) -> None:
        """See `sqlite3.Connection`."""
        self._told(super().commit, ())

    def _told(self, work: Callable[..., Done], given: Iterable[Any]) -> Done:
        try:
            return work(*given)
        except sqlite3.OperationalError as error:
            if self.file is None:  # it is being opened
                raise
            raise unusable(error, self.file) from error


def unusable(error: sqlite3.OperationalError, file: Path) -> SourceError:
    """The error for tables in `file` that the system does not let this process use."""
    hint = "free some space there" if error.sqlite_errorname == "SQLITE_FULL" else "check the disk"
    return SourceError(
        f"cannot be used: {error}",
        where=Location(str(file)),
        hint=f"{hint}, then run the command again; nothing is lost",
    )


def opened(file: Path, stamp: str) -> sqlite3.Connection:
    """The tables in `file`; new ones if they have another `stamp`.

    Raises:
        sqlite3.Error: they cannot be opened.
    """
    if not file.exists():
        file.touch(file_mode())  # SQLite would not let a group write; -wal and -shm get this mode
    tables = sqlite3.connect(file, PATIENCE, check_same_thread=False, factory=_Tables)
    try:
        with suppress(sqlite3.OperationalError):  # another process is just switching to it
            tables.execute("PRAGMA journal_mode=WAL")
        tables.execute("PRAGMA synchronous=NORMAL")
        tables.execute("PRAGMA secure_delete=ON")  # a text that is erased is gone from the file
        if _stamp_of(tables) != stamp:
            tables.execute("BEGIN IMMEDIATE")
            if _stamp_of(tables) != stamp:
                names = tables.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (name,) in names.fetchall():
                    tables.execute(f"DROP TABLE {name}")
                for statement in _TABLES.split(";\n\n"):
                    tables.execute(statement)
                tables.execute("INSERT INTO about VALUES ('stamp', ?)", (stamp,))
            tables.commit()
    except BaseException:
        tables.close()
        raise
    tables.file = file
    return tables


def _stamp_of(tables: sqlite3.Connection) -> str:
    try:
        row = tables.execute("SELECT value FROM about WHERE key = 'stamp'").fetchone()
    except sqlite3.OperationalError:  # there are no tables yet
        return ""
    return str(row[0]) if row else ""
