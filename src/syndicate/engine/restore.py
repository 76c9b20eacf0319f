"""Restore the ledger from a backup.

A backup does not know what was sent after it was made. So after a restore nothing goes to people
automatically that may have been sent before: deliveries that were under way become uncertain, and
so does everything made later from the articles that exist now, until somebody resolves it
(`deliveries resolve`) or confirms that nothing was sent (`ledger settle`). Files and feeds are
delivered again, which does no harm.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from syndicate.engine.forgetting import forgotten_of
from syndicate.engine.planning.planner import Planner
from syndicate.engine.upkeep import backup_moment, file_of_ledger
from syndicate.errors import LedgerError, LockedError, SyndicateError, UsageError
from syndicate.ledger.address_rows import erase_addresses
from syndicate.ledger.backups import all_backups, copy_ledger, how_to_restore
from syndicate.ledger.database import Database
from syndicate.ledger.erased_texts import ErasedTexts, erase_words
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.ledger import Ledger, ledger_file, ledger_of, open_ledger
from syndicate.ledger.lock import shared_lock, sole_lock
from syndicate.ledger.migrations import prepare
from syndicate.ledger.owner import claim_ledger
from syndicate.ledger.pseudonyms import pass_on
from syndicate.ledger.tables import ARTICLES, DOUBTS
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Status, Subscribers


@dataclass(frozen=True)
class Restored:
    """The result of a restore.

    Args:
        aside: the file that the replaced ledger is in now.
        uncertain: how many deliveries became uncertain.
        left: how many people unsubscribed after the backup; the restored ledger knows that now.
            None if the replaced ledger cannot tell.
        erased_again: whether what was erased after the backup is erased from it; False if the
            replaced ledger cannot tell.
    """

    aside: Path | None
    uncertain: int
    left: int | None
    erased_again: bool = True


def restore(newsroom: Newsroom, backup: Path, by: str) -> Restored:
    """Replace the newsroom's ledger with `backup`. The replaced ledger is kept next to it.

    Args:
        backup: a path, or the name of a file next to the ledger.

    Raises:
        UsageError: the ledger is on a server, or there is no such backup.
        LedgerError: it belongs to another newsroom, or the disk is full.
        LockedError: another run is working.
    """
    file = file_of_ledger(newsroom, "run pg_restore, then: syndicate ledger restore")
    beside = file.with_name(backup.name)
    if not backup.exists() and backup.name == str(backup) and beside.exists():
        backup = beside
    _check_backup(backup, file)
    with sole_lock(newsroom.state):
        made_at = datetime.fromtimestamp(backup.stat().st_mtime, UTC).isoformat(timespec="seconds")
        work = file.with_name(f"{file.name}.restoring")
        _remove(work)
        try:
            copy_ledger(backup, work)
            with closing(Database(f"sqlite:///{work}")) as database:
                prepare(database, keep_backup=False)
                claim_ledger(database, newsroom)
                ledger = Ledger(database)
                left = _copy_unsubscribes(newsroom, file, ledger)
                knows = _erase_again(newsroom, file, database)
                note = f"{backup.name}, made {made_at}"
                uncertain = _doubt(newsroom, ledger, LedgerEvent("restored", by, note=note))
            aside = _set_aside(file)
            _write_over(work, file)
        finally:
            _remove(work)
    return Restored(aside, uncertain, left, knows)


def _check_backup(backup: Path, ledger: Path) -> None:
    """Raise UsageError if `backup` is not a backup of a ledger."""
    wrong = ""
    if not backup.is_file():
        raise UsageError(f"there is no file {backup}", hint=_list_backups(ledger))
    if backup.stat().st_size == 0:
        wrong = "it is empty"
    elif ledger.exists() and backup.samefile(ledger):
        wrong = "it is the ledger itself"
    else:
        try:
            with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as db:
                names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            if not names >= {"articles", "renderings", "deliveries"}:
                wrong = "it has no tables of a ledger"
        except sqlite3.Error as error:
            wrong = str(error)
    if wrong:
        raise UsageError(f"{backup} is not a backup: {wrong}", hint=_list_backups(ledger))


def mark_restored(newsroom: Newsroom, by: str) -> Restored:
    """Mark a ledger on a server as restored. Run it right after `pg_restore`.

    Raises:
        UsageError: the ledger is a file.
        LockedError: another run is working.
    """
    if file := ledger_file(newsroom.ledger, newsroom.root):
        raise UsageError("which backup?", hint=how_to_restore(file))
    with sole_lock(newsroom.state), ledger_of(newsroom) as ledger:
        if ledger.leases.busy():
            raise LockedError(
                "another run is at work on this ledger", hint="wait for it, then run this again"
            )
        return Restored(None, _doubt(newsroom, ledger, LedgerEvent("restored", by)), 0)


def settle_restored(newsroom: Newsroom, by: str) -> int:
    """End the doubt about the articles that existed when the ledger was restored. Returns how many
    there were.

    Raises:
        LockedError: another run is working.
    """
    with (
        shared_lock(newsroom.state),
        ledger_of(newsroom) as ledger,
        ledger.database.transaction() as db,
    ):
        number = db.execute(sa.delete(DOUBTS)).rowcount
        note_event(db, LedgerEvent("settled", by, note=f"{number} articles"))
        return number


def _doubt(newsroom: Newsroom, ledger: Ledger, event: LedgerEvent) -> int:
    """Make uncertain what may have been sent after the backup. Returns how many deliveries."""
    ledger.leases.forget()
    Planner.saving(newsroom, ledger)
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
    """Whether `courier` sends to people; True if the channel or the courier no longer exists."""
    known = newsroom.channels[channel].couriers if channel in newsroom.channels else {}
    return known[courier].final if courier in known else True


def _copy_unsubscribes(newsroom: Newsroom, file: Path, ledger: Ledger) -> int | None:
    """Copy unsubscribes and suppressions from the ledger in `file`. Returns how many were new; None
    if they cannot be read."""
    if not file.exists() or file.stat().st_size == 0:
        return None
    restored = Subscribers(ledger.database, newsroom.state)
    number = 0
    try:
        with closing(open_ledger(newsroom.ledger, newsroom.root)) as before:
            present = Subscribers(before.database, newsroom.state)
            for status in (one for one in Status if one is not Status.ACTIVE):
                for entry in present.entries(None, status):
                    number += restored.keep_away(entry)
    except SyndicateError:  # a damaged ledger may be why it is restored
        return None
    return number


def _erase_again(newsroom: Newsroom, file: Path, restored: Database) -> bool:
    """Erase from `restored` the people and the texts that were erased from the ledger in `file`.
    False if that cannot be read."""
    if not file.exists() or file.stat().st_size == 0:
        return False
    try:
        with closing(open_ledger(newsroom.ledger, newsroom.root)) as before:
            pass_on(before.database, restored)
            texts = ErasedTexts(before.database).all()
    except SyndicateError:  # a damaged ledger may be why it is restored
        return False
    erase_addresses(restored, forgotten_of(restored))
    ErasedTexts(restored).take_over(texts)
    for article in texts:
        erase_words(restored, article)
    restored.compact()
    return True


def _set_aside(file: Path) -> Path | None:
    """Copy the ledger in `file` to a backup next to it. Returns the backup."""
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.before-restore-{backup_moment()}.backup")
    try:
        copy_ledger(file, aside)
    except LedgerError:  # it is damaged: keep its files as they are
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    return aside


def _write_over(work: Path, file: Path) -> None:
    """Write the content of `work` into the ledger `file`, which other processes may have open."""
    if not file.exists() or file.stat().st_size == 0:
        _remove(file)  # SQLite would replay a -wal that is left of the lost ledger
        work.replace(file)
        return
    try:
        with closing(sqlite3.connect(work)) as source, closing(sqlite3.connect(file)) as ledger:
            source.backup(ledger)
    except sqlite3.Error as error:
        raise LedgerError(f"{file}: it cannot be written: {error}") from error


def _list_backups(ledger: Path) -> str:
    """The hint that names the backups next to `ledger`."""
    found = "  ".join(one.name for one in all_backups(ledger))
    return f"next to the ledger there are: {found}" if found else "give the path of a backup"


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal", ".part", ".part-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
