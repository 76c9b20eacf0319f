"""Answers: drafts that go below the last post of a thread that stands.

A correction and a withdrawal are answered in the same way. The adapter says which draft an answer
`follows`; here it is found out whether that thread stands, and which post is its last.
"""

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
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import draft_with_keys


def with_answers(newsroom: Newsroom, ledger: Ledger, rendered: Rendered) -> Rendered:
    """`rendered` with each answer set to reply to the last post of its thread.

    An answer is left out if its thread was never published, or was published after the day that the
    answer is about.

    Raises:
        StoreError: the store cannot be used.
    """
    kept = (
        answered
        for artifact in rendered.artifacts
        for answered in _answered(newsroom, ledger, rendered, artifact)
    )
    return replace(rendered, artifacts=tuple(kept))


def last_post_of(
    newsroom: Newsroom, ledger: Ledger, channel: str, article: str, thread: str
) -> tuple[Dispatch, str] | None:
    """The dispatch of the draft `thread` about `article`, and what its platform calls its last post
    that stands; None if nothing of it does.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    for name, courier in newsroom.channels[channel].couriers.items():
        if not isinstance(courier, PostsThreads):
            continue
        dispatch = ledger.dispatches.latest((channel, article, thread, name))
        if dispatch is None or not dispatch.frozen:
            continue
        rows = ledger.dispatches.rows(dispatch.id, State.DELIVERED)
        receipts = [Receipt(row.remote_id, row.url) for row in rows if row.remote_id]
        if last := courier.last_post(receipts):
            return dispatch, last
    return None


def _answered(
    newsroom: Newsroom, ledger: Ledger, rendered: Rendered, artifact: StoredArtifact
) -> Iterator[StoredArtifact]:
    if not artifact.follows:
        yield artifact
        return
    step = rendered.step
    found = last_post_of(newsroom, ledger, step.channel, step.members[0], artifact.follows)
    if found is None or artifact.on is None:
        return
    dispatch, last = found
    if not (dispatch.delivered or step.notice):
        return  # the rest of the thread will have the correction
    published = datetime.fromisoformat(dispatch.at).astimezone(newsroom.publication.zone)
    if published.date() > artifact.on:
        return
    content = draft_with_keys(newsroom.store.read(artifact.digest), {"reply_to": last})
    newsroom.store.put(content)
    yield StoredArtifact.of(Draft(artifact.name, artifact.media_type, content))
