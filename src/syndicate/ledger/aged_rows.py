"""Puts pseudonyms in place of addresses by age: those of deliveries, and those of people who have
left. Rows are read and written by the thousand, however many there are, and nothing is looked at
twice: a note says up to which dispatch all is done."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.address_rows import NO_LONGER
from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import State
from syndicate.ledger.facts import Facts
from syndicate.ledger.pseudonyms import PREFIX, Pseudonyms, with_pseudonyms
from syndicate.ledger.tables import DELIVERIES, DISPATCHES, LEFT, SUBSCRIBERS

_DONE = "retention"  # the fact: the last dispatch whose addresses are gone
_AT_ONCE = 5000  # rows in one transaction
_KEY = (DELIVERIES.c.dispatch, DELIVERIES.c.unit)
_ADDRESS = DELIVERIES.c.unit.like("%_@_%") & ~DELIVERIES.c.unit.like(f"{PREFIX}%")
_TEXTS = ("remote_id", "url", "error")


def erase_delivered(database: Database, pseudonyms: Pseudonyms, before: str) -> int:
    """Put `pseudonyms` in place of the addresses of all deliveries of dispatches of which nothing
    has happened since `before` (RFC 3339). Returns how many there were; in a backup from before
    version 4, none are looked for."""
    with database.transaction() as db:
        if not {"ledger", "dispatches"} <= set(sa.inspect(db).get_table_names()):
            return 0
    facts, number = Facts(database), 0
    done = int(facts.get(_DONE) or 0)
    last = _last_due(database, done, before)
    if last <= done:
        return 0
    # A unit with an @ that is the artifact's name is a file, such as logo@2x.png.
    query = (
        sa.select(DELIVERIES)
        .join(DISPATCHES, DISPATCHES.c.id == DELIVERIES.c.dispatch)
        .where(DELIVERIES.c.dispatch > done, DELIVERIES.c.dispatch <= last)
        .where(_ADDRESS, DELIVERIES.c.unit != DISPATCHES.c.artifact)
    )
    rows = database.stream(query, *_KEY)
    while page := list(islice(rows, _AT_ONCE)):
        number += _erase_page(database, pseudonyms, page)
    facts.put(_DONE, str(last))
    return number


def _last_due(database: Database, done: int, before: str) -> int:
    """The last dispatch of the first after `done` of which nothing has happened since `before`;
    `done` if there is none."""
    with database.transaction() as db:
        after = DISPATCHES.c.id > done
        # Dispatches are numbered in the order of time: the first one that is too young ends it.
        young = sa.select(DISPATCHES.c.id).where(after, DISPATCHES.c.at >= before)
        first = db.scalar(young.order_by(DISPATCHES.c.id).limit(1))
        if first is None:
            newest: int | None = db.scalar(sa.select(sa.func.max(DISPATCHES.c.id)).where(after))
            first = (newest or done) + 1
        if first <= done + 1:
            return done
        # A mailing that goes on for weeks is as young as its last mail.
        within = (DELIVERIES.c.dispatch > done) & (DELIVERIES.c.dispatch < first)
        moving = sa.select(sa.func.min(DELIVERIES.c.dispatch)).where(within)
        going: int | None = db.scalar(moving.where(DELIVERIES.c.at >= before))
        return min(first, going or first) - 1


def _erase_page(database: Database, pseudonyms: Pseudonyms, page: list[sa.Row[Any]]) -> int:
    changed = DELIVERIES.update().where(
        DELIVERIES.c.dispatch == sa.bindparam("its_dispatch"),
        DELIVERIES.c.unit == sa.bindparam("its_unit"),
        DELIVERIES.c.state == sa.bindparam("its_state"),
    )
    names_ = ("unit", "state", *_TEXTS)
    changed = changed.values({name: sa.bindparam(f"new_{name}") for name in names_})
    with database.turn() as db:
        taken: set[tuple[int, str]] = set()
        rows = []
        for row in page:
            name = pseudonyms.of(db, row.unit)
            plain, number = name, 1
            while (row.dispatch, name) in taken:  # two spellings of one address
                number += 1
                name = f"{plain}-{number}"
            taken.add((row.dispatch, name))
            new = {"new_unit": name, "new_state": row.state}
            for text in _TEXTS:
                value = getattr(row, text)
                new[f"new_{text}"] = with_pseudonyms(value, {row.unit: name}) if value else value
            if row.state == State.PENDING:  # it was never finished
                new |= {"new_state": State.FAILED.value, "new_error": NO_LONGER}
            key = {"its_dispatch": row.dispatch, "its_unit": row.unit, "its_state": row.state}
            rows.append({**key, **new})
        db.execute(changed, rows)
    return len(rows)


def people_who_left(database: Database, statuses: tuple[str, ...], before: str) -> Iterator[str]:
    """The addresses with a subscription that has had one of `statuses` since `before` (RFC 3339).
    Left out are those who are active or blocked in another channel, or have left one later. Those
    who left first come first, in a stream."""
    other = SUBSCRIBERS.alias()
    stays = sa.exists().where(
        other.c.address == SUBSCRIBERS.c.address,
        sa.or_(other.c.status.in_(("active", "suppressed")), other.c.at >= before),
    )
    query = sa.select(SUBSCRIBERS.c.at, SUBSCRIBERS.c.id, SUBSCRIBERS.c.address).where(
        LEFT, SUBSCRIBERS.c.status.in_(statuses), SUBSCRIBERS.c.at < before, ~stays
    )
    found = database.stream(query, SUBSCRIBERS.c.at, SUBSCRIBERS.c.id)
    return (row.address for row in found)
