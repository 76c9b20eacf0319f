"""What people are told of articles that are withdrawn: that they are, and what looks like them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from syndicate.article.similarity import similarity
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


def come_back(ledger: Ledger, among: Collection[str] | None = None) -> Iterator[Remark]:
    """Articles that have much the same text as one that was withdrawn.

    Args:
        among: the ids of the articles to look at; None means all.
    """
    gone = ledger.articles.withdrawn()
    if not gone:
        return
    found: Iterable[KnownArticle] = ledger.articles
    if among is not None:
        found = ledger.articles.with_ids(among).values()
    for one in found:
        if one.withdrawn is not None:
            continue
        for other in gone:
            if similarity(one.sketch, other.sketch) >= _ALIKE:
                yield Remark(
                    f"{one.slug} has much the same text as {other.slug}, which was withdrawn",
                    f"to take it back too: syndicate withdraw {one.slug} --reason …",
                )


def _since(one: KnownArticle) -> datetime:
    return datetime.fromisoformat(one.withdrawn or one.updated)


def newest_in(renderings: Iterable[PlannedRendering]) -> frozenset[str]:
    """The ids of the newest articles in `renderings`."""
    return frozenset(id_ for one in renderings for id_ in one.members[:_NEWEST])
