"""What the draft page shows: the posts, their lengths, and which sentences of the article they come
from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syndicate.adapters import Artifact
from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.cautions import cautions_about
from syndicate.adapters.social.provenance import Traced, trace_posts, unanswered_in_posts
from syndicate.engine.notices import readers_of_letter
from syndicate.engine.review.advice import advice_on
from syndicate.engine.review.drafts import deliveries_of_draft as posted
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.engine.review.verdicts import last_approved_draft
from syndicate.errors import SourceError, SyndicateError
from syndicate.letter import Subscriber
from syndicate.newsroom.newsroom import Newsroom
from syndicate.studio.differences import DiffSpan, words_changed
from syndicate.studio.editing import DraftForm
from syndicate.studio.frames import PreviewFrame, preview_page
from syndicate.thread import ThreadDraft, read_draft


@dataclass(frozen=True)
class PostCard:
    """One post in the editor.

    `length` and `limit` are counted as the platform counts. `over` is the end of the text that
    exceeds the limit, `pieces` say where each sentence comes from in the article, `faults` are
    claims that are not in the article, `cost` is in US dollars.
    """

    text: str
    length: int
    limit: int
    fits: bool
    over: str
    pieces: tuple[Traced, ...]
    faults: tuple[str, ...]
    cautions: tuple[str, ...]
    cost: float

    @property
    def arc(self) -> int:
        """The filled share of the ring, in percent."""
        return min(100, round(100 * self.length / self.limit))


def draft_page(
    newsroom: Newsroom,
    *,
    name: str,
    error: SyndicateError | None = None,
    edit: DraftForm | None = None,
) -> dict[str, Any]:
    """What the page of a draft shows. If `edit` could not be saved, its text is shown again."""
    found = find_draft(newsroom, name)
    thread, deliveries = found.thread, posted(newsroom, found)
    texts = edit.posts if edit else (thread.posts if thread else ())
    return {
        "draft": found,
        "thread": thread,
        "cards": tuple(post_cards(found, texts)),
        "alts": edit.alts if edit else tuple(i.alt or "" for i in thread.images) if thread else (),
        "schedule": _schedule(thread, edit),
        "error": error,
        "unsaved": edit is not None,
        "claims": _claims(found),
        "since": _since_approval(newsroom, found),
        "deliveries": deliveries,
        "advice": advice_on(found, deliveries),
        "closed": found.is_posted,
        "subject": found.letter.subject_for(Subscriber()) if found.letter else "",
        "readers": readers_of_letter(newsroom, found.channel.name, found.rendering)
        if found.letter and not found.is_posted
        else 0,
    }


def posts_counted(newsroom: Newsroom, *, name: str, edit: DraftForm) -> dict[str, Any]:
    """The cards for posts that someone is typing."""
    found = find_draft(newsroom, name)
    return {"cards": tuple(post_cards(found, edit.posts)), "draft": found}


def conflict_page(newsroom: Newsroom, *, name: str, edit: DraftForm) -> dict[str, Any]:
    """A draft whose file changed while it was edited: both texts."""
    found = find_draft(newsroom, name)
    theirs = "\n\n---\n\n".join(found.thread.posts) if found.thread else found.content.decode()
    mine = "\n\n---\n\n".join(edit.posts)
    return {"draft": found, "edit": edit, "theirs": theirs, "pieces": words_changed(theirs, mine)}


def post_cards(found: TrackedDraft, texts: tuple[str, ...]) -> Iterator[PostCard]:
    """One card for each of `texts`, the posts of the draft `found`."""
    adapter = found.channel.adapter
    if not isinstance(adapter, ThreadAdapter):
        return
    traced = trace_posts(texts, found.article) if found.article else ((),) * len(texts)
    confirmed = found.thread.confirmed if found.thread else ()
    unknown = unanswered_in_posts(texts, found.article, confirmed) if found.article else ()
    noted = cautions_about(texts, found.article, mentions=adapter.mentions) if found.article else ()
    costs = found.costs
    for number, (text, pieces) in enumerate(zip(texts, traced, strict=True), 1):
        looks = tuple(one.message for one in noted if one.post == number)
        faults = tuple(
            f"the article does not have the {one.kind} {one.text}"
            for one in unknown
            if one.post == number
        )
        counter = adapter.counter
        yield PostCard(
            text,
            counter.length(text),
            counter.limit,
            adapter.fits(text),
            _over(text, adapter),
            pieces,
            faults,
            looks,
            costs[number - 1] if number <= len(costs) else 0.0,
        )


def letter_page(newsroom: Newsroom, name: str, plain: bool, dark: bool) -> str:
    """A letter as a reader sees it.

    Raises:
        SyndicateError: there is no such draft.
        IndexError: it is not a letter.
    """
    found = find_draft(newsroom, name)
    if found.letter is None:
        raise IndexError(name)
    artifact = Artifact(found.name, found.artifact.media_type, found.content)
    return preview_page(PreviewFrame(artifact, "mail", {}), plain=plain, dark=dark)


def draft_picture(newsroom: Newsroom, name: str, number: int) -> tuple[str, bytes]:
    """The media type and bytes of a draft's picture, 640 pixels across.

    Raises:
        SyndicateError: there is no such draft, or the picture cannot be opened.
        IndexError: the draft has fewer pictures.
    """
    thread = find_draft(newsroom, name).thread
    src = (thread.images if thread else ())[number].src
    picture = newsroom.pictures_of_drafts.open(src, 640)
    return picture.media_type, picture.content


def _claims(found: TrackedDraft) -> tuple[str, ...]:
    """Numbers and quotations that are not in the article and that no one has confirmed yet."""
    if not found.thread or not found.article:
        return ()
    thread = found.thread
    claims = unanswered_in_posts(thread.posts, found.article, thread.confirmed)
    return tuple(dict.fromkeys(one.text for one in claims))


def _since_approval(newsroom: Newsroom, found: TrackedDraft) -> list[DiffSpan]:
    """The changes since the text was last approved."""
    before = last_approved_draft(newsroom, found)
    if before is None or before == found.content or not found.thread:
        return []
    try:
        old = read_draft(before, found.name)
    except SourceError:
        return []
    pieces = words_changed("\n\n".join(old.posts), "\n\n".join(found.thread.posts))
    return pieces if any(one.kind != "same" for one in pieces) else []


def _schedule(thread: ThreadDraft | None, edit: DraftForm | None) -> str:
    if edit:
        return edit.schedule
    time: datetime | None = thread.schedule if thread else None
    return time.isoformat(timespec="minutes") if time else ""


def _over(text: str, adapter: ThreadAdapter) -> str:
    """The end of `text` that exceeds the limit."""
    limit = adapter.counter.limit
    if adapter.counter.length(text) <= limit:
        return ""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if adapter.counter.length(text[:middle]) <= limit else (low, middle - 1)
        )
    return text[low:]
