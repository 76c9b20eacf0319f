"""Newsrooms that this user can only read, such as a colleague's, a backup, or one on a disk that is
mounted read-only: commands that change nothing work on a copy of the ledger."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from syndicate.errors import LedgerError
from syndicate.ledger.ledger import ledger_file
from syndicate.newsroom.newsroom import Newsroom

_copies: list[tempfile.TemporaryDirectory[str]] = []  # each is removed when the program ends


def to_look_at(newsroom: Newsroom) -> Newsroom:
    """`newsroom`, or a copy of its state if that cannot be written. What is read into the copy goes
    with it.

    Raises:
        LedgerError: the ledger cannot be read either.
    """
    file = ledger_file(newsroom.ledger, newsroom.root)
    if _can_write(newsroom.state) and (file is None or _can_write(file)):
        return newsroom
    _copies.append(tempfile.TemporaryDirectory(prefix="syndicate-", ignore_cleanup_errors=True))
    state = Path(_copies[-1].name)
    with suppress(OSError):
        shutil.copyfile(newsroom.state / "newsroom", state / "newsroom")  # whose ledger it is
    if file is None:
        return replace(newsroom, copied=state)
    copy = state / "ledger.sqlite"
    try:
        if file.exists():
            _copy(file, copy)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerError(
            f"{newsroom.ledger}: it cannot be read: {reason}",
            hint="run the command as the user to whom the newsroom belongs",
        ) from error
    return replace(newsroom, copied=state, ledger=str(copy))


def _can_write(place: Path) -> bool:
    """Whether `place`, and the folder it is in, can be written; or created, if it is missing."""
    if not place.exists():
        above = next(one for one in place.parents if one.exists())
        return os.access(above, os.W_OK | os.X_OK)
    return os.access(place, os.W_OK) and (place.is_dir() or os.access(place.parent, os.W_OK))


def _copy(file: Path, copy: Path) -> None:
    """Copy the ledger `file`. While somebody has it open, SQLite can read it without writing; if
    nobody has, it cannot, but then the files do not change."""
    try:
        source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.OperationalError:
        copy.unlink(missing_ok=True)
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{file}{suffix}", f"{copy}{suffix}")
