"""How everything stands: each article in each channel, in one word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Literal

from syndicate.adapters import Scope
from syndicate.article import Article
from syndicate.engine.dispatches import State
from syndicate.engine.intake import Cache, Filed, Intake, take_in
from syndicate.engine.ledger import open_ledger
from syndicate.engine.lock import lock
from syndicate.engine.plan import Plan, Remembered, Step, make_plan, may_leave
from syndicate.findings import Finding
from syndicate.lint import Desk as Review
from syndicate.lint import Subject, lint
from syndicate.lint.review import Channel as Asks
from syndicate.newsroom.newsroom import Channel, Newsroom

Word = Literal[
    "uncertain", "failed", "waiting", "changed", "new", "approved", "scheduled", "sent", "none"
]
GRAVEST: tuple[Word, ...] = (
    "uncertain",
    "failed",
    "waiting",
    "changed",
    "new",
    "scheduled",
    "approved",
    "sent",
    "none",
)
_OTHERS = ("article/near-duplicate", "article/broken-internal-link")
_SAYS: Mapping[str, Word] = {"new": "new", "approved": "approved", "resume": "failed"}


@dataclass(frozen=True)
class Row:
    """An article on the desk, with its word for each channel."""

    article: Filed
    words: Mapping[str, Word]

    @property
    def gravest(self) -> Word:
        """The word that somebody should look at first."""
        return min(self.words.values(), key=GRAVEST.index, default="none")


@dataclass(frozen=True)
class Desk:
    """The newsroom at one moment."""

    newsroom: Newsroom
    intake: Intake
    plan: Plan
    remembered: Remembered
    cache: Cache
    at: datetime

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All articles, newest first."""
        words = {name: self._words(one) for name, one in self.newsroom.channels.items()}
        return tuple(
            Row(one, {name: told[one.id] for name, told in words.items() if one.id in told})
            for one in sorted(self.intake.filed, key=lambda one: one.updated, reverse=True)
        )

    @cached_property
    def by_slug(self) -> Mapping[str, Row]:
        """The articles by their slugs."""
        return {row.article.slug: row for row in self.rows}

    def article(self, filed: Filed) -> Article | None:
        """The article itself, None if its text has just gone."""
        return self.cache.article(filed.digest)

    def findings(self, filed: Filed) -> tuple[Finding, ...]:
        """What lint says of one article; what is about several, `syndicate check` tells."""
        article, account = self.article(filed), self.intake.accounts[filed.source]
        if article is None:
            return ()
        subject = Subject(article, f"content/{filed.source}", account.lines, account.given)
        asks = tuple(
            Asks(one.name, one.adapter.headline, one.adapter.picture)
            for one in self.newsroom.channels.values()
        )
        review = Review((subject,), self.newsroom.publication, self.newsroom.content, asks)
        return tuple(
            one for one in lint(review, self.newsroom.lint) if not one.rule.endswith(_OTHERS)
        )

    @cached_property
    def _steps(self) -> Mapping[tuple[str, str], Step]:
        return {(step.channel, step.unit): step for step in self.plan.steps}

    @cached_property
    def _units(self) -> Mapping[str, frozenset[str]]:
        units: dict[str, set[str]] = {}
        for channel, unit in (*self._steps, *self.remembered.renderings):
            units.setdefault(channel, set()).add(unit)
        return {channel: frozenset(held) for channel, held in units.items()}

    def _words(self, channel: Channel) -> Mapping[str, Word]:
        """The word of each article that `channel` holds, by its id."""
        zone = self.newsroom.publication.zone
        chosen = channel.select.choose(self.intake.filed, self.at, zone)
        match channel.adapter.scope:
            case Scope.ARTICLE:
                return {one.id: self._word(channel, one.id) for one in chosen}
            case Scope.ROLLING:
                word = self._gravest(channel, self._units.get(channel.name, ()))
                return {one.id: word for one in chosen}
            case Scope.EDITION:
                frozen = self.remembered.editions.get(channel.name, ())
                fresh = [one for one in self.plan.editions if one.channel == channel.name]
                return {
                    article: self._word(channel, str(edition.number))
                    for edition in (*frozen, *fresh)
                    for article, _ in edition.members
                }
        return {}

    def _gravest(self, channel: Channel, units: Iterable[str]) -> Word:
        words = [self._word(channel, unit) for unit in units]
        return min(words, key=GRAVEST.index, default="none")

    def _word(self, channel: Channel, unit: str) -> Word:
        key = (channel.name, unit)
        artifacts = self.remembered.artifacts.get(key, ())
        states: set[State] = set()
        for artifact in artifacts:
            for courier in channel.couriers:
                if dispatch := self.remembered.dispatches.get((*key, artifact.name, courier)):
                    states |= {state for state, number in dispatch.counts.items() if number}
        if states & {State.UNCERTAIN, State.COMMITTING}:
            return "uncertain"
        if State.FAILED in states:
            return "failed"
        step = self._steps.get(key)
        drafts = [one for one in artifacts if one.draft]
        if drafts and not (step and step.reason == "new"):
            return self._word_of_draft(key, drafts[0].name)
        if step:
            if channel.schedule and step.reason == "new":
                return "scheduled"
            return _SAYS.get(step.reason, "changed")
        if any(not may_leave(channel, unit, one, self.remembered) for one in artifacts):
            return "waiting"
        return "sent" if artifacts else "none"

    def _word_of_draft(self, key: tuple[str, str], name: str) -> Word:
        """As the file on disk stands: whatever edits it takes its approval away."""
        try:
            digest = sha256((self.newsroom.drafts / name).read_bytes()).hexdigest()
        except OSError:
            return "changed"
        dispatches = [
            one
            for (channel, unit, artifact, _), one in self.remembered.dispatches.items()
            if (channel, unit, artifact) == (*key, name) and one.digest == digest
        ]
        if dispatches and all(one.delivered for one in dispatches):
            return "sent"
        return "approved" if (*key, name, digest) in self.remembered.approvals else "waiting"


def survey(newsroom: Newsroom) -> Desk:
    """How `newsroom` stands now. Writes nothing but the cache.

    Raises:
        SyndicateError: another run is at work, or the ledger is dead.
    """
    now = datetime.now(UTC)
    with lock(newsroom.state), closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger:
        cache = Cache.open(newsroom)
        intake = take_in(newsroom, ledger.articles(), cache)
        remembered = Remembered.of(ledger)
        channels = newsroom.channels.values()
        plan = make_plan(newsroom, channels, intake.filed, remembered, cache, now)
        cache.save()
    return Desk(newsroom, intake, plan, remembered, cache, now)
