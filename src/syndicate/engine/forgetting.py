"""Forgets a person: no mail, no private feed, and no trace of the address in what the newsroom
keeps. A pseudonym stays, so that counts are right and an old list does not bring them back.

The ledger notes first that somebody is forgotten; from then on nothing leaves to them. Then the
address is erased from every row, file and backup. Whatever a crash leaves undone is done by the
same command again, or by the next run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from syndicate.couriers.members import MembersCourier
from syndicate.errors import LedgerError, SyndicateError
from syndicate.ledger.address_rows import Names, erase_addresses
from syndicate.ledger.backups import all_backups, rewrite_backup
from syndicate.ledger.database import Database
from syndicate.ledger.ledger import Ledger, ledger_file, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.pseudonyms import (
    FORGETTING,
    Pseudonyms,
    addresses_in,
    canonical,
    pass_on,
)
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Subscribers
from syndicate.subscribers.sheet import stored_address

_LEASE = "erase"
_TEXTS = (".csv", ".tsv", ".txt", ".toml", ".md", ".json", ".eml", ".html", ".env")
_LARGEST = 50_000_000  # bytes of a file of the newsroom's that is looked at
_WORD = re.compile("[a-z0-9]+")


@dataclass(frozen=True)
class Beyond:
    """Something that still has what was erased. `hint` says what can be done about it."""

    what: str
    hint: str = ""


@dataclass(frozen=True)
class ForgottenPerson:
    """What became of a person who was forgotten: the `pseudonym` that is left of them, how many
    subscriptions and private feeds they had, how many rows and backups had the address, what could
    not be erased (`errors`), and what nobody can erase from here (`beyond`). If it is not
    `finished`, although there are no errors, another command is at work, and the next run looks
    again."""

    pseudonym: str
    subscriptions: int
    rows: int
    backups: int
    feeds: int
    finished: bool
    errors: tuple[SyndicateError, ...]
    beyond: tuple[Beyond, ...]


_EVERYWHERE = (
    Beyond("mail in people's mailboxes, and the log of the mail server"),
    Beyond("copies of this folder and of the ledger that are kept elsewhere"),
)


@contextmanager
def erasing(ledger: Ledger) -> Iterator[None]:
    """Nobody else erases anything from `ledger` or its backups as long as the block lasts.

    Raises:
        LockedError: somebody else does.
    """
    busy = "something is being erased by another command"
    with ledger.leases.run(), ledger.leases.taken([_LEASE], busy):
        yield


def forget(newsroom: Newsroom, address: str, by: str) -> ForgottenPerson:
    """Forget the person at `address`, in any spelling of it.

    Raises:
        SourceError: it is not a mail address.
        LockedError: something else is just being erased.
        LedgerError: the ledger cannot be used.
    """
    address = stored_address(address)
    errors: list[SyndicateError] = []
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger, erasing(ledger):
        Subscribers(ledger.database, newsroom.state).apply_spooled()
        pseudonyms = Pseudonyms(ledger.database)
        with ledger.database.turn() as db:
            subscriptions = pseudonyms.forget(db, [address], by)
            pseudonym = pseudonyms.of(db, address)
        words = _WORD.findall(canonical(address).partition("@")[0])
        rows, backups = erase_forgotten(newsroom, ledger, errors, max(words, key=len, default=""))
        feeds = _remove_feeds(newsroom, address, errors)
        finished = not ledger.facts.get(FORGETTING)
        beyond = (*_files_with(newsroom, address), *backups_elsewhere(newsroom, ledger))
    return ForgottenPerson(
        pseudonym,
        subscriptions,
        rows,
        backups,
        feeds,
        finished,
        tuple(errors),
        (*beyond, *_EVERYWHERE),
    )


def erase_forgotten(
    newsroom: Newsroom, ledger: Ledger, errors: list[SyndicateError], alike: str = ""
) -> tuple[int, int]:
    """Erase the addresses of all who were forgotten, from the ledger and its backups. Returns how
    many rows and how many backups had some.

    Args:
        errors: what could not be erased is added to it; the next run tries again.
        alike: see `erase_addresses`.
    """
    database = ledger.database
    since = ledger.facts.get(FORGETTING)

    def erase(database: Database) -> int:
        return erase_addresses(database, forgotten_of(ledger.database), alike)

    def erase_and_pass_on(backup: Database) -> int:
        pass_on(database, backup)
        return erase(backup)

    rows, before = erase(database), len(errors)
    backups = sum(rewrite_backups(newsroom, erase_and_pass_on, errors))
    (newsroom.state / "cache" / "named.json").unlink(missing_ok=True)  # what was named today
    # Whoever is at work may have looked an address up before this, and is just writing it down:
    # then the next run looks again, and writes the ledger's file anew.
    if len(errors) == before and not ledger.leases.busy() and database.compact():
        ledger.facts.change(FORGETTING, since, "")
    return rows, backups


def forgotten_of(database: Database) -> Names:
    """The pseudonyms of those who were forgotten, by the ledger in `database`."""
    pseudonyms = Pseudonyms(database)

    def names(addresses: Collection[str]) -> Mapping[str, str]:
        with database.transaction() as db:
            return pseudonyms.among(db, addresses)

    return names


def finish_forgetting(newsroom: Newsroom, ledger: Ledger) -> list[SyndicateError]:
    """Erase what a command that was cut off has left, if there is anything. Returns what could not
    be erased."""
    errors: list[SyndicateError] = []
    if ledger.facts.get(FORGETTING):
        with erasing(ledger):
            erase_forgotten(newsroom, ledger, errors)
    return errors


def rewrite_backups(
    newsroom: Newsroom, change: Callable[[Database], int], errors: list[SyndicateError]
) -> Iterator[bool]:
    """Let `change` change each backup next to the ledger. Yields whether there was something.

    Args:
        errors: those that cannot be read or written are added to it.
    """
    ledger = ledger_file(newsroom.ledger, newsroom.root)
    for backup in all_backups(ledger) if ledger else ():
        changed = False

        def changing(work: Path) -> None:
            nonlocal changed
            with closing(Database(f"sqlite:///{work}")) as database:
                changed = bool(change(database))

        try:
            rewrite_backup(backup, changing)
        except LedgerError as error:
            hint = f"it still has what was erased: delete it: rm {quote(str(backup))}"
            errors.append(error.saying(error.message, hint))
        yield changed


def backups_elsewhere(newsroom: Newsroom, ledger: Ledger) -> Iterator[Beyond]:
    """The backups that were written to another place than next to the ledger, and those of a
    server, which are not known."""
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file is None:
        yield Beyond("dumps of the database, and its files until it has been vacuumed")
        return
    here = {backup.name for backup in all_backups(file)}
    made = {event.name: event.at for event in ledger.events.newest(what=["backed up"])}
    for name, at in sorted(made.items()):
        if name not in here and not name.startswith(f"{file.name}."):
            yield Beyond(
                f"the backup {name} of {at[:10]}",
                "delete it; if it is restored, what was erased is erased from it",
            )


def _remove_feeds(newsroom: Newsroom, address: str, errors: list[SyndicateError]) -> int:
    """Delete the private feeds of the member at `address`. Returns how many there were."""
    number = 0
    for channel in newsroom.channels.values():
        for courier in channel.couriers.values():
            if isinstance(courier, MembersCourier):
                try:
                    number += courier.forget(channel.name, address)
                except SyndicateError as error:
                    told = f"{channel.name}: their private feed is still there: {error.message}"
                    errors.append(error.saying(told, error.hint))
    return number


def _files_with(newsroom: Newsroom, address: str) -> Iterator[Beyond]:
    """The lines of the newsroom's own files that have `address`, such as a list that was imported.
    What is published is not looked at."""
    wanted = canonical(address)
    for folder, names, files in os.walk(newsroom.root):
        here = Path(folder)
        names[:] = [
            n
            for n in names
            if n[0] != "." and here / n not in (newsroom.content, newsroom.root / "out")
        ]
        for file in sorted(here / name for name in files):
            if file.suffix not in _TEXTS or file.stat().st_size > _LARGEST:
                continue
            for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
                if "@" in line and wanted in map(canonical, addresses_in(line)):
                    place = f"{file.relative_to(newsroom.root)}:{number}"
                    yield Beyond(place, "delete it there; git keeps what was committed")
