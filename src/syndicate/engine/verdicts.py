"""What people say of drafts: a verdict binds to the very bytes that they have read."""

from __future__ import annotations

from datetime import UTC
from typing import Literal

from syndicate.atomic import write_whole
from syndicate.engine.drafts import UNDER_WAY, Desk, Draft
from syndicate.engine.ledger import ledger_of
from syndicate.engine.lock import lock
from syndicate.engine.records import Review
from syndicate.errors import Problems, UsageError
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import with_keys


def approve(
    newsroom: Newsroom,
    name: str,
    by: str,
    *,
    confirmed: tuple[str, ...] = (),
    stale: bool = False,
    note: str = "",
) -> Draft:
    """Let the draft `name` leave, as it stands now: any edit undoes it.

    Args:
        by: who answers for it.
        confirmed: numbers and quotations that are right although the article lacks them.
        stale: also if the article has changed since it was drafted.

    Raises:
        DraftError: it cannot leave like this; Problems of them, if it is several things.
        SyndicateError: there is no such draft, it has left already, or another run is at work.
    """
    return _judge(newsroom, name, by, "approved", note, confirmed, stale)


def reject(newsroom: Newsroom, name: str, by: str, note: str = "") -> Draft:
    """Keep the draft `name` from leaving until somebody edits it.

    Raises:
        SyndicateError: there is no such draft, it has left already, or another run is at work.
    """
    return _judge(newsroom, name, by, "rejected", note)


def last_approved(newsroom: Newsroom, draft: Draft) -> bytes | None:
    """What `draft` was when somebody last approved it, None if nobody has."""
    approved = [one for one in (*draft.earlier, *draft.reviews) if one.verdict == "approved"]
    for review in sorted(approved, key=lambda one: one.at, reverse=True):
        file = newsroom.state / "approved" / review.digest
        if file.is_file():
            return file.read_bytes()
    return None


def _judge(
    newsroom: Newsroom,
    name: str,
    by: str,
    verdict: Literal["approved", "rejected"],
    note: str,
    confirmed: tuple[str, ...] = (),
    stale: bool = False,
) -> Draft:
    with lock(newsroom.state), ledger_of(newsroom) as ledger:
        desk = Desk(newsroom, ledger)
        draft = desk.find(name)
        if draft.status in UNDER_WAY:
            raise UsageError(
                f"{draft.name} has left: it is {draft.status}",
                hint=f"what became of it: syndicate drafts status {draft.name}",
            )
        if verdict == "approved" and draft.is_stale and not stale:
            raise UsageError(
                f"{draft.name}: the article has changed since it was drafted",
                hint="read it again, then approve it with --stale; or delete the file and publish"
                " for a new one",
            )
        if draft.thread and draft.file:
            values: dict[str, str | list[str]] = {"status": verdict}
            if confirmed:
                values["confirmed"] = list(dict.fromkeys([*draft.thread.confirmed, *confirmed]))
            if verdict == "approved" and draft.article:
                values["digest"] = draft.article.digest
            content = with_keys(draft.content, values)
            judged = desk.draft(draft.channel, draft.unit, draft.name, content, draft.file)
        else:
            judged = draft
        if verdict == "approved" and judged.faults:
            faults = judged.faults
            raise faults[0] if len(faults) == 1 else Problems(faults)
        if judged.file and judged.content != draft.content:
            write_whole(judged.file, judged.content)
        if verdict == "approved" and judged.file:
            write_whole(newsroom.state / "approved" / judged.digest, judged.content)
        after = judged.thread.schedule if judged.thread else None
        ledger.review(
            Review(
                *(judged.channel.name, judged.unit, judged.name, judged.digest),
                by=by,
                verdict=verdict,
                note=note,
                after=after.astimezone(UTC).isoformat() if after else None,
            )
        )
        return Desk(newsroom, ledger).find(f"{judged.channel.name}/{judged.name}")
