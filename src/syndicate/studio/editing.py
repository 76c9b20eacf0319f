"""Editing a draft in the browser: from the submitted form to the draft file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.sentences import sentence_spans
from syndicate.article import Article
from syndicate.atomic import write_whole
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.errors import DraftError, UsageError
from syndicate.studio.numbers import small_number
from syndicate.thread import ThreadDraft, write_draft

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class DraftForm:
    """A submitted form: the texts of the posts, the alt texts, the scheduled time, and the
    `digest` of the file that the person saw when they started to edit."""

    digest: str
    posts: tuple[str, ...]
    alts: tuple[str, ...]
    schedule: str

    @classmethod
    def of(cls, form: Form) -> DraftForm:
        """The edit in `form`. Browsers send line breaks as CRLF; here they become newlines."""
        posts = (post.replace("\r\n", "\n").strip() for post in form.get("post", ()))
        return cls(
            form.get("digest", [""])[0],
            tuple(posts),
            tuple(alt.strip() for alt in form.get("alt", ())),
            form.get("schedule", [""])[0].strip(),
        )


class ConflictError(DraftError):
    """Someone else changed the file in the meantime."""


def save_draft_form(draft: TrackedDraft, edit: DraftForm) -> bytes:
    """Write `edit` to the file of `draft`, whole or not at all, and return the file's content.

    Raises:
        ConflictError: the file changed while it was edited.
        DraftError: the edit does not make a valid draft.
    """
    if draft.file is None or draft.thread is None:
        raise UsageError(f"{draft.name} cannot be edited here: it is not a thread")
    content = thread_with_form(draft.thread, edit)
    present = draft.file.read_bytes()
    if content == present:
        return content
    if hashlib.sha256(present).hexdigest() != edit.digest:
        raise ConflictError(f"{draft.name} was changed by someone else while you were editing it")
    write_whole(draft.file, content)
    return content


def thread_with_form(thread: ThreadDraft, edit: DraftForm) -> bytes:
    """The content of the draft file of `thread` with `edit` applied.

    Raises:
        DraftError: no post is left, or the scheduled time cannot be read.
    """
    posts = tuple(post for post in edit.posts if post)
    if not posts:
        raise DraftError("a draft needs at least one post")
    try:
        schedule = datetime.fromisoformat(edit.schedule) if edit.schedule else None
    except ValueError as error:
        raise DraftError(
            f"{edit.schedule!r} is not a date and time such as 2026-12-01T09:00+01:00"
        ) from error
    if schedule and schedule.tzinfo is None:
        raise DraftError("the time needs a UTC offset, such as +01:00 in 2026-12-01T09:00+01:00")
    images = tuple(
        image.model_copy(update={"alt": alt or None})
        for image, alt in zip(thread.images, edit.alts, strict=False)
    )
    edited = {"posts": posts, "images": images or thread.images, "schedule": schedule}
    same = all(getattr(thread, name) == value for name, value in edited.items())
    status = thread.status if same else "draft"
    return write_draft(thread.model_copy(update={**edited, "status": status}))


def posts_rearranged(
    posts: tuple[str, ...], action: str, adapter: ThreadAdapter, article: Article | None
) -> tuple[str, ...]:
    """The posts after the person pressed a button: "up:2", "down:1", "split:3", "merge:1", "add:2",
    "remove:1" or "regenerate:4" (posts count from 0). For any other `action`, `posts` unchanged."""
    verb, _, place = action.partition(":")
    at = small_number(place)
    if at is None or at >= len(posts):
        return posts
    before, here, after = posts[:at], posts[at], posts[at + 1 :]
    match verb:
        case "up" if before:
            return (*before[:-1], here, before[-1], *after)
        case "down" if after:
            return (*before, after[0], here, *after[1:])
        case "merge" if after:
            return (*before, f"{here}\n\n{after[0]}", *after[1:])
        case "split":
            return (*before, *_halves(here, article.language if article else "en"), *after)
        case "add":
            return (*before, here, "…", *after)
        case "remove" if len(posts) > 1:
            return (*before, *after)
        case "regenerate" if article:
            return (*before, _another(posts, at, adapter, article), *after)
    return posts


def _halves(post: str, language: str) -> tuple[str, ...]:
    """`post` split in two at the end of a sentence, as near to the middle as possible."""
    cuts = [start for start, _ in sentence_spans(post, language)][1:]
    if not cuts:
        return (post,)
    cut = min(cuts, key=lambda one: abs(one - len(post) / 2))
    return post[:cut].strip(), post[cut:].strip()


def _another(posts: tuple[str, ...], at: int, adapter: ThreadAdapter, article: Article) -> str:
    """Another text for the post at `at`: each call gives the next of up to three alternatives, with
    the link if the post has it. The post itself if there are none."""
    from syndicate.adapters.social.composer import alternative_posts

    link = f"\n\n{article.url}" if article.url in posts[at] else ""
    blank = (*posts[:at], "…", *posts[at + 1 :])
    found = alternative_posts(article, adapter.fits, blank)[at]
    others = [text for one in found if adapter.fits(text := one.text + link)]
    following = others.index(posts[at]) + 1 if posts[at] in others else 0
    return others[following % len(others)] if others else posts[at]
