"""Backups of an SQLite ledger: files next to it. A file gets its name only when it is complete."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from syndicate.atomic import sync, sync_folder
from syndicate.errors import LedgerError
from syndicate.private import file_mode

KEPT = 3
"""How many of the backups that upgrades make are kept."""
_RESTORE_DUMP = "restore a dump: pg_restore, then: syndicate ledger restore"
HOW_TO_RESTORE = f"restore a backup: syndicate ledger restore FILE; on a server {_RESTORE_DUMP}"
"""The hint where it is not known which kind of ledger it is."""
_REWRITING = ".rewriting"
_MARGIN = 10_000_000  # bytes to leave free on the disk


def back_up(ledger: Path, version: int) -> Path:
    """Back up `ledger` before it is upgraded from `version`. Returns the new file.

    Raises:
        LedgerError: it cannot be written.
    """
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = ledger.with_name(f"{ledger.name}.v{version}-{moment}.backup")
    for left in ledger.parent.glob(f"{ledger.name}.v*.backup.part*"):  # left by a kill
        left.unlink(missing_ok=True)
    copy_ledger(ledger, target)
    return target


def keep_last_backups(ledger: Path) -> None:
    """Of the backups that upgrades of `ledger` made, delete all but the last `KEPT`."""
    for old in upgrade_backups(ledger)[:-KEPT]:
        old.unlink(missing_ok=True)


def upgrade_backups(ledger: Path) -> list[Path]:
    """The backups that upgrades of `ledger` made, oldest first."""
    ours = re.compile(re.escape(ledger.name) + r"\.v\d+-(\d{8}T\d{6}Z)\.backup")
    found = [(match[1], file) for file in ledger.parent.iterdir()
             if (match := ours.fullmatch(file.name))]  # fmt: skip
    return [file for _, file in sorted(found)]


def all_backups(ledger: Path) -> list[Path]:
    """Every backup next to `ledger`, oldest first."""
    found = ledger.parent.glob(f"{ledger.name}.*.backup")
    return sorted(found, key=lambda file: (file.stat().st_mtime, file.name))


def how_to_restore(ledger: Path | None) -> str:
    """The hint for a ledger that cannot be used any more, None if it is on a server. It names the
    newest backup. What a restore set aside does not count: it may be the ledger that was damaged
    before."""
    if ledger is None:
        return _RESTORE_DUMP
    found = [one for one in all_backups(ledger) if ".before-restore-" not in one.name]
    name = shlex.quote(str(found[-1])) if found else "FILE"
    return f"restore a backup: syndicate ledger restore {name}"


def version_of_backup(backup: Path) -> int | None:
    """The version of the tables in `backup`, which is not changed; None if it cannot be read."""
    source = f"{backup.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(source, uri=True)) as db:
            row = db.execute("SELECT value FROM ledger WHERE key = 'version'").fetchone()
    except sqlite3.Error:  # before version 4 it did not say
        row = None
    named = re.search(r"\.v(\d+)-\w+\.backup$", backup.name)
    told = row[0] if row else named[1] if named else ""
    return int(told) if told.isdigit() else None


def copy_ledger(ledger: Path, target: Path) -> None:
    """Copy `ledger` to `target`, all of it or nothing. Only the owner can read the copy.

    Other processes may be using the ledger; SQLite copies what they have committed.

    Raises:
        LedgerError: it cannot be read or written, or the disk has no space for it.
    """
    check_room_for_backup(ledger, 1, target.parent)
    part = target.with_name(f"{target.name}.part")
    try:
        for left in (part, part.with_name(f"{part.name}-journal")):  # by a kill
            left.unlink(missing_ok=True)
        part.touch(file_mode())
        source = sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(part)) as copied:
            copied.execute("PRAGMA synchronous=OFF")  # it has no name until it is synced
            source.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")  # a single file, without -wal and -shm
        with part.open("rb") as file:
            sync(file.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerError(f"{target}: the backup cannot be written: {reason}") from error


def rewrite_backup(backup: Path, change: Callable[[Path], None]) -> None:
    """Let `change` change a copy of `backup`, which then takes its place, with nothing left in it
    of what was deleted. It keeps its time; only the owner can read it, at any moment.

    Raises:
        LedgerError: it cannot be read or written.
    """
    work = backup.with_name(f"{backup.name}{_REWRITING}")
    try:
        seen = backup.stat()
        copy_ledger(backup, work)
        change(work)
        with closing(sqlite3.connect(work)) as copied:
            copied.execute("PRAGMA journal_mode=DELETE")
            copied.execute("PRAGMA secure_delete=ON")
            copied.execute("VACUUM")
        with work.open("rb") as file:
            sync(file.fileno())
        os.utime(work, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        work.replace(backup)
        sync_folder(backup.parent)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerError(f"{backup}: it cannot be written anew: {reason}") from error
    finally:
        remove_unfinished_backups(backup)


def remove_unfinished_backups(backup: Path) -> None:
    """Delete what a rewriting of `backup` that was cut off has left."""
    for left in backup.parent.glob(f"{backup.name}{_REWRITING}*"):
        left.unlink(missing_ok=True)


def check_room_for_backup(ledger: Path, times: float, folder: Path | None = None) -> None:
    """Raise LedgerError if `folder` has no space for `times` the size of `ledger`."""
    size = sum(file.stat().st_size for file in _files(ledger) if file.exists())
    needed = int(size * times) + _MARGIN
    free = shutil.disk_usage(folder or ledger.parent).free
    if free < needed:
        raise LedgerError(
            f"{folder or ledger.parent}: not enough disk space: {_megabytes(needed)} needed,"
            f" {_megabytes(free)} free",
            hint="free some space and run the command again; nothing was changed",
        )


def _files(ledger: Path) -> tuple[Path, Path]:
    return ledger, ledger.with_name(f"{ledger.name}-wal")


def _megabytes(size: int) -> str:
    return f"{max(size // 1_000_000, 0):,} MB"
