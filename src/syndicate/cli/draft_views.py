"""How a draft is shown, on a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from syndicate import console
from syndicate.console import counted_noun, local_time_to_print

if TYPE_CHECKING:
    from syndicate.adapters.social.provenance import Traced
    from syndicate.couriers import Request
    from syndicate.engine.review.tracked_draft import TrackedDraft
    from syndicate.ledger.dispatch import DeliveryRow


def draft_name_to_print(draft: TrackedDraft) -> str:
    """The name that the `drafts` commands know it by."""
    return draft.name if draft.file else f"{draft.channel.name}/{draft.name}"


def approvers_to_print(draft: TrackedDraft) -> str:
    """The names of the people who approved it."""
    return ", ".join(one.by for one in draft.reviews)


def draft_table_row(draft: TrackedDraft) -> tuple[str, ...]:
    """Name, status, number of posts, approvers and title, as the row of a table."""
    posts = str(len(draft.thread.posts)) if draft.thread else ""
    problems = f" ({counted_noun(len(draft.faults), 'problem')})" if draft.faults else ""
    return (
        draft_name_to_print(draft),
        draft.status + problems,
        posts,
        approvers_to_print(draft),
        _title(draft),
    )


def print_draft_head(draft: TrackedDraft) -> None:
    """Print its name, status and title."""
    console.print_data(f"{draft_name_to_print(draft)}  {draft.status}  {_title(draft)}".rstrip())
    if draft.is_stale:
        console.print_warning("the article has changed since this draft was written")


def print_letter(draft: TrackedDraft, readers: int) -> None:
    """Print the subject and the text of a letter, as a reader without a name gets it, and how many
    `readers` it goes to."""
    if draft.letter is None:
        return
    from syndicate.letter import Subscriber
    from syndicate.letter.merge import fill_merge

    reader = Subscriber()
    console.print_data(f"\nSubject: {draft.letter.subject_for(reader)}\n")
    console.print_data(fill_merge(draft.letter.text, reader))
    if not draft.is_posted:
        console.print_message(f"It goes to {counted_noun(readers, 'reader')}.")


def print_posts(draft: TrackedDraft) -> None:
    """Print each post with its length and price, followed by the sources of its sentences."""
    for number, (post, pieces) in enumerate(zip(_posts(draft), _pieces(draft), strict=True), 1):
        over = "" if post["fits"] else "  TOO LONG"
        cost = f"  {_dollars(draft.costs[number - 1])}" if draft.cost else ""
        console.print_data(
            f"\n{number}/{len(draft.costs)}  {post['length']} of {post['limit']}{over}{cost}"
        )
        for line in post["text"].split("\n"):
            console.print_data(f"  {line}".rstrip())
        for piece in pieces:
            if piece.place is None:
                console.print_data(f"    ✎ edited: {piece.text}")
            elif piece.source == piece.text:
                console.print_data(f"    = {piece.place}")
            else:
                console.print_data(f"    = {piece.place}: {piece.source}")
    for image in draft.thread.images if draft.thread else ():
        console.print_data(f"\nimage {image.src}: {image.alt or 'no alt text'}")
    if draft.cost:
        console.print_data(f"\ntotal: {_dollars(draft.cost)}")


def print_faults(draft: TrackedDraft) -> None:
    """Print the problems that block its approval."""
    for fault in draft.faults:
        console.print_warning(str(fault) + (f"\n  hint: {fault.hint}" if fault.hint else ""))


def print_cautions(draft: TrackedDraft) -> None:
    """Print what to look at before approving it."""
    for one in draft.cautions():
        paid = one.kind == "link" and draft.cost
        cost = f"; with it the post costs {_dollars(draft.costs[one.post - 1])}" if paid else ""
        console.print_warning(f"{draft_name_to_print(draft)}: {one.message}{cost}")


def print_alternatives(draft: TrackedDraft) -> None:
    """Print what else each post could say, and why."""
    for number, others in enumerate(draft.alternatives(), 1):
        console.print_data(
            f"\ninstead of post {number}:" if others else f"\npost {number}: nothing else"
        )
        for at, other in enumerate(others, 1):
            console.print_data(f"  {at}. {other.why}")
            for line in other.text.split("\n"):
                console.print_data(f"     {line}".rstrip())


def alternatives_as_json(draft: TrackedDraft) -> list[list[dict[str, str]]]:
    """What else each post could say, and why."""
    return [
        [{"text": one.text, "why": one.why} for one in others] for others in draft.alternatives()
    ]


def print_verdicts(draft: TrackedDraft, zone: tzinfo) -> None:
    """Print all approvals and rejections, including those that an edit cancelled."""
    for one in (*draft.earlier, *draft.reviews):
        cancelled = "" if one in draft.reviews else " (cancelled by an edit)"
        verdict = f"{one.verdict} by {one.by}{cancelled}"
        console.print_data(f"{local_time_to_print(one.at, zone)}  {verdict}  {one.note}".rstrip())


def print_requests(draft: TrackedDraft, asked: list[Request]) -> None:
    """Print the requests that posting it would send, and their price."""
    if not asked:
        file = f"channels/{draft.channel.name}.toml"
        console.print_warning(
            f"{draft.name}: its channel does not post anywhere\n"
            f"  hint: add [deliver] with via = … to {file}"
        )
        return
    for one in asked:
        console.print_data(f"{one.method} {one.url}")
        for key, value in one.body.items():
            console.print_data(f"  {key}: {json.dumps(value, ensure_ascii=False)}")
    console.print_data(
        f"{draft.name}: {counted_noun(len(asked), 'request')}, {_dollars(draft.cost)}"
    )


def print_deliveries(rows: tuple[DeliveryRow, ...], zone: tzinfo) -> None:
    """Print the result of each post."""
    for row in rows:
        result = row.url or row.remote_id or row.error or ""
        time = local_time_to_print(row.at, zone)
        console.print_data(f"{time:<17}  {row.unit}  {row.state}  {result}".rstrip())


def print_advice(draft: TrackedDraft, rows: tuple[DeliveryRow, ...]) -> None:
    """Print what is the case with posts that are not public, and what can be done."""
    from syndicate.engine.review.advice import advice_on

    if advice := advice_on(draft, rows):
        console.print_message(advice.message)
        for label, command in advice.commands:
            console.print_message(f"  {label}: {command}")


def draft_as_json(draft: TrackedDraft) -> dict[str, Any]:
    """A draft as JSON."""
    return {
        "draft": draft.name,
        "channel": draft.channel.name,
        "article": draft.rendering,
        "status": draft.status,
        "stale": draft.is_stale,
        "public": sorted(draft.standing),
        "trouble": draft.trouble,
        "digest": draft.digest,
        "cost": draft.cost,
        "posts": _posts(draft),
        "faults": [str(fault) for fault in draft.faults],
        "cautions": [
            {"post": one.post, "kind": one.kind, "text": one.text} for one in draft.cautions()
        ],
        "reviews": [
            {"by": one.by, "at": one.at, "verdict": one.verdict, "note": one.note}
            for one in draft.reviews
        ],
    }


def pieces_as_json(draft: TrackedDraft) -> list[list[dict[str, Any]]]:
    """The sentences of each post and their sources, as JSON."""
    return [
        [
            {"text": one.text, "place": one.place and str(one.place), "source": one.source}
            for one in pieces
        ]
        for pieces in _pieces(draft)
    ]


def requests_as_json(draft: TrackedDraft, asked: list[Request]) -> dict[str, Any]:
    """The requests that posting it would send, as JSON."""
    listed = [{"method": one.method, "url": one.url, "body": one.body} for one in asked]
    return {"draft": draft.name, "cost": draft.cost, "requests": listed}


def deliveries_as_json(rows: tuple[DeliveryRow, ...]) -> list[dict[str, Any]]:
    """The result of each post, as JSON."""
    return [
        {"unit": row.unit, "state": row.state, "at": row.at, "id": row.remote_id,
         "url": row.url, "error": row.error}
        for row in rows
    ]  # fmt: skip


def _posts(draft: TrackedDraft) -> list[dict[str, Any]]:
    """Each post with its length, as JSON."""
    from syndicate.adapters.social.adapter import ThreadAdapter

    adapter = draft.channel.adapter
    if draft.thread is None or not isinstance(adapter, ThreadAdapter):
        return []
    count = adapter.counter
    return [
        {"text": text, "length": count.length(text), "limit": count.limit}
        | {"fits": adapter.fits(text)}
        for text in draft.thread.posts
    ]


def _pieces(draft: TrackedDraft) -> Sequence[tuple[Traced, ...]]:
    """The sentences of each post with their sources."""
    return draft.pieces() or [()] * len(draft.thread.posts if draft.thread else ())


def _title(draft: TrackedDraft) -> str:
    return draft.summary.title if draft.summary else ""


def _dollars(cost: float) -> str:
    return f"${cost:,.3f}" if cost else "free"
