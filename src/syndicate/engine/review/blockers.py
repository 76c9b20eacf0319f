"""What keeps a thread from being approved: what the platform, the reader or the article lacks."""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.provenance import unanswered
from syndicate.article import Article
from syndicate.errors import DraftError, Location
from syndicate.thread import ThreadDraft


def blockers_of(
    thread: ThreadDraft, adapter: ThreadAdapter, article: Article | None, where: str
) -> Iterator[DraftError]:
    """What keeps `thread`, which stands in the file `where`, from being approved."""
    place = Location(where)
    for number, post in enumerate(thread.posts, 1):
        if not adapter.fits(post):
            length, limit = adapter.counter.length(post), adapter.counter.limit
            told = f"post {number} is too long: {length} of {limit}"
            if length <= limit:
                told = f"post {number} is not taken: {adapter.refuses}"
            yield DraftError(told, where=place)
    for image in thread.images:
        if not (image.alt or "").strip():
            hint = "say in its alt: what there is to see"
            yield DraftError(f"{image.src} has no alt text", where=place, hint=hint)
    if article is None or article.id != thread.article:
        yield DraftError("its article is not in content/", where=place)
        return
    for found in unanswered(thread.posts, article, thread.confirmed):
        yield DraftError(
            f"post {found.post}: the article has no {found.kind} {found.text!r}",
            where=place,
            hint=f"mend it, or answer for it: --confirm {found.text!r}",
        )
