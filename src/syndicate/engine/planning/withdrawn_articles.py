"""What people are told of articles that are withdrawn: that they are, and what looks like them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from syndicate.article.similarity import Sketch, similarity, sketch
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.renderings import PlannedRendering
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom

_MOST = 3  # that are named at once
_ALIKE = 0.6  # of the text
_NEWEST = 50  # articles of a feed: what has just been written is among them


@dataclass(frozen=True)
class Remark:
    """Something to know about withdrawn articles, and the command that helps."""

    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}"


def withdrawn_remarks(
    newsroom: Newsroom, ledger: Ledger, only: Collection[str] = frozenset()
) -> Iterator[Remark]:
    """That articles are withdrawn: those of `only` (ids), or the latest if that is empty."""
    gone = sorted(
        (one for one in ledger.articles.withdrawn() if not only or one.id in only),
        key=lambda one: (_since(one), one.slug),
        reverse=True,
    )
    asked = ledger.withdrawals.of([one.id for one in gone[:_MOST]])
    for one in gone[:_MOST]:
        day = f"{_since(one).astimezone(newsroom.publication.zone):%-d %B %Y}"
        why = asked.get(one.id)
        by = f" by {why.by} ({why.reason})" if why and why.by else ""
        hint = f"to publish it again: syndicate restore {one.slug}"
        yield Remark(f"{one.slug} was withdrawn on {day}{by}", hint)
    if (more := len(gone) - _MOST) > 0:
        articles = "article is" if more == 1 else "articles are"
        yield Remark(f"{more:,} more {articles} withdrawn", "see: syndicate history")


def come_back(planner: Planner, among: Collection[str] | None = None) -> Iterator[Remark]:
    """Articles that have much the same text as one that was withdrawn.

    Args:
        among: the ids of the articles to look at; None means all that the ledger knows, and those
            that were changed last.
    """
    gone = planner.ledger.articles.withdrawn()
    if not gone:
        return
    for slug, status, own in _sketches(planner, among):
        for other in gone if status != "withdrawn" else ():
            if similarity(own, other.sketch) >= _ALIKE:
                yield Remark(
                    f"{slug} has much the same text as {other.slug}, which was withdrawn",
                    f"to take it back too: syndicate withdraw {slug} --reason …",
                )


def _sketches(planner: Planner, among: Collection[str] | None) -> Iterator[tuple[str, str, Sketch]]:
    """Slug, status and sketch of the articles `among`."""
    summaries, ledger = planner.intake.summaries, planner.ledger
    if among is None:
        found: Iterable[KnownArticle] = ledger.articles
        fresh = {one.id: one for one in summaries.last_changed(_NEWEST)}
    else:
        found = ledger.articles.with_ids(among).values()
        fresh = dict(summaries.of(among))
    for one in found:
        fresh.pop(one.id, None)
        yield one.slug, "withdrawn" if one.withdrawn else "usable", one.sketch
    for summary in fresh.values():  # the ledger does not know them yet
        if article := planner.cache.article(summary.digest):
            yield summary.slug, summary.status, sketch(article.body)


def _since(one: KnownArticle) -> datetime:
    return datetime.fromisoformat(one.withdrawn or one.updated)


def newest_in(renderings: Iterable[PlannedRendering]) -> frozenset[str]:
    """The ids of the newest articles in `renderings`."""
    return frozenset(id_ for one in renderings for id_ in one.members[:_NEWEST])
