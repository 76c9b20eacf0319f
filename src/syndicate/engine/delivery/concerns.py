"""What somebody has to settle: deliveries that are uncertain or have failed, and threads that were
cut off. Each is named with the command that settles it, until somebody has done so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from shlex import quote

from syndicate.couriers import PostsThreads
from syndicate.couriers.smtp.replies import subject_of
from syndicate.engine.planning.release import Release
from syndicate.errors import DeliveryError, UncertainError
from syndicate.ledger.address_rows import NO_LONGER
from syndicate.ledger.dispatch import SETTLED, STOPPED, DeliveryRow, Dispatch, State
from syndicate.ledger.leases import delivery_lease
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom

_NONE: Mapping[tuple[int, State], int] = {}
_SHOWN = 3  # units that one concern names
_REFUSED = re.compile(r"5\d\d[ -]")


@dataclass(frozen=True)
class Concern:
    """Deliveries of one artifact by one courier, in one state, that somebody has to settle.

    `state` is PENDING for the posts of a thread that was cut off and may not go on. `number` counts
    the deliveries, `units` are the first of them, `error` is what became of the first. `posted` is
    how many posts of a thread are public, None if it is no thread.
    """

    dispatch: Dispatch
    state: State
    number: int
    units: tuple[str, ...]
    error: str
    posted: int | None

    @property
    def channel(self) -> str:
        """The name of the channel."""
        return self.dispatch.channel

    @property
    def key(self) -> str:
        """The same as long as nothing changes."""
        return f"{self.dispatch.id} {self.state} {self.number} {' '.join(self.units)}"

    @property
    def message(self) -> str:
        """What is the matter."""
        what = f"{self.dispatch.channel}: {self.dispatch.artifact}"
        if self.state is State.PENDING:
            posts = "post is" if self.number == 1 else "posts are"
            return f"{what}: cut off: {self.number} {posts} not public and not approved"
        named = [] if self.units == (self.dispatch.artifact,) else list(self.units)
        if named and self.number > len(named):
            named.append(f"and {self.number - len(named):,} more")
        units = f" ({', '.join(named)})" if named else ""
        if self.state is State.COMMITTING:
            return f"{what}: a run was cut off while it was delivering {self.number:,}{units}"
        if self.is_stopped:
            return f"{what}: {self.number:,} never left{units}: {self.error}"
        return f"{what}: {self.number:,} {self.state}{units}: {self.error}"

    @property
    def is_stopped(self) -> bool:
        """Whether a withdrawal has stopped it, of an article that has been restored since."""
        return self.error.startswith(STOPPED)

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """What can be done, each as a label and the finished command."""
        draft, about = self.dispatch.artifact, f"--channels {quote(self.dispatch.channel)}"
        artifact = f" --artifact {quote(draft)}"
        which = "--all" if self.number > 1 else quote(self.units[0]) if self.units else "--all"
        kind = f" --{self.state}" if which == "--all" else ""
        these = f"{which}{kind} {about}{artifact}"
        close = ("to post none of the rest", f"syndicate drafts close {quote(draft)}")
        if not self.posted:
            close = ("to post none of it", f"syndicate drafts reject {quote(draft)}")
        edit = ("to change and approve it", f"syndicate drafts edit {quote(draft)}")
        again = ("to send it again", f"syndicate deliveries retry {these}")
        if self.state is State.COMMITTING:
            channel = quote(self.dispatch.channel)
            return (("to ask what became of it", f"syndicate publish --channels {channel}"),)
        if self.state is State.PENDING or (self.is_stopped and self.posted is not None):
            return (("to go on", f"syndicate drafts approve {quote(draft)}"), close)
        if self.state is State.UNCERTAIN:
            return if_uncertain(these)
        if self.posted is not None:
            return (edit, again, close)
        return (again, ("to give up", f"syndicate deliveries resolve {these} --as failed"))

    @property
    def hint(self) -> str:
        """The commands in one line."""
        return in_one_line(self.commands)

    def as_error(self) -> DeliveryError:
        """The same for `console.print_error`."""
        kind = UncertainError if self.state is State.UNCERTAIN else DeliveryError
        return kind(self.message, hint=self.hint)


def if_uncertain(these: str) -> tuple[tuple[str, str], ...]:
    """The commands that settle uncertain deliveries; `these` names them."""
    arrived = f"syndicate deliveries resolve {these} --as delivered"
    return (("if it arrived", arrived), ("if not", f"syndicate deliveries retry {these}"))


def in_one_line(commands: Iterable[tuple[str, str]]) -> str:
    """Commands and their labels."""
    return "; ".join(f"{label}: {command}" for label, command in commands)


def concerns(
    newsroom: Newsroom,
    ledger: Ledger,
    channels: Collection[str],
    told: Mapping[tuple[int, State], int] = _NONE,
) -> Iterator[Concern]:
    """What is to be settled in `channels`, oldest first. What a withdrawal has stopped is to be
    settled once the article is restored.

    Args:
        told: how many have been told already, by dispatch and state; if that is all of them, they
            are left out.
    """
    open_ = ledger.dispatches.open(channels)
    withdrawn = renderings_withdrawn(ledger, open_)
    for dispatch in open_:
        channel = newsroom.channels[dispatch.channel]
        courier = channel.couriers.get(dispatch.courier)
        posted: int | None = None
        decision: str | None = None
        is_thread = isinstance(courier, PostsThreads)
        if is_thread:
            posted = ledger.dispatches.count(dispatch.id, State.DELIVERED)
            decision = _decision(newsroom, ledger, dispatch)
            if decision == "rejected" and not dispatch.counts.get(State.UNCERTAIN):
                continue
        for state in (State.UNCERTAIN, State.FAILED):
            if not dispatch.counts.get(state):
                continue
            gone = (dispatch.channel, dispatch.rendering) in withdrawn
            rows = (
                row
                for row in ledger.dispatches.rows(dispatch.id, state)
                if needs_somebody(row) and not (gone and is_stopped(row))
            )
            first = tuple(islice(rows, _SHOWN))
            if first:
                number = len(first) + sum(1 for _ in rows)
                if told.get((dispatch.id, state), 0) >= number:
                    continue
                units = tuple(row.unit for row in first)
                yield Concern(dispatch, state, number, units, first[0].error or "", posted)
        if posted and decision == "waiting" and set(dispatch.counts) == {State.PENDING}:
            yield Concern(dispatch, State.PENDING, dispatch.counts[State.PENDING], (), "", posted)


def cut_off(ledger: Ledger, channels: Collection[str]) -> Iterator[Concern]:
    """The deliveries in `channels` at which a run was cut off, if no other is at work on them: the
    next run asks what became of them, or says that it is uncertain."""
    for dispatch in ledger.dispatches.open(channels):
        number = dispatch.counts.get(State.COMMITTING, 0)
        if number and not ledger.leases.is_held(delivery_lease(*dispatch.key)):
            rows = islice(ledger.dispatches.rows(dispatch.id, State.COMMITTING), _SHOWN)
            units = tuple(row.unit for row in rows)
            yield Concern(dispatch, State.COMMITTING, number, units, "", None)


def renderings_withdrawn(
    ledger: Ledger, dispatches: Iterable[Dispatch]
) -> frozenset[tuple[str, str]]:
    """Those (channel, rendering) of `dispatches` that have a withdrawn article in them."""
    keys = {(one.channel, one.rendering) for one in dispatches}
    ids = {one.id for one in ledger.articles.withdrawn()} if keys else set()
    if not ids:
        return frozenset()
    issues = {
        (edition.channel, str(edition.number))
        for editions in ledger.editions(*{channel for channel, _ in keys}).values()
        for edition in editions
        if any(article in ids for article, _ in edition.members)
    }
    return frozenset(key for key in keys if key[1] in ids or key in issues)


def is_stopped(row: DeliveryRow) -> bool:
    """Whether a withdrawal has stopped `row`."""
    return row.state is State.FAILED and (row.error or "").startswith(STOPPED)


def _decision(newsroom: Newsroom, ledger: Ledger, dispatch: Dispatch) -> str | None:
    """Whether the draft of `dispatch` may leave as it is now (see `Decision`)."""
    key = (dispatch.channel, dispatch.rendering)
    snapshot = LedgerSnapshot.of_renderings(ledger, [key])
    release = Release(newsroom, snapshot, datetime.now(UTC))
    drafts = (one for one in snapshot.artifacts.get(key, ()) if one.name == dispatch.artifact)
    channel = newsroom.channels[dispatch.channel]
    return next((release.of(channel, dispatch.rendering, one).state for one in drafts), None)


def needs_somebody(row: DeliveryRow) -> bool:
    """Whether somebody has to settle `row`. Nobody has to if it was refused by or for the person it
    was sent to, or if somebody has given it up."""
    if row.state is not State.FAILED:
        return row.state is State.UNCERTAIN
    error = row.error or ""
    if error.startswith((SETTLED, NO_LONGER)):
        return False
    return not ("@" in row.unit and _REFUSED.match(error) and subject_of(error) != "limit")
