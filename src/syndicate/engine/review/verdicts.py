"""Approving and rejecting drafts. A verdict is about exactly the bytes that were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Literal

from syndicate.engine.planning.planner import Planner
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.engine.review.drafts import DraftDesk
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.errors import DraftError, MissingBlobError, Problems, UsageError
from syndicate.ledger.dispatch import Change, State
from syndicate.ledger.draft_heads import DraftKey
from syndicate.ledger.leases import Lease, delivery_lease
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.notices import is_notice
from syndicate.ledger.records import Review, dropped_review
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import draft_with_keys


@dataclass(frozen=True)
class Waiver:
    """What an approver takes responsibility for: numbers and quotations that are right although
    the article does not have them (`confirmed`), and a draft that is older than its article
    (`stale`)."""

    confirmed: tuple[str, ...] = ()
    stale: bool = False


NO_WAIVER = Waiver()


def approve_draft(
    newsroom: Newsroom, name: str, by: str, *, waiver: Waiver = NO_WAIVER, note: str = ""
) -> TrackedDraft:
    """Approve the draft `name` as it is now. Any later edit undoes the approval.

    Args:
        by: the approver.
        waiver: what else they take responsibility for.

    Raises:
        DraftError: it cannot be approved like this (Problems, if there are several reasons).
        SyndicateError: there is no such draft, all of it has left already, or a run is delivering
            it.
    """
    with undelivered(newsroom, name) as (desk, leases, draft):
        gone = draft.article and draft.article.status == "withdrawn"
        if draft.article and gone and not is_notice(draft.rendering):
            raise UsageError(
                f"{draft.name}: its article is withdrawn",
                hint=f"to publish it again: syndicate restore {draft.article.slug}",
            )
        if draft.is_stale and not waiver.stale:
            raise UsageError(
                f"{draft.name}: the article has changed since it was drafted",
                hint="read it again and approve it with --stale, or delete the file and run publish"
                " to get a new one",
            )
        keys: dict[str, str | list[str]] = {}
        if waiver.confirmed and draft.thread:
            confirmed = (*draft.thread.confirmed, *waiver.confirmed)
            keys["confirmed"] = list(dict.fromkeys(confirmed))
        if draft.article:
            keys["digest"] = draft.article.digest
        judged = _judged(desk, draft, {"status": "approved", **keys})
        if judged.faults:
            raise judged.faults[0] if len(judged.faults) == 1 else Problems(judged.faults)
        _write(newsroom, desk.ledger, judged)
        desk.ledger.review(_review(judged, by, "approved", note), leases)
        _try_refused_again(desk, judged)
        return _as_recorded(desk, judged)


def reject_draft(newsroom: Newsroom, name: str, by: str, note: str = "") -> TrackedDraft:
    """Reject the draft `name`: what has not left cannot leave until somebody edits it. A run that
    is delivering it stops before its next post.

    Raises:
        SyndicateError: there is no such draft, or all of it has left already.
    """
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        desk = DraftDesk(Planner.of(newsroom, ledger))
        draft = desk.find(name)
        _refuse_posted(draft)
        if draft.file and _has_changed_elsewhere(newsroom, desk, draft):
            raise DraftError(
                f"{draft.name} was edited on another machine",
                hint=f"that version is in drafts/{draft.name} now: read it first",
            )
        judged = _judged(desk, draft, {"status": "rejected"})
        _write(newsroom, ledger, judged)
        ledger.review(_review(judged, by, "rejected", note))
        return _as_recorded(desk, judged)


def close_thread(newsroom: Newsroom, name: str, by: str, note: str = "") -> TrackedDraft:
    """Leave the thread `name` as it stands: what has not been posted of it never will be.

    Raises:
        UsageError: nothing of it is public, or all of it.
        SyndicateError: there is no such draft, or a run is delivering it.
    """
    with undelivered(newsroom, name) as (desk, leases, draft):
        if any(row.state is State.COMMITTING for row in draft.begun):
            raise UsageError(
                f"{draft.name}: a run was cut off while it was posting",
                hint="syndicate publish asks whether the post arrived; then run this again",
            )
        if not draft.standing:
            raise UsageError(
                f"{draft.name}: nothing of it is public",
                hint=f"to post none of it: syndicate drafts reject {draft.name}",
            )
        for dispatch in draft.dispatches:
            if dispatch.frozen:
                desk.ledger.dispatches.close(desk.ledger.leases, leases, dispatch, by, note)
        return _as_recorded(desk, draft)


def note_draft_edit(newsroom: Newsroom, draft: TrackedDraft, by: str) -> None:
    """Record that `by` edited `draft`, which had been approved or rejected.

    Edits in a text editor are not recorded; the next verdict shows them by its digest.
    """
    with ledger_of(newsroom) as ledger:
        for review in draft.reviews:
            ledger.events.add(dropped_review(review, by, "the draft was edited"))


def last_approved_draft(newsroom: Newsroom, draft: TrackedDraft) -> bytes | None:
    """The bytes of `draft` when it was last approved; None if it never was."""
    approved = [one for one in (*draft.earlier, *draft.reviews) if one.verdict == "approved"]
    for review in sorted(approved, key=lambda one: one.at, reverse=True):
        with suppress(MissingBlobError):
            return newsroom.store.read(review.digest)
    return None


@contextmanager
def undelivered(
    newsroom: Newsroom, name: str
) -> Iterator[tuple[DraftDesk, tuple[Lease, ...], TrackedDraft]]:
    """The draft `name`, of which not all has left yet, and the leases that keep runs from
    delivering it as long as the block lasts.

    Raises:
        UsageError: there is no such draft, or all of it has left.
        LockedError: a run is delivering it.
    """
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        desk = DraftDesk(Planner.of(newsroom, ledger))
        draft = desk.find(name)
        about = (draft.channel.name, draft.rendering, draft.name)
        keys = [(*about, courier) for courier in draft.channel.couriers]
        names = [delivery_lease(*key) for key in keys]
        with ledger.leases.taken(names, f"{draft.name} is being delivered") as leases:
            before = desk.snapshot.dispatches
            if any(ledger.dispatches.latest(key) != before.get(key) for key in keys):
                desk = DraftDesk(Planner.of(newsroom, ledger))
                draft = desk.find(f"{draft.channel.name}/{draft.name}")
            changed = bool(draft.file) and _has_changed_elsewhere(newsroom, desk, draft)
            if changed:
                desk = DraftDesk(desk.planner)
                draft = desk.find(f"{draft.channel.name}/{draft.name}")
            _refuse_posted(draft)
            if changed:
                judged = draft.status in ("approved", "scheduled", "rejected")
                raise DraftError(
                    f"{draft.name} was {draft.status if judged else 'edited'} on another machine",
                    hint=f"that version is in drafts/{draft.name} now: read it first",
                )
            yield desk, leases, draft


def _refuse_posted(draft: TrackedDraft) -> None:
    if draft.is_posted:
        raise UsageError(
            f"{draft.name} has left: it is {draft.status}",
            hint=f"see its posts: syndicate drafts status {draft.name}",
        )


def _has_changed_elsewhere(newsroom: Newsroom, desk: DraftDesk, draft: TrackedDraft) -> bool:
    """Whether the file of `draft` was not the latest, and now is."""
    rendered = desk.snapshot.artifacts[draft.channel.name, draft.rendering]
    placed = next(one.digest for one in rendered if one.name == draft.name)
    return DraftFiles(newsroom, desk.ledger).refresh(_key(draft), placed)


def _try_refused_again(desk: DraftDesk, draft: TrackedDraft) -> None:
    """Let posts of exactly these bytes that were refused be tried again, now that somebody has
    approved them once more."""
    own = {one.id for one in draft.dispatches if one.digest == draft.digest}
    refused = [r for r in draft.begun if r.dispatch in own and r.state is State.FAILED]
    again = [Change(replace(row, state=State.PENDING), State.FAILED) for row in refused]
    if again:
        desk.ledger.dispatches.resolve(again)


def _key(draft: TrackedDraft) -> DraftKey:
    return draft.channel.name, draft.rendering, draft.name


def _judged(
    desk: DraftDesk, draft: TrackedDraft, keys: Mapping[str, str | list[str]]
) -> TrackedDraft:
    """`draft` with `keys` in its file. Drafts that are not threads are returned unchanged."""
    if not draft.thread or not draft.file:
        return draft
    return desk.edited(draft, draft_with_keys(draft.content, keys))


def _write(newsroom: Newsroom, ledger: Ledger, judged: TrackedDraft) -> None:
    if judged.file:
        DraftFiles(newsroom, ledger).edit(_key(judged), judged.content)


def _review(
    judged: TrackedDraft, by: str, verdict: Literal["approved", "rejected"], note: str
) -> Review:
    after = judged.thread.schedule if judged.thread else None
    return Review(
        *(judged.channel.name, judged.rendering, judged.name, judged.digest),
        by=by,
        verdict=verdict,
        note=note,
        after=after.astimezone(UTC).isoformat() if after else None,
    )


def _as_recorded(desk: DraftDesk, judged: TrackedDraft) -> TrackedDraft:
    """The draft with the verdict that was just recorded."""
    return DraftDesk(Planner.of(desk.newsroom, desk.ledger)).find(
        f"{judged.channel.name}/{judged.name}"
    )
