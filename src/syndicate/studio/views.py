"""What each page shows, from the newsroom as its files are now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from syndicate.adapters.threads.adapter import Thread
from syndicate.adapters.threads.provenance import Traced, trace, untraceable
from syndicate.article import Article
from syndicate.engine import history
from syndicate.engine.cache import Cache
from syndicate.engine.dispatches import State
from syndicate.engine.drafts import UNDER_WAY, Draft, find
from syndicate.engine.drafts import deliveries as posted
from syndicate.engine.intake import take_in
from syndicate.engine.ledger import open_ledger
from syndicate.engine.preview import SHOWN
from syndicate.engine.publish import Order, look
from syndicate.engine.render import render
from syndicate.engine.store import Outbox
from syndicate.engine.verdicts import last_approved
from syndicate.errors import SourceError, SyndicateError, UsageError
from syndicate.kit.pictures import open_picture, pixels_across
from syndicate.lint import Channel as Asks
from syndicate.lint import Desk as Review
from syndicate.lint import Subject, lint
from syndicate.newsroom.newsroom import Newsroom
from syndicate.studio.desk import survey
from syndicate.studio.differences import Piece, lines, words
from syndicate.studio.editing import Edit
from syndicate.thread import ThreadDraft, read_draft

_OTHERS = ("article/near-duplicate", "article/broken-internal-link")
_ON_A_SHEET = 100
_MOST_DELIVERIES = 200
_TEXT = ("text/", "application/rss+xml", "application/atom+xml", "application/feed+json")


@dataclass(frozen=True)
class Card:
    """One post as it is edited: its text, how long that is, where its sentences stand."""

    text: str
    length: int
    limit: int
    fits: bool
    over: str
    pieces: tuple[Traced, ...]
    faults: tuple[str, ...]
    cost: float

    @property
    def arc(self) -> int:
        """How much of the ring is full, in hundredths."""
        return min(100, round(100 * self.length / self.limit))


def desk(newsroom: Newsroom, *, sheet: int = 1) -> dict[str, Any]:
    """The articles of one sheet (from 1), newest first, with their words for each channel."""
    rows = survey(newsroom).rows
    first = (sheet - 1) * _ON_A_SHEET
    return {
        "rows": rows[first : first + _ON_A_SHEET],
        "articles": len(rows),
        "sheet": sheet,
        "older": len(rows) > first + _ON_A_SHEET,
        "channels": tuple(newsroom.channels),
        "newsroom": newsroom,
    }


def article(newsroom: Newsroom, *, slug: str) -> dict[str, Any]:
    """One article, what lint says of it, and the channels that show it.

    Raises:
        UsageError: there is none.
    """
    surveyed = survey(newsroom)
    row = surveyed.by_slug.get(slug)
    if row is None:
        raise UsageError(f"there is no article {slug!r}")
    shown = [channel for channel in newsroom.channels.values() if channel.adapter.scope in SHOWN]
    one = surveyed.desk.cache.article(row.article.digest)
    with closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger:
        accounts = take_in(newsroom, ledger.articles(), surveyed.desk.cache).accounts
    account = accounts[row.article.source]
    findings = []
    if one:
        subject = Subject(one, f"content/{row.article.source}", account.lines, account.given)
        asks = tuple(
            Asks(each.name, each.adapter.headline, each.adapter.picture)
            for each in newsroom.channels.values()
        )
        review = Review(
            (subject,),
            newsroom.publication,
            lambda src: pixels_across(newsroom.content, src, newsroom.extracted),
            asks,
        )
        found = lint(review, newsroom.lint)
        findings = [each for each in found if not each.rule.endswith(_OTHERS)]
    return {"row": row, "article": one, "shown": shown, "findings": findings}


def article_of(newsroom: Newsroom, slug: str) -> tuple[Article, Path]:
    """The article with this slug, and its file.

    Raises:
        UsageError: there is none.
    """
    with closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger:
        cache = Cache.open(newsroom)
        intake = take_in(newsroom, ledger.articles(), cache)
        cache.save()
    for one in intake.filed:
        if one.slug == slug and (found := cache.article(one.digest)):
            return found, newsroom.content / one.source
    raise UsageError(f"there is no article {slug!r}")


def draft(
    newsroom: Newsroom,
    *,
    name: str,
    error: SyndicateError | None = None,
    edit: Edit | None = None,
) -> dict[str, Any]:
    """A draft, with what was typed if that could not be saved."""
    found = find(newsroom, name)
    thread = found.thread
    texts = edit.posts if edit else (thread.posts if thread else ())
    return {
        "draft": found,
        "thread": thread,
        "cards": tuple(cards(found, texts)),
        "alts": edit.alts if edit else tuple(i.alt or "" for i in thread.images) if thread else (),
        "schedule": _moment(thread, edit),
        "error": error,
        "unsaved": edit is not None,
        "claims": _claims(found),
        "since": _since_approval(newsroom, found),
        "deliveries": posted(newsroom, found),
        "closed": found.status in UNDER_WAY,
    }


def counted(newsroom: Newsroom, *, name: str, edit: Edit) -> dict[str, Any]:
    """The same cards, for posts that are being written."""
    found = find(newsroom, name)
    return {"cards": tuple(cards(found, edit.posts)), "draft": found}


def conflict(newsroom: Newsroom, *, name: str, edit: Edit) -> dict[str, Any]:
    """A draft whose file is another than the one that was edited: both texts."""
    found = find(newsroom, name)
    theirs = "\n\n---\n\n".join(found.thread.posts) if found.thread else found.content.decode()
    mine = "\n\n---\n\n".join(edit.posts)
    return {"draft": found, "edit": edit, "theirs": theirs, "pieces": words(theirs, mine)}


def cards(found: Draft, texts: tuple[str, ...]) -> Iterator[Card]:
    """`texts` as the posts of `found`."""
    adapter = found.channel.adapter
    if not isinstance(adapter, Thread):
        return
    traced = trace(texts, found.article) if found.article else ((),) * len(texts)
    unknown = untraceable(texts, found.article) if found.article else ()
    confirmed = found.thread.confirmed if found.thread else ()
    costs = found.costs
    for number, (text, pieces) in enumerate(zip(texts, traced, strict=True), 1):
        faults = tuple(
            f"the article has no {one.kind} {one.text}"
            for one in unknown
            if one.post == number and one.kind != "sentence" and one.text not in confirmed
        )
        counter = adapter.counter
        yield Card(
            text,
            counter.length(text),
            counter.limit,
            adapter.fits(text),
            _over(text, adapter),
            pieces,
            faults,
            costs[number - 1] if number <= len(costs) else 0.0,
        )


def draft_picture(newsroom: Newsroom, name: str, number: int) -> tuple[str, bytes]:
    """The media type and bytes of a draft's picture, 640 pixels across.

    Raises:
        SyndicateError: there is no such draft or picture.
        IndexError: the draft has fewer.
    """
    thread = find(newsroom, name).thread
    src = (thread.images if thread else ())[number].src
    beside = newsroom.drafts if (newsroom.drafts / src).is_file() else newsroom.content
    picture = open_picture(beside, src, 640, extracted=newsroom.extracted)
    return picture.media_type, picture.content


def plan(newsroom: Newsroom) -> dict[str, Any]:
    """What publishing would do now."""
    intake, made = look(newsroom, Order())
    titles = {one.id: one.title for one in intake.filed}
    mail = [one for one in made.steps if newsroom.channels[one.channel].format == "email"]
    return {"plan": made, "titles": titles, "errors": intake.errors, "mail": mail}


def changes(newsroom: Newsroom, *, channel: str, unit: str) -> dict[str, Any]:
    """How the artifacts of one step differ from those that stand.

    Raises:
        UsageError: the plan has no such step.
    """
    _, made = look(newsroom, Order())
    step = next((one for one in made.steps if (one.channel, one.unit) == (channel, unit)), None)
    if step is None:
        raise UsageError("there is nothing to do there any more")
    if step.work == "deliver":
        return {"step": step, "artifacts": [], "error": None}
    rendered = render(newsroom, step)
    outbox = Outbox(newsroom.state)
    shown = []
    for one in rendered.artifacts:
        before = _standing(newsroom, channel, one.name, one.draft)
        after = outbox.read(one.digest)
        pieces = _lines(one.media_type, before or b"", after)
        shown.append({"name": one.name, "new": before is None, "same": before == after,
                      "size": one.size, "pieces": pieces})  # fmt: skip
    return {"step": step, "artifacts": shown, "error": rendered.error}


def deliveries(newsroom: Newsroom) -> dict[str, Any]:
    """What nobody knows, what failed, what is to come, and what went out last."""
    states = [State.UNCERTAIN, State.COMMITTING, State.FAILED, State.PENDING]
    open_ = list(islice(history.deliveries(newsroom, states, ()), _MOST_DELIVERIES))
    with closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger:
        sent = [
            (dispatch, row)
            for dispatch, row in ledger.dispatches.find([State.DELIVERED])
            if row.url and row.url.startswith("http")
        ][-_MOST_DELIVERIES:]
    log = history.log(newsroom, 50, ())
    return {"open": open_, "log": log, "sent": sent[::-1]}


def _standing(newsroom: Newsroom, channel: str, name: str, is_draft: bool) -> bytes | None:
    """The bytes that an artifact of this name has now, where that can be seen."""
    places = [newsroom.drafts / name] if is_draft else []
    for courier in newsroom.channels[channel].couriers.values():
        path = getattr(courier, "path", None)
        places += [path / name] if isinstance(path, Path) else []
    return next((one.read_bytes() for one in places if one.is_file()), None)


def _lines(media_type: str, before: bytes, after: bytes) -> list[Piece]:
    if not media_type.startswith(_TEXT) and "xml" not in media_type and "json" not in media_type:
        return []
    return lines(before.decode("utf-8", "replace"), after.decode("utf-8", "replace"))


def _claims(found: Draft) -> tuple[str, ...]:
    """Numbers and quotations that somebody has to answer for."""
    if not found.thread or not found.article:
        return ()
    unknown = untraceable(found.thread.posts, found.article)
    confirmed = found.thread.confirmed
    claims = (one.text for one in unknown if one.kind != "sentence" and one.text not in confirmed)
    return tuple(dict.fromkeys(claims))


def _since_approval(newsroom: Newsroom, found: Draft) -> list[Piece]:
    """How its words differ from those that were last approved."""
    before = last_approved(newsroom, found)
    if before is None or before == found.content or not found.thread:
        return []
    try:
        old = read_draft(before, found.name)
    except SourceError:
        return []
    pieces = words("\n\n".join(old.posts), "\n\n".join(found.thread.posts))
    return pieces if any(one.kind != "same" for one in pieces) else []


def _moment(thread: ThreadDraft | None, edit: Edit | None) -> str:
    if edit:
        return edit.schedule
    moment: datetime | None = thread.schedule if thread else None
    return moment.isoformat(timespec="minutes") if moment else ""


def _over(text: str, adapter: Thread) -> str:
    """The end of `text` that is too much."""
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
