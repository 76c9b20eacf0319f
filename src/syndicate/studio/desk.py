"""The state of every article on every channel, in one word each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from shlex import quote
from typing import Literal

from syndicate.adapters import Scope
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.planning.plan import Plan, Step, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.review.drafts import DraftDesk
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.ledger.dispatch import State as DeliveryState
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.channel import Channel

Word = Literal[
    "uncertain", "failed", "partly posted", "waiting", "changed", "new", "approved", "scheduled",
    "sent", "none",
]  # fmt: skip
State = Literal["withdrawn", "last good version", ""]
_MOST_URGENT: tuple[Word, ...] = (
    "uncertain", "failed", "partly posted", "waiting", "changed", "new", "scheduled", "approved",
    "sent", "none",
)  # fmt: skip
_OF_DRAFT: Mapping[str, Word] = {
    "draft": "waiting", "stale": "changed", "broken": "failed", "rejected": "waiting",
    "approved": "approved", "scheduled": "scheduled", "posting": "approved", "posted": "sent",
    "delivering": "approved", "delivered": "sent",
    "failed": "failed", "uncertain": "uncertain", "partly posted": "partly posted",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An article on the desk, with one word for its state on each channel, and its drafts."""

    article: ArticleSummary
    words: Mapping[str, Word]
    drafts: tuple[TrackedDraft, ...]

    @property
    def state(self) -> State:
        """What there is to know of the article itself; "" for most."""
        if self.article.status == "withdrawn":
            return "withdrawn"
        return "last good version" if self.article.kept else ""

    @property
    def about(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What its state means, and the commands that change it, with their labels."""
        slug, kept = quote(self.article.slug), self.article.kept
        back = ("to take it back", f"syndicate withdraw {slug} --reason TEXT")
        if self.state == "withdrawn":
            again = ("to publish it again", f"syndicate restore {slug}")
            return "It is no longer published.", (again,)
        if kept == "decided":
            return "Its file is gone. Somebody decided to keep it published.", (back,)
        if kept == "broken":
            return "Its file cannot be read. It stays published as it was.", (back,)
        keep = ("to keep it", f"syndicate keep {slug}")
        return "Its file is gone. It stays published as it was.", (back, keep)


@dataclass(frozen=True)
class DeskSurvey:
    """The state of some articles of the newsroom at one time. `snapshot` is what the ledger holds
    of their renderings and of those of channels that show several articles in one."""

    planner: Planner
    articles: Mapping[str, ArticleSummary]
    plan: Plan
    snapshot: LedgerSnapshot
    drafts: tuple[TrackedDraft, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The articles, in their order."""
        words = {name: self._words(one) for name, one in self.planner.newsroom.channels.items()}
        drafts: dict[str, list[TrackedDraft]] = {}
        for draft in self.drafts:
            drafts.setdefault(draft.about, []).append(draft)
        return tuple(
            Row(
                article,
                {
                    name: states[article.id]
                    for name, states in words.items()
                    if article.id in states
                },
                tuple(drafts.get(article.id, ())),
            )
            for article in self.articles.values()
        )

    @cached_property
    def _steps(self) -> Mapping[tuple[str, str], Step]:
        return {(step.channel, step.key): step for step in self.plan.steps}

    @cached_property
    def _renderings(self) -> Mapping[str, frozenset[str]]:
        renderings: dict[str, set[str]] = {}
        for channel, rendering in (*self._steps, *self.snapshot.renderings):
            renderings.setdefault(channel, set()).add(rendering)
        return {channel: frozenset(keys) for channel, keys in renderings.items()}

    def _words(self, channel: Channel) -> Mapping[str, Word]:
        """The state of each article that `channel` selects, by article id."""
        chosen = self.planner.plan_inputs().chosen(channel, self.articles)
        match channel.adapter.scope:
            case Scope.ARTICLE:
                return {one.id: self._word(channel, one.id) for one in chosen}
            case Scope.ROLLING:
                words = (
                    self._word(channel, rendering)
                    for rendering in self._renderings.get(channel.name, ())
                )
                word = _most_urgent(words)
                return {one.id: word for one in chosen}
            case Scope.EDITION:
                frozen = self.snapshot.editions.get(channel.name, ())
                fresh = [one for one in self.plan.editions if one.channel == channel.name]
                return {
                    article: self._word(channel, str(edition.number))
                    for edition in (*frozen, *fresh)
                    for article, _ in edition.members
                }
        return {}

    def _word(self, channel: Channel, rendering: str) -> Word:
        key = (channel.name, rendering)
        own = self._drafts.get(key)
        if own:
            return _most_urgent(_OF_DRAFT[one.status] for one in own)
        states: set[DeliveryState] = set()
        artifacts = self.snapshot.artifacts.get(key, ())
        for artifact in artifacts:
            for courier in channel.couriers:
                found = self.snapshot.dispatches.get((*key, artifact.name, courier))
                states |= {state for state, number in (found.counts if found else {}).items()}
        if states & {DeliveryState.UNCERTAIN, DeliveryState.COMMITTING}:
            return "uncertain"
        if DeliveryState.FAILED in states:
            return "failed"
        if step := self._steps.get(key):
            if channel.schedule and step.reason == "new":
                return "scheduled"
            return {"new": "new", "approved": "approved"}.get(step.reason, "changed")  # type: ignore[return-value]
        return "sent" if artifacts else "none"

    @cached_property
    def _drafts(self) -> Mapping[tuple[str, str], list[TrackedDraft]]:
        found: dict[tuple[str, str], list[TrackedDraft]] = {}
        for draft in self.drafts:
            found.setdefault((draft.channel.name, draft.rendering), []).append(draft)
        return found


def desk_survey(planner: Planner, articles: Iterable[ArticleSummary]) -> DeskSurvey:
    """The state of `articles` now. Only the cache is written to, and drafts that come from another
    machine.

    Raises:
        SyndicateError: the ledger cannot be read.
    """
    about = {one.id: one for one in articles}
    channels = tuple(planner.newsroom.channels.values())
    alone = [one.name for one in channels if one.adapter.scope is Scope.ARTICLE]
    others = [one.name for one in channels if one.name not in alone]
    desk = DraftDesk(planner, about.keys())
    desk.catch_up()
    plan = make_plan(planner.plan_inputs(), channels, only=frozenset(about or {""}))
    keys = ((channel, id_) for channel in alone for id_ in about)
    snapshot = LedgerSnapshot.of(planner.ledger, others).joined(
        LedgerSnapshot.of_renderings(planner.ledger, keys)
    )
    drafts = tuple(desk.drafts(channels))
    return DeskSurvey(planner, about, plan, snapshot, drafts)


def _most_urgent(words: Iterable[Word]) -> Word:
    return min(words, key=_MOST_URGENT.index, default="none")
