"""Release: whether an artifact may leave now, and if not, what it is waiting for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from syndicate.couriers import Courier, Observes
from syndicate.ledger.dispatch import Dispatch
from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Decision:
    """Whether an artifact may leave, and why.

    `state` is one of: "free" (its channel asks for no approval), "begun" (part of it has left
    with an approval, and the rest follows), "approved", "scheduled" (approved, but not before
    `until`), "rejected", and "waiting" (`missing` more people have to approve it). `artifact` has
    the digest of the bytes that the decision is about.
    """

    state: Literal["free", "begun", "approved", "scheduled", "rejected", "waiting"]
    artifact: StoredArtifact
    missing: int = 0
    until: datetime | None = None

    @property
    def may_leave(self) -> bool:
        """Whether the artifact may be delivered now."""
        return self.state in ("free", "begun", "approved")


@dataclass(frozen=True)
class Release:
    """Decides what may leave `newsroom` at the time `now`."""

    newsroom: Newsroom
    snapshot: LedgerSnapshot
    now: datetime

    def of(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> Decision:
        """The decision about `artifact` as it is now; a draft counts as it is in its file."""
        return self.decide(channel, rendering, self._present(artifact))

    def decide(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> Decision:
        """The decision about exactly the bytes of `artifact`; any other bytes need an approval of
        their own. The only place where this is decided."""
        if not (channel.review or artifact.draft):
            return Decision("free", artifact)
        if begun := self._begun(channel, rendering, artifact):
            return Decision("begun", replace(artifact, digest=begun.digest))
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
        """Whether an artifact of `rendering` may not leave yet."""
        return any(
            not self.of(channel, rendering, artifact).may_leave
            for artifact in self.snapshot.artifacts.get((channel.name, rendering), ())
            if not artifact.is_enclosed
        )

    def _present(self, artifact: StoredArtifact) -> StoredArtifact:
        """`artifact` as it is now. A draft whose file is gone has no digest."""
        if not artifact.draft:
            return artifact
        try:
            content = (self.newsroom.drafts / artifact.name).read_bytes()
        except OSError:
            return replace(artifact, digest="", size=0)
        return artifact.holding(content)

    def _begun(self, channel: Channel, rendering: str, artifact: StoredArtifact) -> Dispatch | None:
        """The dispatch of a draft that is under way, whatever has happened to its file since."""
        for name in channel.couriers if artifact.draft else ():
            found = self.snapshot.dispatches.get((channel.name, rendering, artifact.name, name))
            if found and found.frozen and found.unfinished:
                return found
        return None


def later(times: Iterable[str], now: datetime) -> Iterator[datetime]:
    """Those of `times` (RFC 3339) that are after `now`."""
    return (moment for moment in map(datetime.fromisoformat, times) if moment > now)


def is_gone(dispatch: Dispatch | None, courier: Courier, artifact: StoredArtifact) -> bool:
    """Whether `courier` can see that the artifact is missing at its destination."""
    if dispatch is not None and not dispatch.delivered:
        return False
    return isinstance(courier, Observes) and not courier.exists(artifact.name, artifact.size)


def is_to_hand_over(dispatch: Dispatch | None, courier: Courier, draft: StoredArtifact) -> bool:
    """Whether an approved `draft` still has to be queued for `courier`."""
    if dispatch is None or is_gone(dispatch, courier, draft):
        return True
    stands = dispatch.frozen and (courier.final or dispatch.unfinished)
    return dispatch.digest != draft.digest and not stands
