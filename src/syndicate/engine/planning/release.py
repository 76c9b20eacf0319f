"""Release: whether an artifact may leave now, if not, what it is waiting for, and what a courier
has to do with it next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from syndicate.couriers import Courier, Observes, PostsThreads, Previews, Removes
from syndicate.ledger.dispatch import Dispatch, State
from syndicate.ledger.notices import is_notice
from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.ledger.stubs import is_stub
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Decision:
    """Whether an artifact may leave, and why.

    `state` is one of: "free" (its channel asks for no approval), "approved", "scheduled" (approved,
    but not before `until`), "rejected", and "waiting" (`missing` more people have to approve it).
    `artifact` has the digest of the bytes that the decision is about.
    """

    state: Literal["free", "approved", "scheduled", "rejected", "waiting"]
    artifact: StoredArtifact
    missing: int = 0
    until: datetime | None = None

    @property
    def may_leave(self) -> bool:
        """Whether the artifact may be delivered now."""
        return self.state in ("free", "approved")


Move = Literal["ask", "hand over", "go on"]
"""What a courier has to do next. "ask": find out whether what a crash left on its way has arrived.
"hand over": begin with these bytes; what has been delivered of the bytes before stays. "go on":
deliver what is left of them."""


@dataclass(frozen=True)
class Release:
    """Decides what may leave `newsroom` at the time `now`."""

    newsroom: Newsroom
    snapshot: LedgerSnapshot
    now: datetime

    def of(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> Decision:
        """The decision about `artifact` as it is now: a draft as it is in its file, a letter that
        is half sent as it was when it began to go out."""
        if artifact.draft:
            artifact = self._present(artifact)
        elif needs_approval(channel, rendering, artifact):
            artifact = self._begun(channel, rendering, artifact)
        return self.decide(channel, rendering, artifact)

    def decide(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> Decision:
        """The decision about exactly the bytes of `artifact`; any other bytes need an approval of
        their own. The only place where this is decided."""
        if not needs_approval(channel, rendering, artifact):
            return Decision("free", artifact)
        about = (channel.name, rendering, artifact.name, artifact.digest)
        reviews = self.snapshot.reviews.get(about, ())
        if any(one.verdict == "rejected" for one in reviews):
            return Decision("rejected", artifact)
        if len(reviews) < channel.approvers:
            return Decision("waiting", artifact, missing=channel.approvers - len(reviews))
        moments = (one.after for one in reviews if one.after)
        until = max(later(moments, self.now), default=None)
        return Decision("scheduled" if until else "approved", artifact, until=until)

    def awaits_approval(self, channel: Channel, rendering: str) -> bool:
        """Whether an artifact of `rendering` may not leave yet. What people edit after all of it
        has been posted waits for nobody."""
        return any(
            not self.of(channel, rendering, artifact).may_leave
            for artifact in self.snapshot.artifacts.get((channel.name, rendering), ())
            if not artifact.is_enclosed and not self._is_posted(channel, rendering, artifact)
        )

    def _is_posted(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> bool:
        about = (channel.name, rendering, artifact.name)
        couriers = couriers_of(channel, rendering)
        found = [self.snapshot.dispatches.get((*about, name)) for name in couriers]
        final = all(courier.final for courier in couriers.values())
        return bool(found) and final and all(one and one.delivered for one in found)

    def _present(self, artifact: StoredArtifact) -> StoredArtifact:
        """A draft as it is now. If its file is gone, it has no digest."""
        try:
            content = self.newsroom.draft(artifact.name)
        except OSError:
            return replace(artifact, digest="", size=0)
        return artifact.holding(content)

    def _begun(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> StoredArtifact:
        """`artifact` with the bytes that are on their way to people, if any are: what is left to
        deliver of them is theirs, whatever has been rendered since."""
        for name, courier in channel.couriers.items():
            found = self.snapshot.dispatches.get((channel.name, rendering, artifact.name, name))
            if found and courier.final and found.frozen and found.unfinished:
                return replace(artifact, digest=found.digest)
        return artifact


def needs_approval(channel: Channel, rendering: str, artifact: StoredArtifact) -> bool:
    """Whether people decide if `artifact` may leave: in a channel with `review`, of a draft, and of
    what tells people of a correction or a withdrawal. What stands in the place of a withdrawn
    article does not wait: somebody has just asked for it."""
    if is_stub(rendering):
        return False
    return channel.review or artifact.draft or is_notice(rendering)


def couriers_of(channel: Channel, rendering: str) -> Mapping[str, Courier]:
    """The couriers of `channel` that deliver `rendering`. Notices only go to people, and what
    stands in the place of an article only where files can be replaced."""
    if is_stub(rendering):
        return mirrors_of(channel)
    if not is_notice(rendering):
        return channel.couriers
    writing = (Previews, PostsThreads)
    return {name: one for name, one in channel.couriers.items() if isinstance(one, writing)}


def mirrors_of(channel: Channel) -> Mapping[str, Courier]:
    """The couriers of `channel` whose copies can be replaced and removed."""
    return {
        name: one
        for name, one in channel.couriers.items()
        if isinstance(one, Removes) and not one.final
    }


def later(times: Iterable[str], now: datetime) -> Iterator[datetime]:
    """Those of `times` (RFC 3339) that are after `now`."""
    return (moment for moment in map(datetime.fromisoformat, times) if moment > now)


def is_gone(dispatch: Dispatch | None, courier: Courier, artifact: StoredArtifact) -> bool:
    """Whether `courier` can see that the artifact is missing at its destination."""
    if dispatch is not None and not dispatch.delivered:
        return False
    return isinstance(courier, Observes) and not courier.exists(artifact.name, artifact.size)


def next_move(decision: Decision, dispatch: Dispatch | None, courier: Courier) -> Move | None:
    """What `courier` has to do next with the artifact that `decision` is about; None if that is
    nothing. `dispatch` is the last one.

    Only asking needs no approval, since it sends nothing.
    """
    artifact = decision.artifact
    if dispatch and dispatch.counts.get(State.COMMITTING):
        return "ask"
    if not decision.may_leave:
        return None
    if artifact.draft and (dispatch is None or _replaces(artifact, dispatch, courier)):
        return "hand over"
    if is_gone(dispatch, courier, artifact):
        return "hand over"
    if dispatch is None or not dispatch.unfinished or is_stuck(dispatch, courier):
        return None
    reviewed = decision.state != "free"
    return None if reviewed and dispatch.digest != artifact.digest else "go on"


def is_stuck(dispatch: Dispatch, courier: Courier) -> bool:
    """Whether `dispatch` is a thread of which somebody has to settle a post first: no post may
    stand below one that is missing."""
    unsettled = dispatch.counts.get(State.UNCERTAIN) or dispatch.counts.get(State.FAILED)
    return isinstance(courier, PostsThreads) and bool(unsettled)


def _replaces(draft: StoredArtifact, dispatch: Dispatch, courier: Courier) -> bool:
    """Whether the approved `draft` takes the place of `dispatch`; nothing of it is on its way."""
    if dispatch.digest == draft.digest:
        return False
    if not dispatch.frozen or not courier.final:
        return True
    return bool(dispatch.counts) and not dispatch.counts.get(State.UNCERTAIN)
