"""The guard: a mistake in the settings or in `content/` must not empty a newsroom's site.

It counts articles, over 24 hours and all channels. Withdrawals are not counted, since somebody has
asked for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.adapters import Scope
from syndicate.engine.planning.removals import WHY_COUNTED, Removal
from syndicate.errors import RemovalsError
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

_DAY = timedelta(days=1)
_FEW, _TENTH = 2, 10


@dataclass(frozen=True)
class MassRemoval:
    """More `articles` of `total` would leave within a day than may leave without a question."""

    articles: int
    total: int

    def __str__(self) -> str:
        which = "all" if self.articles == self.total else f"{self.articles} of {self.total}"
        return f"{which} published articles would be removed from their channels within a day"

    def error(self) -> RemovalsError:
        """The error that says so."""
        return RemovalsError(
            f"{self}: no file was removed",
            hint="see which: syndicate plan; if that is right: syndicate publish"
            f" --allow-removals {self.articles}",
        )


def mass_removal(
    newsroom: Newsroom, ledger: Ledger, removals: Iterable[Removal], now: datetime
) -> MassRemoval | None:
    """Whether so many articles would leave that somebody should be asked: more than two and more
    than a tenth of all, or all of them."""
    leaving = {one.key for one in removals if is_counted(one)}
    if not leaving:
        return None
    names = [one.name for one in newsroom.channels.values() if one.adapter.scope is Scope.ARTICLE]
    left = ledger.copies.renderings_removed(since=now - _DAY, why=WHY_COUNTED)
    total = len(ledger.copies.renderings(names) | left)
    number = len(leaving | left)
    if number == total or (number > _FEW and number * _TENTH > total):
        return MassRemoval(number, total)
    return None


def is_counted(removal: Removal) -> bool:
    """Whether an article leaves with `removal` although nobody has withdrawn it."""
    return removal.why in WHY_COUNTED
