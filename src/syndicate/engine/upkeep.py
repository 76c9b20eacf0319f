"""What operators ask of a ledger: how it is, and a backup of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from syndicate.errors import LedgerError, UsageError
from syndicate.ledger.backups import all_backups, copy
from syndicate.ledger.database import Database
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import ledger_file, ledger_of, open_ledger
from syndicate.ledger.migrations import VERSION, about, missing, refuse_newer, version_of
from syndicate.ledger.owner import see_owner
from syndicate.ledger.tables import ARTICLES, DOUBTS
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class LedgerState:
    """A ledger as it is: `size` in bytes, `program` the release that last upgraded it, `doubtful`
    the number of articles of which anything may have been sent since it was restored."""

    version: int
    program: str
    newsroom: str
    title: str
    size: int
    articles: int
    events: int
    doubtful: int
    backups: tuple[str, ...]


def look_at(newsroom: Newsroom) -> LedgerState:
    """The state of the newsroom's ledger.

    Raises:
        LedgerError: it cannot be opened, or it is another newsroom's.
    """
    with ledger_of(newsroom) as ledger:
        database = ledger.database
        with database.transaction() as db:
            said = about(db)
            articles, doubtful = (
                db.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in (ARTICLES, DOUBTS)
            )
            if database.is_sqlite:
                pages, size = (
                    db.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                    for name in ("page_count", "page_size")
                )
                size *= pages
            else:
                size = db.scalar(sa.func.pg_database_size(sa.func.current_database())) or 0
        file = ledger_file(newsroom.ledger, newsroom.root)
        backups = all_backups(file) if file else []
        return LedgerState(
            int(said["version"]),
            said.get("program", ""),
            said["newsroom"],
            said.get("title", ""),
            size,
            articles,
            ledger.events.count(),
            doubtful,
            tuple(one.name for one in backups),
        )


def examine_ledger(newsroom: Newsroom) -> str:
    """What is to be said of a ledger that is well; nothing is changed.

    Raises:
        LedgerError: it is empty, lacks tables or columns, is newer than this program can use, or
            is another newsroom's; the hint says how to go on.
    """
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file and not file.exists():
        return "will be made by the first run"
    if file and file.stat().st_size == 0:
        open_ledger(newsroom.ledger, newsroom.root)  # says so
    with closing(Database(f"sqlite:///{file}" if file else newsroom.ledger)) as database:
        with database.transaction() as db:
            said, version = about(db), version_of(db)
            refuse_newer(said)
            lacking = list(missing(db, min(version, VERSION))) if version else []
            number = 0 if lacking or not version else _count(db)
        if not version:
            return "will be made by the first run"
        if lacking:
            raise LedgerError(
                f"the ledger lacks {', '.join(lacking)}",
                hint="put back a backup: syndicate ledger restore FILE"
                + _newest_backup(file, newsroom.root),
            )
        if "newsroom" in said:
            see_owner(said, newsroom)
    told = f"version {version}, {number} articles"
    if version < VERSION:
        told += f"; the next command upgrades it to version {VERSION}"
    return told


def back_up(newsroom: Newsroom, target: Path | None, by: str) -> Path:
    """Back up the newsroom's ledger to `target`, or to a file beside it named after the time.

    Raises:
        UsageError: the ledger is on a server, or `target` exists.
        LedgerError: the backup cannot be written.
    """
    file = file_of_ledger(newsroom, "back it up with: pg_dump")
    with ledger_of(newsroom) as ledger:
        target = target or file.with_name(f"{file.name}.{moment()}.backup")
        if target.exists():
            raise UsageError(f"{target} exists already", hint="name another file")
        copy(file, target)
        ledger.events.add(LedgerEvent("backed up", by, name=target.name))
    return target


def file_of_ledger(newsroom: Newsroom, instead: str) -> Path:
    """The file of the newsroom's ledger.

    Raises:
        UsageError: it is on a server; the hint says what to do `instead`.
    """
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file is None:
        raise UsageError("the ledger is on a server", hint=instead)
    return file


def _newest_backup(file: Path | None, root: Path) -> str:
    found = all_backups(file) if file else []
    if not found:
        return ""
    newest = found[-1]
    shown = newest.relative_to(root) if newest.is_relative_to(root) else newest
    return f"; the newest is {shown}"


def _count(db: sa.Connection) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(ARTICLES)) or 0


def moment() -> str:
    """The present moment as part of a file's name."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
