"""What the ledger can tell: what went out, what did not, how each channel stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from shlex import quote

from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.kept import KeptArticle, kept_articles
from syndicate.engine.delivery.concerns import (
    Concern,
    concerns,
    cut_off,
    is_stopped,
    needs_somebody,
    renderings_withdrawn,
)
from syndicate.engine.delivery.postponed import Postponement, lift_postponements, postponements
from syndicate.engine.planning.release import Release
from syndicate.engine.planning.removal_guard import Held, held
from syndicate.engine.planning.withdrawn_articles import Remark, withdrawn_remarks
from syndicate.engine.planning.withdrawn_posts import Unremoved, unremoved
from syndicate.errors import UsageError
from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import SETTLED, Change, DeliveryRow, Dispatch, State
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.facts import Facts
from syndicate.ledger.ledger import Ledger, has_ledger, ledger_file, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.migrations import about_ledger
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom

OPEN = (State.UNCERTAIN, State.FAILED)


def concerns_of(newsroom: Newsroom) -> tuple[Concern, ...]:
    """What somebody has to settle, in every channel.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    if not has_ledger(newsroom):
        return ()
    with ledger_of(newsroom) as ledger:
        names = tuple(newsroom.channels)
        return (*cut_off(ledger, names), *concerns(newsroom, ledger, names))


def withdrawals_to_know(newsroom: Newsroom) -> tuple[Remark | Unremoved, ...]:
    """The articles that were withdrawn last, and their posts that are still to be deleted.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    if not has_ledger(newsroom):
        return ()
    with ledger_of(newsroom) as ledger:
        return (*withdrawn_remarks(newsroom, ledger), *unremoved(newsroom, ledger))


def postponements_of(newsroom: Newsroom) -> tuple[Postponement, ...]:
    """The couriers that wait for their destination.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    if not has_ledger(newsroom):
        return ()
    with ledger_of(newsroom) as ledger:
        return tuple(postponements(ledger.facts, datetime.now(UTC)).values())


def held_of(newsroom: Newsroom) -> Held | None:
    """What the last runs have held back, so as not to lose many articles; None if nothing. An older
    ledger is not upgraded by this.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    if not has_ledger(newsroom):
        return None
    file = ledger_file(newsroom.ledger, newsroom.root)
    if file and file.stat().st_size == 0:
        return None
    with closing(Database(f"sqlite:///{file}" if file else newsroom.ledger)) as database:
        with database.transaction() as db:
            has_facts = bool(about_ledger(db))
        return held(Facts(database)) if has_facts else None


def kept_when_last_read(newsroom: Newsroom) -> tuple[KeptArticle, ...]:
    """The published articles whose file was gone or could not be read when `content/` was read
    last, and of which nobody has decided yet what becomes of them."""
    if not ContentCache.exists(newsroom):
        return ()
    return tuple(kept_articles(ContentCache.open(newsroom), datetime.now(UTC)))


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


@dataclass(frozen=True)
class Chosen:
    """Deliveries that are uncertain or have failed: of `channels`, of the artifact called
    `artifact`, those of `units`, in one of `states`. What is empty means all. Without `units`, what
    nobody has to settle is left out (see `needs_somebody`)."""

    channels: tuple[str, ...] = ()
    artifact: str = ""
    units: tuple[str, ...] = ()
    states: tuple[State, ...] = OPEN


def settle_deliveries(
    newsroom: Newsroom, chosen: Chosen, state: State, by: str = "", remote_id: str = ""
) -> int:
    """Record what somebody found out about deliveries. What is to be sent again is tried by the
    next run, even if its destination was to be left alone for longer.

    Args:
        state: their state from now on; pending sends them again.
        by: who found out.
        remote_id: what the destination calls it, if that is known; for one delivery.

    Returns:
        how many there were.

    Raises:
        UsageError: there is no such delivery, or it is not clear which one is meant.
        SyndicateError: a channel is unknown, or a restore is under way.
    """
    channels = [channel.name for channel in newsroom.chosen(chosen.channels)]
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        found = [
            (dispatch, row)
            for dispatch, row in ledger.dispatches.find(
                chosen.states, channels if chosen.channels else (), chosen.units
            )
            if chosen.artifact in ("", dispatch.artifact)
            and (chosen.units or row.state is State.PENDING or needs_somebody(row))
        ]
        _refuse_unclear(chosen, found)
        if state is State.PENDING:
            found = list(_not_withdrawn(ledger, found, named=bool(chosen.units)))
        if remote_id and len(found) != 1:
            raise UsageError("an id belongs to one delivery", hint="name one, without --all")
        if state is State.PENDING:
            again = {dispatch.channel for dispatch, _ in found} | set(chosen.channels)
            lift_postponements(ledger.facts, again, datetime.now(UTC))
        told = SETTLED if state is not State.PENDING else "to be sent again"
        of = {dispatch.id: dispatch for dispatch, _ in found}
        number = 0
        for id_, about in of.items():
            changes = [
                Change(
                    replace(
                        row,
                        state=state,
                        at=event_time(),
                        remote_id=remote_id or row.remote_id,
                        error=f"{told}; was: {row.error}",
                    ),
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


def _not_withdrawn(
    ledger: Ledger, found: Sequence[tuple[Dispatch, DeliveryRow]], *, named: bool
) -> Iterator[tuple[Dispatch, DeliveryRow]]:
    """Those of `found` that no withdrawal has stopped, or one that was lifted.

    Args:
        named: whether somebody has named each of them.

    Raises:
        UsageError: one of them was named.
    """
    gone = renderings_withdrawn(ledger, [dispatch for dispatch, row in found if is_stopped(row)])
    for dispatch, row in found:
        if not is_stopped(row) or (dispatch.channel, dispatch.rendering) not in gone:
            yield dispatch, row
        elif named:
            raise UsageError(
                f"{dispatch.artifact}: its article is withdrawn",
                hint="first: syndicate restore ARTICLE; see: syndicate status",
            )


def _refuse_unclear(chosen: Chosen, found: Sequence[tuple[Dispatch, DeliveryRow]]) -> None:
    """Raise UsageError if one of the named units is missing, or is in several artifacts."""
    artifacts: dict[str, set[str]] = {unit: set() for unit in chosen.units}
    for dispatch, row in found:
        artifacts.setdefault(row.unit, set()).add(dispatch.artifact)
    for unit in chosen.units:
        if not artifacts[unit]:
            raise UsageError(
                f"{unit!r} is neither uncertain nor failed",
                hint="those that are: syndicate deliveries",
            )
        if len(artifacts[unit]) > 1:
            raise UsageError(
                f"{unit!r} is a delivery of {', '.join(sorted(artifacts[unit]))}",
                hint=f"say which is meant: --artifact {quote(min(artifacts[unit]))}",
            )


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
