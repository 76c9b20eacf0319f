"""What may leave now, and what waits for somebody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from syndicate.couriers import Courier, Observes
from syndicate.engine.dispatch import Dispatch
from syndicate.engine.records import Review, StoredArtifact
from syndicate.engine.remembered import Remembered
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


def is_gone(dispatch: Dispatch | None, courier: Courier, artifact: StoredArtifact) -> bool:
    """Whether `courier` sees that what was delivered, or what it was never given, is not there."""
    if dispatch is not None and not dispatch.delivered:
        return False
    return isinstance(courier, Observes) and not courier.stands(artifact.name, artifact.size)


def is_to_hand_over(dispatch: Dispatch | None, courier: Courier, draft: StoredArtifact) -> bool:
    """Whether `courier` has yet to be given an approved `draft`."""
    if dispatch is None or is_gone(dispatch, courier, draft):
        return True
    stands = dispatch.frozen and (courier.final or dispatch.unfinished)
    return dispatch.digest != draft.digest and not stands


def leaving(
    newsroom: Newsroom,
    channel: Channel,
    unit: str,
    artifact: StoredArtifact,
    remembered: Remembered,
    now: datetime,
) -> StoredArtifact | None:
    """`artifact` as it may leave at `now`, a draft with what stands in its file; None while it
    waits for approval, which binds to these very bytes.

    What was begun with an approval is brought to its end, whatever became of the file since.
    """
    if not (channel.review or artifact.draft):
        return artifact
    key = (channel.name, unit, artifact.name)
    if artifact.draft:
        for name in channel.couriers:
            dispatch = remembered.dispatches.get((*key, name))
            if dispatch and dispatch.frozen and dispatch.unfinished:
                return replace(artifact, digest=dispatch.digest)
        try:
            content = (newsroom.drafts / artifact.name).read_bytes()
        except OSError:
            return None
        digest = hashlib.sha256(content).hexdigest()
        artifact = replace(artifact, digest=digest, size=len(content))
    reviews = remembered.reviews.get((*key, artifact.digest), ())
    if any(one.verdict == "rejected" or _is_later(one, now) for one in reviews):
        return None
    return artifact if len(reviews) >= channel.approvers else None


def awaits(
    newsroom: Newsroom, channel: Channel, unit: str, remembered: Remembered, now: datetime
) -> bool:
    """Whether something of `unit` waits for somebody."""
    return any(
        leaving(newsroom, channel, unit, artifact, remembered, now) is None
        for artifact in remembered.artifacts.get((channel.name, unit), ())
        if not artifact.is_enclosed
    )


def scheduled(channel: Channel, remembered: Remembered, now: datetime) -> Iterator[datetime]:
    """The moments after which something approved may leave."""
    for reviews in remembered.reviews.values():
        for one in reviews:
            if one.channel == channel.name and one.after and _is_later(one, now):
                yield datetime.fromisoformat(one.after)


def _is_later(review: Review, now: datetime) -> bool:
    return review.after is not None and datetime.fromisoformat(review.after) > now
