"""Once a day: what is left of erasures that were cut off, and addresses that are old enough."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import islice

from syndicate.engine.erasure import finish_erasures
from syndicate.engine.forgetting import (
    erase_forgotten,
    erasing,
    finish_forgetting,
    rewrite_backups,
)
from syndicate.errors import LockedError, SyndicateError
from syndicate.ledger.aged_rows import erase_delivered, people_who_left
from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.pseudonyms import Pseudonyms
from syndicate.ledger.references import DAY
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Status

_TURN = "retention looked at"
_NOTE = "by age"
_BOUNCED = (Status.BOUNCED.value, Status.COMPLAINED.value)
_LEFT = (Status.UNSUBSCRIBED.value,)


def erase_what_is_due(newsroom: Newsroom, ledger: Ledger) -> list[SyndicateError]:
    """Finish what commands that were cut off have left to erase; once a day, erase what is older
    than `[retention]` says. Returns what could not be erased."""
    try:
        errors = [*finish_forgetting(newsroom, ledger), *finish_erasures(newsroom, ledger)]
        if newsroom.retention.is_set and ledger.facts.take_turn(_TURN, time.time() - DAY):
            errors += erase_aged(newsroom, ledger)
    except LockedError:  # another command does
        return []
    return errors


def erase_aged(newsroom: Newsroom, ledger: Ledger) -> list[SyndicateError]:
    """Erase what is older than `[retention]` says. Returns what could not be erased."""
    kept, errors = newsroom.retention, list[SyndicateError]()
    with erasing(ledger):
        if kept.deliveries:
            _erase_delivered(newsroom, ledger, _ago(kept.deliveries), errors)
        found = 0
        for length, statuses in ((kept.unsubscribed, _LEFT), (kept.bounced, _BOUNCED)):
            if length:
                found += _forget(ledger, statuses, _ago(length))
        if found:
            erase_forgotten(newsroom, ledger, errors)
    return errors


def _erase_delivered(
    newsroom: Newsroom, ledger: Ledger, before: str, errors: list[SyndicateError]
) -> None:
    pseudonyms = Pseudonyms.with_secret(ledger.database)

    def erase(database: Database) -> int:
        return erase_delivered(database, pseudonyms, before)

    if erase(ledger.database):
        for _ in rewrite_backups(newsroom, erase, errors):
            pass


def _forget(ledger: Ledger, statuses: tuple[str, ...], before: str) -> int:
    """Forget everybody who has left in this way before a time (RFC 3339). Returns how many."""
    pseudonyms, number = Pseudonyms(ledger.database), 0
    people = people_who_left(ledger.database, statuses, before)
    while page := list(islice(people, PAGE)):
        with ledger.database.turn() as db:
            pseudonyms.forget(db, page, "", _NOTE)
        number += len(page)
    return number


def _ago(length: timedelta) -> str:
    return (datetime.now(UTC) - length).isoformat(timespec="seconds")
