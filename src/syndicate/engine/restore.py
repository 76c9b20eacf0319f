"""Putting a backup in place of a ledger.

Whatever was sent after a backup was made, the backup does not know of. So a restored ledger sends
nothing to people by itself that it may have sent before: what was on its way becomes uncertain, and
so does whatever is made later of the articles that were there at the time, until somebody says what
became of it (`deliveries resolve`) or that nothing was sent (`ledger settle`). Files and feeds are
simply written again.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from syndicate.engine.planning.planner import Planner
from syndicate.engine.upkeep import file_of_ledger, moment
from syndicate.errors import LedgerError, SyndicateError, UsageError
from syndicate.ledger.backups import copy
from syndicate.ledger.database import Database
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.ledger import Ledger, ledger_file, ledger_of, open_ledger
from syndicate.ledger.lock import lock
from syndicate.ledger.migrations import prepare
from syndicate.ledger.owner import claim
from syndicate.ledger.tables import ARTICLES, DOUBTS
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Status, Subscribers


@dataclass(frozen=True)
class Restored:
    """What putting a backup in place has come to: `aside` is where the ledger before it is now,
    `uncertain` how many deliveries became so, `left` how many unsubscribed or suppressed people
    were taken over from the ledger before."""

    aside: Path | None
    uncertain: int
    left: int


def restore(newsroom: Newsroom, backup: Path, by: str) -> Restored:
    """Put `backup` in place of the newsroom's ledger, which is kept beside it.

    Raises:
        UsageError: the ledger is on a server, or there is no such backup.
        LedgerError: it is no ledger, another newsroom's, or there is no room.
        LockedError: a run is at work.
    """
    file = file_of_ledger(
        newsroom, "put the dump back with pg_restore, then: syndicate ledger restore"
    )
    if not backup.is_file() or backup.stat().st_size == 0:
        raise UsageError(f"there is no backup {backup}", hint="name a file that a backup was")
    with lock(newsroom.state):
        made_at = datetime.fromtimestamp(backup.stat().st_mtime, UTC).isoformat(timespec="seconds")
        work = file.with_name(f"{file.name}.restoring")
        _remove(work)
        try:
            copy(backup, work)
            with closing(Database(f"sqlite:///{work}")) as database:
                prepare(database, keep_backup=False)
                claim(database, newsroom)
                ledger = Ledger(database)
                left = _take_over_leavers(newsroom, file, ledger)
                note = f"{backup.name}, made {made_at}"
                uncertain = _doubt(newsroom, ledger, LedgerEvent("restored", by, note=note))
            aside = _set_aside(file)
            _put_in_place(work, file)
        finally:
            _remove(work)
    return Restored(aside, uncertain, left)


def mark_restored(newsroom: Newsroom, by: str) -> Restored:
    """Say that the server's database was restored from a dump, right after that was done.

    Raises:
        UsageError: the ledger is a file.
        LockedError: a run is at work.
    """
    if ledger_file(newsroom.ledger, newsroom.root):
        raise UsageError("which backup?", hint="syndicate ledger restore FILE")
    with lock(newsroom.state), ledger_of(newsroom) as ledger:
        ledger.database.hold()
        return Restored(None, _doubt(newsroom, ledger, LedgerEvent("restored", by)), 0)


def settle(newsroom: Newsroom, by: str) -> int:
    """Say that what is made from now on of articles that were there when the ledger was restored
    has not been sent before; how many such articles there were.

    Raises:
        LockedError: a run is at work.
    """
    with lock(newsroom.state), ledger_of(newsroom) as ledger, ledger.database.transaction() as db:
        number = db.execute(sa.delete(DOUBTS)).rowcount
        note_event(db, LedgerEvent("settled", by, note=f"{number} articles"))
        return number


def _doubt(newsroom: Newsroom, ledger: Ledger, event: LedgerEvent) -> int:
    """Make uncertain what may have been sent after the backup; the number of deliveries."""
    planner = Planner.of(newsroom, ledger)
    planner.cache.save()
    ledger.save_articles(planner.intake.learnt)
    doubtful = [
        one.id
        for one in ledger.dispatches.current()
        if one.frozen and one.unfinished and _goes_to_people(newsroom, one.channel, one.courier)
    ]
    with ledger.database.transaction() as db:
        number = ledger.dispatches.doubt(db, doubtful)
        known = sa.select(ARTICLES.c.id).where(ARTICLES.c.id.not_in(sa.select(DOUBTS.c.article)))
        db.execute(DOUBTS.insert().from_select(["article"], known))
        note_event(db, event)
    return number


def _goes_to_people(newsroom: Newsroom, channel: str, courier: str) -> bool:
    """Whether what `courier` sends cannot be taken back; so it is if nobody knows any more."""
    known = newsroom.channels[channel].couriers if channel in newsroom.channels else {}
    return known[courier].final if courier in known else True


def _take_over_leavers(newsroom: Newsroom, file: Path, ledger: Ledger) -> int:
    """Let nobody who has left since the backup get mail again; how many they are."""
    if not file.exists() or file.stat().st_size == 0:
        return 0
    restored = Subscribers(ledger.database, newsroom.state)
    number = 0
    try:
        with closing(open_ledger(newsroom.ledger, newsroom.root)) as before:
            present = Subscribers(before.database, newsroom.state)
            for status in (one for one in Status if one is not Status.ACTIVE):
                for entry in present.entries(None, status):
                    number += restored.keep_away(entry)
    except SyndicateError:  # it may be what the backup is put back for
        return number
    return number


def _set_aside(file: Path) -> Path | None:
    """Keep the ledger in `file` beside itself; where that is now."""
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.before-restore-{moment()}.backup")
    try:
        copy(file, aside)
    except LedgerError:  # it is damaged: keep it as it is, with what belongs to it
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    return aside


def _put_in_place(work: Path, file: Path) -> None:
    """Make what is in `work` the content of the ledger `file`, which others may have open."""
    if not file.exists() or file.stat().st_size == 0:
        work.replace(file)
        return
    try:
        with closing(sqlite3.connect(work)) as source, closing(sqlite3.connect(file)) as ledger:
            source.backup(ledger)
    except sqlite3.Error as error:
        raise LedgerError(f"{file}: it cannot be written: {error}") from error


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
