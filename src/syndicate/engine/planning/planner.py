"""The start of every plan: `content/` as it was read just now, held against the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.engine.content.cache import Cache
from syndicate.engine.content.intake import Intake, asked_for, take_in
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import lock
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Planner:
    """A newsroom with its open ledger, and its articles as they were read at the moment `now`."""

    newsroom: Newsroom
    ledger: Ledger
    cache: Cache
    intake: Intake
    now: datetime

    @classmethod
    def of(cls, newsroom: Newsroom, ledger: Ledger) -> Planner:
        """Read `content/`, of which only what changed is read again. Writes nothing."""
        now, cache = datetime.now(UTC), Cache.open(newsroom)
        return cls(newsroom, ledger, cache, take_in(newsroom, ledger.articles(), cache), now)

    @classmethod
    @contextmanager
    def open(cls, newsroom: Newsroom) -> Iterator[Planner]:
        """`of`, with the ledger open and no other run at work as long as the block lasts.

        Raises:
            LockedError: another run is at work.
            LedgerError: the ledger cannot be opened.
        """
        with lock(newsroom.state), ledger_of(newsroom) as ledger:
            yield cls.of(newsroom, ledger)

    def plan_inputs(self, snapshot: LedgerSnapshot | None = None) -> PlanInputs:
        """What plans are made from; what was read for it is in the cache, which is not saved.

        Args:
            remembered: what counts as what the ledger holds; what it holds now if None.
        """
        snapshot = snapshot or LedgerSnapshot.of(self.ledger)
        return PlanInputs.of(self.newsroom, self.intake.summaries, snapshot, self.cache, self.now)

    def asked_for(self, names: tuple[str, ...]) -> frozenset[str]:
        """The ids of the articles with these `names` (files or slugs); none for no names.

        Raises:
            UsageError: there is no article with such a name.
        """
        return asked_for(self.newsroom, self.intake, names)
