"""Answers: drafts that go below the last post of a thread that stands.

A correction and a withdrawal are answered in the same way. The adapter says which draft an answer
`follows`; here it is found out whether that thread stands, and which post is its last. Where public
posts can be edited, a correction becomes an edit of them instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from syndicate.adapters import Draft
from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.couriers import EditsPosts, PostsThreads, Receipt
from syndicate.engine.rendering.rendered import Rendered
from syndicate.errors import MissingBlobError, Problems, SourceError
from syndicate.ledger.dispatch import Dispatch, State
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import draft_with_keys, read_draft, write_draft


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
    content = newsroom.store.read(artifact.digest)
    name = artifact.name.replace(".correction-", ".edit-")
    edit = _edit(newsroom, ledger, dispatch, name, content) if step.notice is None else None
    if edit is None:
        name, edit = artifact.name, draft_with_keys(content, {"reply_to": last})
    newsroom.store.put(edit)
    yield StoredArtifact.of(Draft(name, artifact.media_type, edit))


def _edit(
    newsroom: Newsroom, ledger: Ledger, thread: Dispatch, name: str, answer: bytes
) -> bytes | None:
    """The draft `name`, which edits the posts of `thread`: they are as they stand, and below the
    first that has room for it is what `answer` says. People correct the words themselves. None if
    posts cannot be edited there, or have no room."""
    channel = newsroom.channels[thread.channel]
    courier, adapter = channel.couriers[thread.courier], channel.adapter
    if not isinstance(courier, EditsPosts) or not isinstance(adapter, ThreadAdapter):
        return None
    rows = [row for row in ledger.dispatches.rows(thread.id, State.DELIVERED) if row.remote_id]
    try:
        latest = newsroom.store.read(_last_edit(ledger, thread, name).digest)
        posts, said = list(read_draft(latest, name).posts[: len(rows)]), read_draft(answer, name)
    except (SourceError, Problems, MissingBlobError):
        return None
    note = " ".join(post.removesuffix(said.link).strip() for post in said.posts).strip()
    longer = ((number, f"{post}\n\n{note}") for number, post in enumerate(posts))
    found = next(((number, text) for number, text in longer if adapter.fits(text)), None)
    if found is None:
        return None
    posts[found[0]] = found[1]
    edits = courier.editable([Receipt(row.remote_id or "", row.url) for row in rows])
    return write_draft(said.model_copy(update={"posts": tuple(posts), "edits": edits}))


def _last_edit(ledger: Ledger, thread: Dispatch, name: str) -> Dispatch:
    """The last edit of `thread` before the draft `name` that is public, or the thread itself."""
    before, _, number = name.removesuffix(".md").rpartition("-")
    for earlier in range(int(number) - 1, 0, -1):
        key = (thread.channel, thread.rendering, f"{before}-{earlier}.md", thread.courier)
        found = ledger.dispatches.latest(key)
        if found and found.delivered:
            return found
    return thread
