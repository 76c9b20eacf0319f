"""New wording for a draft thread, proposed by a language model and checked against the article.

A model is only asked if it is named, through the package `llm` (`pip install "syndicate[llm]"`),
which knows the services and their keys. What it proposes becomes an edit of the draft, and needs
approval like any other edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.provenance import Untraceable, invented_in_post
from syndicate.article import Article
from syndicate.atomic import write_whole
from syndicate.engine.planning.planner import Planner
from syndicate.engine.review.drafts import DraftDesk
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.engine.review.verdicts import undelivered
from syndicate.errors import DeliveryError, DraftError, UsageError
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.records import dropped_review
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import ThreadDraft, write_draft

_SEPARATOR = re.compile(r"^[ \t]*---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Proposal:
    """New wording for one post, and the reasons it was `refused`; none if it was accepted."""

    post: int
    before: str
    text: str
    refused: tuple[str, ...]


def reword(newsroom: Newsroom, name: str, model: str) -> tuple[Proposal, ...]:
    """Ask `model` to reword the draft `name`. Accepted posts are written to its file; the others
    stay as they were.

    Args:
        model: as `llm models` lists it.

    Raises:
        UsageError: there is no such draft or model, the draft has left, or `llm` is missing.
        DraftError: the draft is broken, or its article is gone.
        DeliveryError: the model gave no answer, or not the same number of posts.
        LockedError: a run is delivering it.
    """
    with ledger_of(newsroom) as ledger:
        draft = DraftDesk(Planner.of(newsroom, ledger)).find(name)
    if draft.is_posted or draft.standing:
        raise UsageError(f"{draft.name} has left: it is {draft.status}")
    adapter, thread, article = draft.channel.adapter, draft.thread, draft.article
    if not (isinstance(adapter, ThreadAdapter) and thread and article):
        raise DraftError(f"{draft.name} is not a thread with an article in content/")
    said = _answer(_prompt(newsroom, draft, adapter, thread, article), model)
    texts = [text.strip() for text in _SEPARATOR.split(said) if text.strip()]
    if len(texts) != len(thread.posts):
        told = f"{model} answered with {len(texts)} posts instead of {len(thread.posts)}"
        raise DeliveryError(told, hint="try again, or use another model; the draft is unchanged")
    proposals = tuple(_proposals(thread, texts, adapter, article))
    posts = tuple(one.before if one.refused else one.text for one in proposals)
    if posts != thread.posts:
        _write(
            newsroom, draft, thread.model_copy(update={"posts": posts, "status": "draft"}), model
        )
    return proposals


def _write(newsroom: Newsroom, draft: TrackedDraft, thread: ThreadDraft, model: str) -> None:
    """Put `thread` in the place of `draft`, which `model` has reworded, unless somebody has edited
    or delivered it meanwhile."""
    with undelivered(newsroom, f"{draft.channel.name}/{draft.name}") as (desk, _, present):
        if present.content != draft.content or present.file is None:
            raise DraftError(
                f"{draft.name} was edited while {model} was at work; the edit is kept",
                hint="run this again",
            )
        write_whole(present.file, write_draft(thread))
        for review in present.reviews:
            desk.ledger.events.add(dropped_review(review, model, "the draft was reworded"))


def _proposals(
    thread: ThreadDraft, texts: list[str], adapter: ThreadAdapter, article: Article
) -> Iterator[Proposal]:
    for number, (before, text) in enumerate(zip(thread.posts, texts, strict=True), 1):
        refused = [_reason(one) for one in invented_in_post(text, article, thread.link)]
        if not adapter.fits(text):
            refused.append(f"too long: {adapter.counter.length(text)} of {adapter.counter.limit}")
        if text.count(thread.link) != before.count(thread.link):
            refused.append("the link has moved")
        yield Proposal(number, before, text, tuple(refused))


def _reason(found: Untraceable) -> str:
    return f"the article does not have the {found.kind} {found.text!r}"


def _prompt(
    newsroom: Newsroom,
    draft: TrackedDraft,
    adapter: ThreadAdapter,
    thread: ThreadDraft,
    article: Article,
) -> str:
    kit = newsroom.kit(draft.channel)
    return kit.render(
        "wording.txt.j2",
        channel=draft.channel.name,
        publication=newsroom.publication,
        article=article,
        text=kit.body(article, "txt"),
        posts=thread.posts,
        limit=adapter.counter.limit,
    )


def _answer(prompt: str, model: str) -> str:
    """What `model` says to `prompt`."""
    try:
        import llm
    except ImportError as error:
        raise UsageError(
            "rewording needs the package llm", hint='pip install "syndicate[llm]"'
        ) from error
    try:
        known = llm.get_model(model)
    except llm.UnknownModelError as error:
        raise UsageError(
            f"there is no model {model!r}", hint="list all models: llm models"
        ) from error
    try:
        return str(known.prompt(prompt, stream=False).text())
    except llm.NeedsKeyException as error:
        raise UsageError(str(error), hint=f"llm keys set {known.needs_key}") from error
    except Exception as error:  # each service has exceptions of its own
        raise DeliveryError(f"{model}: {error}") from error
