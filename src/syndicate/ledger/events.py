"""The history: who did what, and when. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.tables import EVENTS, rows_of

What = Literal[
    "approved", "rejected", "dropped", "rendered", "delivered", "not delivered", "carried on",
    "closed", "resolved", "suppressed", "created", "upgraded", "joined", "backed up", "restored",
    "settled", "removed", "withdrawn", "new secret", "corrected", "prepared", "kept", "left",
    "forgotten", "erased",
]  # fmt: skip


def event_time() -> str:
    """The current time as RFC 3339 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class LedgerEvent:
    """One thing that happened.

    Args:
        who: a person's name; "" is the program itself.
        rendering: its key; "" if it is about none.
        name: that of the artifact, or the number of a subscriber; "" if it is about neither.
        digest: SHA-256 of the bytes, in hexadecimal; "" if it is about no bytes.
        at: when it happened, as RFC 3339 in UTC.
    """

    what: What
    who: str = ""
    channel: str = ""
    rendering: str = ""
    name: str = ""
    digest: str = ""
    note: str = ""
    at: str = field(default_factory=event_time)


class Events:
    """The events in a ledger. Every method raises LedgerError if the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, event: LedgerEvent) -> None:
        """Add `event` in a transaction of its own."""
        with self._database.transaction() as db:
            note_event(db, event)

    def newest(
        self, channels: Sequence[str] = (), what: Sequence[What] = ()
    ) -> Iterator[LedgerEvent]:
        """Stream the events, newest first. No `channels` or `what` means all."""
        query = rows_of(EVENTS).order_by(EVENTS.c.id.desc()).limit(PAGE)
        if channels:
            query = query.where(EVENTS.c.channel.in_(channels))
        if what:
            query = query.where(EVENTS.c.what.in_(what))
        last: int | None = None
        while True:
            page_query = query if last is None else query.where(EVENTS.c.id < last)
            with self._database.transaction() as db:
                page = db.execute(page_query).mappings().all()
            for row in page:
                yield LedgerEvent(**{key: row[key] for key in row if key != "id"})
            if len(page) < PAGE:
                return
            last = page[-1]["id"]

    def since(self, number: int, what: What) -> Iterator[tuple[int, LedgerEvent]]:
        """Stream the events of one kind that came after the event with this `number`, each with its
        own, oldest first."""
        query = rows_of(EVENTS).where(EVENTS.c.id > number, EVENTS.c.what == what)
        for row in self._database.stream(query, EVENTS.c.id):
            values = dict(row._mapping)
            yield values.pop("id"), LedgerEvent(**values)

    def last_number(self) -> int:
        """The number of the event that was noted last, 0 if there is none."""
        with self._database.transaction() as db:
            return db.scalar(sa.select(sa.func.max(EVENTS.c.id))) or 0

    def verdicts(self, keys: Collection[tuple[str, str]]) -> tuple[LedgerEvent, ...]:
        """What people decided about the renderings with these keys (channel, rendering), oldest
        first."""
        if not keys:
            return ()
        what = EVENTS.c.what.in_(("approved", "rejected", "dropped"))
        query = rows_of(EVENTS).where(
            what,
            EVENTS.c.channel.in_({channel for channel, _ in keys}),
            EVENTS.c.rendering.in_({rendering for _, rendering in keys}),
        )
        return self._found(query)

    def removed(self, keys: Collection[tuple[str, str]], since: str) -> tuple[LedgerEvent, ...]:
        """The copies of the renderings with these keys that were removed `since` then (RFC 3339),
        oldest first."""
        query = rows_of(EVENTS).where(
            EVENTS.c.what == "removed",
            EVENTS.c.at >= since,
            EVENTS.c.channel.in_({channel for channel, _ in keys}),
            EVENTS.c.rendering.in_({rendering for _, rendering in keys}),
        )
        return self._found(query) if keys else ()

    def _found(self, query: sa.Select[Any]) -> tuple[LedgerEvent, ...]:
        with self._database.transaction() as db:
            rows = db.execute(query.order_by(EVENTS.c.id)).mappings().all()
        return tuple(LedgerEvent(**{key: row[key] for key in row if key != "id"}) for row in rows)

    def last(self, what: What) -> Mapping[str, str]:
        """When `what` happened last in each channel (RFC 3339)."""
        query = sa.select(EVENTS.c.channel, sa.func.max(EVENTS.c.at).label("at"))
        query = query.where(EVENTS.c.what == what)
        with self._database.transaction() as db:
            rows = db.execute(query.group_by(EVENTS.c.channel)).all()
        return {row.channel: row.at for row in rows}

    def count(self) -> int:
        """The number of events."""
        with self._database.transaction() as db:
            return db.scalar(sa.select(sa.func.count()).select_from(EVENTS)) or 0


def note_event(db: sa.Connection, event: LedgerEvent) -> None:
    """Add `event`, in the same transaction as the change that it records."""
    db.execute(EVENTS.insert().values(asdict(event)))
