"""The values that each page shows, from the newsroom as its files are now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from syndicate.article import Article
from syndicate.engine import history
from syndicate.engine.delivery.concerns import concerns, needs_somebody
from syndicate.engine.delivery.postponed import postponements
from syndicate.engine.intended import intake_and_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removals import Removal
from syndicate.engine.rendering.preview import SHOWN
from syndicate.engine.rendering.render import render_all
from syndicate.errors import UsageError
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.lint import ChannelNeeds, LintInput, LintSubject, RuleScope, lint
from syndicate.newsroom.newsroom import Newsroom
from syndicate.studio.desk import desk_survey
from syndicate.studio.differences import DiffSpan, lines_changed

_ALONE = (RuleScope.ARTICLE, RuleScope.CHANNEL)  # rules that need only the article itself
_ON_A_SHEET = 100
_MOST_DELIVERIES = 200
_TEXT = ("text/", "application/rss+xml", "application/atom+xml", "application/feed+json")

PlannerOf = Callable[[Newsroom, Ledger], Planner]


def desk_page(newsroom: Newsroom, *, planner_of: PlannerOf, sheet: int = 1) -> dict[str, Any]:
    """The articles of one sheet (from 1), newest first, with their state on each channel."""
    first = (sheet - 1) * _ON_A_SHEET
    with ledger_of(newsroom) as ledger:
        planner = planner_of(newsroom, ledger)
        summaries = planner.intake.summaries
        rows = desk_survey(planner, summaries.last_changed(_ON_A_SHEET, first)).rows
        articles = len(summaries)
        unsettled = tuple(concerns(newsroom, ledger, tuple(newsroom.channels)))
        waits = tuple(postponements(ledger.facts, planner.now).values())
    return {
        "unsettled": unsettled,
        "waits": [(one.channel, one.told(newsroom.publication.zone)) for one in waits],
        "rows": rows,
        "articles": articles,
        "sheet": sheet,
        "older": articles > first + _ON_A_SHEET,
        "channels": tuple(newsroom.channels),
        "newsroom": newsroom,
    }


def article_page(newsroom: Newsroom, *, planner_of: PlannerOf, slug: str) -> dict[str, Any]:
    """One article, its lint findings, and the channels with a preview of it.

    Raises:
        UsageError: there is no such article.
    """
    with ledger_of(newsroom) as ledger:
        planner = planner_of(newsroom, ledger)
        summary = planner.intake.summaries.called(slug)
        if summary is None:
            raise UsageError(f"no article has the slug {slug!r}")
        (row,) = desk_survey(planner, [summary]).rows
    shown = [channel for channel in newsroom.channels.values() if channel.adapter.scope in SHOWN]
    one = planner.cache.article(row.article.digest)
    account = planner.intake.reports[row.article.source]
    findings = []
    if one:
        subject = LintSubject(one, f"content/{row.article.source}", account.lines, account.given)
        asks = tuple(
            ChannelNeeds(each.name, each.adapter.headline, each.adapter.picture)
            for each in newsroom.channels.values()
        )
        review = LintInput(
            (subject,),
            newsroom.publication,
            newsroom.pictures.pixels_across,
            asks,
        )
        findings = list(lint(review, newsroom.lint, _ALONE))
    return {"row": row, "article": one, "shown": shown, "findings": findings}


def article_to_preview(newsroom: Newsroom, slug: str) -> tuple[Article, Path]:
    """The article with this slug, and its file.

    Raises:
        UsageError: there is no such article.
    """
    with ledger_of(newsroom) as ledger:
        planner = Planner.of(newsroom, ledger)
        planner.cache.save()
    one = planner.intake.summaries.called(slug)
    if one and (found := planner.cache.article(one.digest)):
        return found, newsroom.content / one.source
    raise UsageError(f"no article has the slug {slug!r}")


def plan_page(newsroom: Newsroom) -> dict[str, Any]:
    """What publishing would do now."""
    intake, made = intake_and_plan(newsroom)
    named = intake.summaries.of({id_ for step in made.steps for id_ in step.members})
    titles = {id_: one.title for id_, one in named.items()}
    mail = [one for one in made.steps if newsroom.channels[one.channel].format == "email"]
    return {
        "plan": made,
        "titles": titles,
        "errors": intake.errors,
        "mail": mail,
        "removed": _what_goes,
    }


def _what_goes(removal: Removal) -> str:
    """What a removal takes back, in a few words."""
    places = dict.fromkeys(
        row.copy.url if (row.copy.url or "").startswith("http") else row.copy.place.address
        for row in removal.copies
    )
    first = str(next(iter(places)))
    return first if len(places) == 1 else f"{first} and {len(places) - 1} more"


def changes_page(newsroom: Newsroom, *, channel: str, rendering: str) -> dict[str, Any]:
    """The differences between the artifacts of one step and those published now.

    Raises:
        UsageError: the plan has no such step.
    """
    _, made = intake_and_plan(newsroom)
    step = next((one for one in made.steps if (one.channel, one.key) == (channel, rendering)), None)
    if step is None:
        raise UsageError("this step is no longer in the plan: reload the page")
    if step.work == "deliver":
        return {"step": step, "artifacts": [], "error": None}
    rendered = next(render_all(newsroom, (step,), 1))
    shown = []
    for one in rendered.artifacts:
        before = _published(newsroom, channel, one.name, one.draft)
        after = newsroom.store.read(one.digest)
        pieces = _lines(one.media_type, before or b"", after)
        shown.append({"name": one.name, "new": before is None, "same": before == after,
                      "size": one.size, "pieces": pieces})  # fmt: skip
    return {"step": step, "artifacts": shown, "error": rendered.error}


def deliveries_page(newsroom: Newsroom) -> dict[str, Any]:
    """Deliveries that are uncertain, failed or pending, and the last ones that were delivered."""
    states = [State.UNCERTAIN, State.COMMITTING, State.FAILED, State.PENDING]
    rows = history.delivery_history(newsroom, states, ())
    left = (one for one in rows if one[1].state is not State.FAILED or needs_somebody(one[1]))
    open_ = list(islice(left, _MOST_DELIVERIES))
    with ledger_of(newsroom) as ledger:
        sent = ledger.dispatches.on_the_web(_MOST_DELIVERIES)
    log = history.dispatch_history(newsroom, 50, ())
    return {"open": open_, "log": log, "sent": sent}


def _published(newsroom: Newsroom, channel: str, name: str, is_draft: bool) -> bytes | None:
    """The present bytes of the artifact with this name, or None if it is not in a local folder."""
    if is_draft:
        with suppress(OSError):
            return newsroom.draft(name)
    places: list[Path] = []
    for courier in newsroom.channels[channel].couriers.values():
        path = getattr(courier, "path", None)
        places += [path / name] if isinstance(path, Path) else []
    return next((one.read_bytes() for one in places if one.is_file()), None)


def _lines(media_type: str, before: bytes, after: bytes) -> list[DiffSpan]:
    if not media_type.startswith(_TEXT) and "xml" not in media_type and "json" not in media_type:
        return []
    return lines_changed(before.decode("utf-8", "replace"), after.decode("utf-8", "replace"))
