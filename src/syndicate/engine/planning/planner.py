"""Where every plan starts: the articles in `content/`, and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.folder_walk import FolderWalk
from syndicate.engine.content.intake import Intake, asked_for, take_in
from syndicate.engine.content.sources import FoundFiles, files_found_in
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.snapshot import LedgerView
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Planner:
    """A newsroom, its open ledger, and its articles as they were read at the time `now`."""

    newsroom: Newsroom
    ledger: Ledger
    cache: ContentCache
    intake: Intake
    now: datetime

    @classmethod
    def of(
        cls,
        newsroom: Newsroom,
        ledger: Ledger,
        found: FoundFiles | None = None,
    ) -> Planner:
        """Read `content/`; only files that changed are read again. Writes nothing.

        Args:
            found: the files there; None looks for them.
        """
        now, cache = datetime.now(UTC), ContentCache.open(newsroom)
        intake = take_in(newsroom, ledger.articles, cache, found)
        return cls(newsroom, ledger, cache, intake, now)

    @classmethod
    @contextmanager
    def open(cls, newsroom: Newsroom) -> Iterator[Planner]:
        """As `of`, with the ledger open until the block ends.

        Raises:
            LedgerError: the ledger cannot be opened.
        """
        with ledger_of(newsroom) as ledger:
            yield cls.of(newsroom, ledger)

    @classmethod
    def saving(cls, newsroom: Newsroom, ledger: Ledger, walk: FolderWalk | None = None) -> Planner:
        """As `of`, but what was learnt about articles is saved. If another run has learnt something
        about the same articles meanwhile, they are read again with what that run knows: whoever
        reads an article first decides on its identity.

        Args:
            walk: one that may have looked through `content/`.
        """
        found = files_found_in(newsroom.content, "content", walk=walk, grounds=newsroom.grounds)
        planner = cls.of(newsroom, ledger, found)
        while not planner.intake.save(ledger.articles):
            planner = cls.of(newsroom, ledger)
        return planner

    def plan_inputs(
        self, view: LedgerView | None = None, *, only_content_changed: bool = False
    ) -> PlanInputs:
        """What plans are made from.

        Args:
            view: what to take the ledger for; the ledger as it is if that is None.
            only_content_changed: see `PlanInputs`.
        """
        view = view or LedgerView(self.ledger)
        return PlanInputs(
            self.newsroom,
            self.intake.summaries,
            view,
            self.now,
            only_content_changed=only_content_changed,
        )

    def asked_for(self, names: tuple[str, ...]) -> frozenset[str]:
        """The ids of the articles called `names` (files or slugs), also of those whose file no
        longer exists; empty if `names` is.

        Raises:
            UsageError: there is no article with such a name.
        """
        gone = {
            one.slug: one.id
            for one in self.ledger.articles.with_slugs(set(names))
            if not self.intake.summaries.called(one.slug)
        }
        there = tuple(name for name in names if name not in gone)
        found = asked_for(self.newsroom, self.intake, there) if there or not names else frozenset()
        return found | set(gone.values())
