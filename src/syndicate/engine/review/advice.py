"""What is the case with a draft that is not posted, or not all of it, and what can be done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from shlex import quote

from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.ledger.dispatch import DeliveryRow, State


@dataclass(frozen=True)
class Advice:
    """What is the case, and what can be done: each as a label and the finished command."""

    message: str
    commands: tuple[tuple[str, str], ...] = ()


def advice_on(draft: TrackedDraft, rows: Collection[DeliveryRow]) -> Advice | None:
    """What people should know of `draft`, whose deliveries are `rows`; None if all is well."""
    posts = len(draft.thread.posts) if draft.thread else len(rows)
    public = sum(row.state is State.DELIVERED for row in rows)
    name = quote(draft.name)
    approve = ("approve it", f"syndicate drafts approve {name}")
    edit = ("change it", f"syndicate drafts edit {name}")
    close = ("post none of the rest", f"syndicate drafts close {name}")
    if not public:
        close = ("post none of it", f"syndicate drafts reject {name}")
    stands = f"{public} of {posts} posts {'is' if public == 1 else 'are'} public"
    match draft.status:
        case "posted" if public < posts:
            return Advice(f"{stands}. The thread was closed: the rest is never posted.")
        case "partly posted":
            told = f"{stands}. The others can be changed; they wait for approval."
            return Advice(told, (edit, approve, close))
        case "failed":
            unit = next((row.unit for row in rows if row.state is State.FAILED), "")
            about = f"--channels {quote(draft.channel.name)} --artifact {name}"
            again = ("send it again", f"syndicate deliveries retry {unit} {about}")
            told = f"{stands}. Post {unit} was refused: {draft.trouble}."
            return Advice(told, (edit, approve, again, close))
        case "uncertain":
            unit = next((row.unit for row in rows if row.state is State.UNCERTAIN), "")
            about = f"{unit} --channels {quote(draft.channel.name)} --artifact {name}"
            return Advice(
                f"{stands}. Nobody knows whether post {unit} arrived: {draft.trouble}.",
                (
                    ("if it arrived", f"syndicate deliveries resolve {about} --as delivered"),
                    ("if not", f"syndicate deliveries retry {about}"),
                    close,
                ),
            )
        case "posting" | "approved" if draft.trouble:
            told = f"{stands}. Not posted yet: {draft.trouble}. The next run tries again."
            return Advice(told, (edit, close))
        case "posting":
            return Advice(f"{stands}. The next run goes on.", (edit, close))
    return None
