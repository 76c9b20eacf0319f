"""How many articles may leave their channels within a day without a question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.adapters import Scope
from syndicate.engine.planning.removals import WHY_COUNTED
from syndicate.errors import RemovalsError
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

DAY = timedelta(days=1)
_FEW, _TENTH = 2, 10


@dataclass(frozen=True)
class MassRemoval:
    """More `articles` of `total` would leave within a day than may leave without a question, or all
    of some channels (`emptied`)."""

    articles: int
    total: int
    emptied: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.emptied and self.articles < self.total:
            channels = ", ".join(self.emptied)
            noun = "article" if self.articles == 1 else "articles"
            return f"nothing would be left in {channels}, which would lose {self.articles} {noun}"
        which = "all" if self.articles == self.total else f"{self.articles} of {self.total}"
        return f"{which} published articles would be removed from their channels within a day"

    @property
    def hint(self) -> str:
        """What to do."""
        return (
            "see which: syndicate plan; if that is right: syndicate publish"
            f" --allow-removals {self.articles}"
        )

    def error(self) -> RemovalsError:
        """The error that says so."""
        return RemovalsError(
            f"{self}: no file was removed, and feeds with them stay as they are", hint=self.hint
        )


def mass_removal(
    newsroom: Newsroom,
    ledger: Ledger,
    articles: Collection[str],
    now: datetime,
    emptied: tuple[str, ...] = (),
) -> MassRemoval | None:
    """Whether so many `articles` (ids) would leave that somebody should be asked: more than two and
    more than a tenth of all, all of them, or all of the channels `emptied`."""
    if not articles:
        return None
    names = [one.name for one in newsroom.channels.values() if one.adapter.scope is Scope.ARTICLE]
    left = ledger.copies.renderings_removed(since=now - DAY, why=(*WHY_COUNTED, "deleted"))
    total = len(ledger.copies.renderings(names) | ledger.parts.all_shown() | left)
    number = len(left.union(articles))
    if emptied or _are_many(number, total):
        return MassRemoval(number, total, emptied)
    return None


def _are_many(number: int, total: int) -> bool:
    return number >= total or (number > _FEW and number * _TENTH > total)
