"""What the ledger can tell: what went out, what did not, how each channel stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from syndicate.engine.planning.release import Release
from syndicate.errors import UsageError
from syndicate.ledger.dispatch import Change, DeliveryRow, Dispatch, State
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom

OPEN = (State.UNCERTAIN, State.FAILED)


@dataclass(frozen=True)
class Standing:
    """How a channel stands: how much waits for approval, its deliveries that are not delivered, by
    state, the time of its last delivery, and when its schedule comes round."""

    channel: str
    last: str | None
    waiting: int
    pending: int
    failed: int
    uncertain: int
    next: datetime | None


def delivery_history(
    newsroom: Newsroom, states: Sequence[State], channels: tuple[str, ...]
) -> Iterator[tuple[Dispatch, DeliveryRow]]:
    """Deliveries in one of `states`, oldest first.

    Raises:
        SyndicateError: a channel is unknown, or the ledger is dead.
    """
    names = [channel.name for channel in newsroom.chosen(channels)] if channels else []
    with ledger_of(newsroom) as ledger:
        yield from ledger.dispatches.find(states, names)


def resolve_deliveries(
    newsroom: Newsroom,
    channels: tuple[str, ...],
    units: tuple[str, ...],
    state: State,
    by: str = "",
) -> int:
    """Record what somebody found out about uncertain or failed deliveries.

    Args:
        units: the deliveries; none means all.
        state: their state from now on; pending sends them again.
        by: who found out.

    Returns:
        how many there were.

    Raises:
        SyndicateError: there is no such delivery, or a restore is under way.
    """
    names = [channel.name for channel in newsroom.chosen(channels)] if channels else []
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        found = list(ledger.dispatches.find(OPEN, names, units))
        missing = set(units) - {row.unit for _, row in found}
        if missing:
            raise UsageError(
                f"{min(missing)!r} is neither uncertain nor failed",
                hint="those that are: syndicate deliveries",
            )
        told = "settled by hand" if state is not State.PENDING else "to be sent again"
        of = {dispatch.id: dispatch for dispatch, _ in found}
        number = 0
        for id_, about in of.items():
            changes = [
                Change(
                    replace(row, state=state, at=event_time(), error=f"{told}; was: {row.error}"),
                    row.state,
                )
                for dispatch, row in found
                if dispatch.id == id_
            ]
            if changed := ledger.dispatches.resolve(changes):
                number += changed
                about_it = (about.channel, about.rendering, about.artifact, about.digest)
                event = LedgerEvent(
                    "resolved", by, *about_it, f"{about.courier}: {changed} {state}"
                )
                ledger.events.add(event)
    return number


def dispatch_history(
    newsroom: Newsroom, limit: int, channels: tuple[str, ...]
) -> tuple[tuple[Dispatch, str], ...]:
    """The last dispatches, newest first, each with the time at which it last changed.

    Raises:
        SyndicateError: a channel is unknown, or the ledger is dead.
    """
    names = [channel.name for channel in newsroom.chosen(channels)] if channels else []
    with ledger_of(newsroom) as ledger:
        return ledger.dispatches.log(limit, names)


def event_history(newsroom: Newsroom, channels: tuple[str, ...]) -> Iterator[LedgerEvent]:
    """Stream what happened, newest first. Without `channels`, that is everything.

    Raises:
        SyndicateError: a channel is unknown, or the ledger cannot be read.
    """
    names = [channel.name for channel in newsroom.chosen(channels)] if channels else []
    with ledger_of(newsroom) as ledger:
        yield from ledger.events.newest(names)


def status(newsroom: Newsroom) -> list[Standing]:
    """How every channel stands.

    Raises:
        SyndicateError: the ledger is dead.
    """
    channels, moment = newsroom.channels.values(), datetime.now(UTC)
    with ledger_of(newsroom) as ledger:
        left = ledger.dispatches.undelivered_by_state()
        last = _last_deliveries(ledger)
        # Nothing else waits for anybody.
        keys = ledger.renderings_of_drafts([one.name for one in channels if one.review])
        snapshot = LedgerSnapshot.of_renderings(ledger, keys)
    release = Release(newsroom, snapshot, moment)
    waiting = Counter(
        name
        for name, rendering in snapshot.artifacts
        if (channel := newsroom.channels.get(name)) and release.awaits_approval(channel, rendering)
    )
    standings = []
    for channel in channels:
        own = left.get(channel.name, {})
        standings.append(
            Standing(
                channel.name,
                last.get(channel.name),
                waiting[channel.name],
                own.get(State.PENDING, 0) + own.get(State.COMMITTING, 0),
                own.get(State.FAILED, 0),
                own.get(State.UNCERTAIN, 0),
                channel.schedule.next(moment) if channel.schedule else None,
            )
        )
    return standings


def _last_deliveries(ledger: Ledger) -> dict[str, str]:
    """When each channel delivered something last. What was delivered completely is an event; of the
    rest, the deliveries are looked at."""
    complete, partly = ledger.events.last("delivered"), ledger.dispatches.last_partly_delivered()
    both = [*complete.items(), *partly.items()]
    return {channel: max(at for name, at in both if name == channel) for channel in dict(both)}
