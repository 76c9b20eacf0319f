"""Corrections: drafts that reply to a thread that has already been published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from syndicate.adapters import Draft
from syndicate.couriers import PostsThreads, Receipt
from syndicate.engine.rendering.rendered import Rendered
from syndicate.ledger.dispatch import Dispatch, State
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import draft_with_keys


def with_corrections(
    newsroom: Newsroom, ledger: Ledger, rendered: Rendered, snapshot: LedgerSnapshot
) -> Rendered:
    """`rendered` with each correction set to reply to the last post of its thread.

    A correction is left out if its thread was never published, or was published after the
    correction's date.

    Raises:
        StoreError: the store cannot be used.
    """
    kept = (
        answered
        for artifact in rendered.artifacts
        for answered in _answered(newsroom, ledger, rendered, snapshot, artifact)
    )
    return replace(rendered, artifacts=tuple(kept))


def _answered(
    newsroom: Newsroom,
    ledger: Ledger,
    rendered: Rendered,
    snapshot: LedgerSnapshot,
    artifact: StoredArtifact,
) -> Iterator[StoredArtifact]:
    if not artifact.follows:
        yield artifact
        return
    step, channel = rendered.step, newsroom.channels[rendered.step.channel]
    for name, courier in channel.couriers.items():
        if not isinstance(courier, PostsThreads):
            continue
        key = (step.channel, step.key, artifact.follows, name)
        dispatch = snapshot.dispatches.get(key)
        last = courier.last_post(_receipts(ledger, dispatch)) if dispatch else None
        if dispatch is None or last is None or artifact.on is None:
            continue
        published = datetime.fromisoformat(dispatch.at).astimezone(newsroom.publication.zone)
        if published.date() > artifact.on:
            continue
        content = draft_with_keys(newsroom.store.read(artifact.digest), {"reply_to": last})
        newsroom.store.put(content)
        yield StoredArtifact.of(Draft(artifact.name, artifact.media_type, content))
        return


def _receipts(ledger: Ledger, dispatch: Dispatch) -> list[Receipt]:
    """The receipts of a thread's posts, in order; none until all of it is published."""
    if not dispatch.delivered:
        return []
    rows = ledger.dispatches.rows(dispatch.id, State.DELIVERED)
    return [Receipt(row.remote_id, row.url) for row in rows if row.remote_id]
