"""The state of the newsroom's ledger, its diagnosis, and backups."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from syndicate.errors import LedgerError, UsageError
from syndicate.ledger.backups import (
    all_backups,
    copy_ledger,
    how_to_restore,
    version_of_backup,
)
from syndicate.ledger.database import Database
from syndicate.ledger.database_errors import is_there
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import ledger_file, ledger_of, open_ledger
from syndicate.ledger.migrations import (
    VERSION,
    about_ledger,
    check_room_for_upgrade,
    missing_columns,
    refuse_damaged,
    refuse_empty,
    refuse_marked,
    refuse_newer_ledger,
    version_of,
)
from syndicate.ledger.owner import check_owner, has_had_ledger, refuse_lost_ledger
from syndicate.ledger.tables import ARTICLES, DOUBTS
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers.link_secret import LinkSecret


@dataclass(frozen=True)
class LedgerState:
    """What `syndicate ledger` shows.

    Args:
        program: the release that created or last upgraded it.
        size: in bytes.
        doubtful: how many articles are in doubt after a restore (see restore.py).
        backups: names of files next to it, oldest first.
    """

    version: int
    program: str
    newsroom: str
    title: str
    size: int
    articles: int
    events: int
    doubtful: int
    backups: tuple[str, ...]


def state_of_ledger(newsroom: Newsroom) -> LedgerState:
    """The state of the newsroom's ledger.

    Raises:
        LedgerError: it cannot be opened, or it belongs to another newsroom.
    """
    with ledger_of(newsroom) as ledger:
        database = ledger.database
        with database.transaction() as db:
            said = about_ledger(db)
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
    """Check the ledger and describe it in a few words. Nothing is changed.

    Raises:
        LedgerError: it is empty, a table or column is missing, it is too new for this program, or
            it belongs to another newsroom; the hint says how to go on.
    """
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file and not is_there(file):
        refuse_lost_ledger(newsroom, file)
        return "the first run creates it"
    if file and file.stat().st_size == 0:
        open_ledger(newsroom.ledger, newsroom.root)  # raises the error
    with closing(Database(f"sqlite:///{file}" if file else newsroom.ledger)) as database:
        with database.transaction() as db:
            refuse_marked(db, file)
            if file or has_had_ledger(newsroom):
                refuse_empty(db, file)
            said, version = about_ledger(db), version_of(db)
            refuse_newer_ledger(said)
            if file:
                refuse_damaged(db, file)
            lost = list(missing_columns(db, min(version, VERSION))) if version else []
            number = 0 if lost or not version else _count(db)
        if not version:
            return "the first run creates it"
        if lost:
            raise LedgerError(
                f"missing from the ledger: {', '.join(lost)}", hint=how_to_restore(file)
            )
        if "newsroom" in said:
            check_owner(said, newsroom)
    told = f"version {version}, {number:,} article{'' if number == 1 else 's'}"
    if version < VERSION:
        if file:
            check_room_for_upgrade(file, version)
        told += f"; the next command upgrades it to version {VERSION}"
    return told


def examine_secret(newsroom: Newsroom) -> None:
    """Check that this machine has the secret that signs unsubscribe links. Nothing is changed.

    Raises:
        CredentialsError: it has another one.
        LedgerError: the ledger cannot be read.
    """
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file and (not file.exists() or file.stat().st_size == 0):
        return
    with closing(Database(f"sqlite:///{file}" if file else newsroom.ledger)) as database:
        with database.transaction() as db:
            version = version_of(db)
        if version:
            LinkSecret(database, newsroom.state).check()


@dataclass(frozen=True)
class LedgerBackup:
    """A backup next to the ledger. `version` is that of its tables; None if it cannot be read."""

    file: Path
    made: datetime
    version: int | None


def list_backups(newsroom: Newsroom) -> tuple[LedgerBackup, ...]:
    """The backups next to the newsroom's ledger, oldest first; none if it is on a server."""
    file = ledger_file(newsroom.ledger, newsroom.root)
    return tuple(
        LedgerBackup(one, datetime.fromtimestamp(one.stat().st_mtime, UTC), version_of_backup(one))
        for one in (all_backups(file) if file and file.parent.is_dir() else ())
    )


def back_up(newsroom: Newsroom, target: Path | None, by: str) -> Path:
    """Back up the newsroom's ledger to `target`; default: a file next to it, named by the time.

    Raises:
        UsageError: the ledger is on a server, or `target` exists.
        LedgerError: the backup cannot be written.
    """
    file = file_of_ledger(newsroom, "back it up with: pg_dump")
    with ledger_of(newsroom) as ledger:
        target = target or file.with_name(f"{file.name}.{backup_moment()}.backup")
        if target.exists():
            raise UsageError(f"{target} already exists", hint="choose another file name")
        copy_ledger(file, target)
        ledger.events.add(LedgerEvent("backed up", by, name=target.name))
    return target


def file_of_ledger(newsroom: Newsroom, instead: str) -> Path:
    """The file of the newsroom's ledger.

    Raises:
        UsageError: it is on a server; the hint is `instead`.
    """
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file is None:
        raise UsageError("the ledger is on a server", hint=instead)
    return file


def _count(db: sa.Connection) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(ARTICLES)) or 0


def backup_moment() -> str:
    """The current time, for the name of a file."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
