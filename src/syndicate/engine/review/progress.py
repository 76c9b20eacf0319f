"""How far the delivery of a draft has got, and what of it can no longer be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from syndicate.engine.planning.carrying_on import STANDING, is_reworded, reworded
from syndicate.engine.planning.release import Decision
from syndicate.errors import StoreError, SyndicateError
from syndicate.ledger.dispatch import DeliveryRow, Dispatch, State
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.channel import Channel
from syndicate.store import BlobStore

Status = Literal[
    "draft", "stale", "broken", "approved", "scheduled", "rejected",
    "posting", "partly posted", "posted", "delivering", "delivered", "failed", "uncertain",
]  # fmt: skip


def deliveries_begun(ledger: Ledger, dispatches: Iterable[Dispatch]) -> tuple[DeliveryRow, ...]:
    """The deliveries of those `dispatches` that have begun, and are not at their end, in order."""
    rows = (
        row
        for one in dispatches
        if one.frozen and one.counts
        for state in State
        for row in ledger.dispatches.rows(one.id, state)
    )
    return tuple(sorted(rows, key=lambda row: (row.dispatch, row.unit)))


def faults_of_standing(
    store: BlobStore,
    artifact: StoredArtifact,
    content: bytes,
    dispatches: Iterable[Dispatch],
    begun: Iterable[DeliveryRow],
) -> Iterator[SyndicateError]:
    """The posts that are public, or may be, and have other words in the draft `artifact` with this
    `content`."""
    for one in dispatches:
        units = [row.unit for row in begun if row.dispatch == one.id and row.state in STANDING]
        if not units or one.digest == artifact.digest:
            continue
        try:
            before = store.read(one.digest)
        except StoreError as error:
            yield error
            continue
        for unit in reworded(before, content, units):
            yield is_reworded(artifact.name, unit)


def progress(
    channel: Channel,
    decision: Decision,
    dispatches: tuple[Dispatch, ...],
    begun: tuple[DeliveryRow, ...],
) -> Status | None:
    """How far the delivery of a draft has got; None if nothing of it has left, so that it is a
    draft like any other."""
    digest = decision.artifact.digest
    own = [
        one
        for one in dispatches
        if one.frozen and (one.digest == digest or channel.couriers[one.courier].final)
    ]
    posts = any(channel.couriers[one.courier].final for one in own)  # else they are files
    if own and all(one.delivered for one in own):
        return "posted" if posts else "delivered"
    same = [one for one in own if one.digest == digest]
    if any(one.counts.get(State.COMMITTING) for one in own):
        return "posting" if posts else "delivering"
    if any(one.counts.get(State.UNCERTAIN) for one in own):
        return "uncertain"
    if any(one.counts.get(State.FAILED) for one in same):
        return "failed"
    ids = {one.id for one in own}
    has_left = any(row.state is State.DELIVERED and row.dispatch in ids for row in begun)
    if not has_left and (decision.artifact.draft or not own):
        return None
    if not posts:
        return "delivering"
    return "posting" if same == own and decision.may_leave else "partly posted"
