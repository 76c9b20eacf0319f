"""What keeps a thread from being approved, because of the platform, the reader or the article."""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.provenance import unanswered_in_posts
from syndicate.article import Article
from syndicate.errors import DraftError, Location
from syndicate.thread import ThreadDraft


def blockers_of(
    thread: ThreadDraft, adapter: ThreadAdapter, article: Article | None, where: str
) -> Iterator[DraftError]:
    """The reasons why `thread`, in the file `where`, cannot be approved."""
    place = Location(where)
    if thread.edits and len(thread.edits) != len(thread.posts):
        told = f"it edits {len(thread.edits)} posts that are public, but has {len(thread.posts)}"
        yield DraftError(told, where=place, hint="no post can be added or removed here")
    for number, post in enumerate(thread.posts, 1):
        if not adapter.fits(post):
            length, limit = adapter.counter.length(post), adapter.counter.limit
            told = f"post {number} is too long: {length} of {limit}"
            if length <= limit:
                told = f"post {number} would be refused: {adapter.refuses}"
            yield DraftError(told, where=place)
    for image in thread.images:
        if not (image.alt or "").strip():
            hint = "describe the picture in its alt: line"
            yield DraftError(f"{image.src} has no alt text", where=place, hint=hint)
    if article is None or article.id != thread.article:
        yield DraftError("its article is not in content/", where=place)
        return
    for found in unanswered_in_posts(thread.posts, article, thread.confirmed):
        yield DraftError(
            f"post {found.post}: the article does not have the {found.kind} {found.text!r}",
            where=place,
            hint=f"correct it, or vouch for it: --confirm {found.text!r}",
        )
