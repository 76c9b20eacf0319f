"""The guard: a mistake in the settings or in `content/` must not empty a newsroom's site or feeds.

It counts the articles that would leave a channel although nobody has withdrawn them, over 24 hours
and all channels. If there are too many, whatever would lose one of them waits: its page stays, and
so does each feed, site map, list or catalogue that shows it.

An article that leaves a feed for an archive, for another tag or because of a limit has not left the
channel.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from syndicate.adapters import Scope
from syndicate.engine.planning.mass_removal import DAY, MassRemoval, mass_removal
from syndicate.engine.planning.plan import Plan, Step
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.removals import (
    WHY_COUNTED,
    WHY_HELD,
    Removal,
    Unwanted,
    WhyRemoved,
    lost_to,
    unwanted_articles,
    without_limits,
)
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.facts import Facts
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom

_HELD = "held"  # a fact about the ledger
_LISTS = (Scope.NEWSROOM, Scope.CATALOGUE)


@dataclass(frozen=True)
class Leaving:
    """The articles that would leave `feeds` and `pages`, with the reason, by channel and id; the
    `steps` that would lose them, by channel and key; and the channels in which no article of the
    newsroom would be left because of what they select."""

    feeds: Mapping[str, Mapping[str, WhyRemoved]] = field(default_factory=dict)
    pages: Mapping[str, Mapping[str, WhyRemoved]] = field(default_factory=dict)
    steps: frozenset[tuple[str, str]] = frozenset()
    emptied: tuple[str, ...] = ()

    @property
    def articles(self) -> frozenset[str]:
        """The ids of all that would leave."""
        both = (*self.feeds.values(), *self.pages.values())
        return frozenset(id_ for some in both for id_ in some)


@dataclass(frozen=True)
class Guard:
    """What of `plan` would take articles from readers, and whether that are too `many`. `unwanted`
    are the articles that their channels should no longer show; `instead` are the steps for feeds
    that wait, but must not go on showing an article that somebody has withdrawn."""

    newsroom: Newsroom
    plan: Plan
    unwanted: Mapping[str, Unwanted]
    leaves: Leaving
    now: datetime
    many: MassRemoval | None
    instead: tuple[Step, ...] = ()

    @classmethod
    def of(
        cls,
        plan_inputs: PlanInputs,
        channels: Iterable[Channel],
        plan: Plan,
        only: frozenset[str] = frozenset(),
    ) -> Guard:
        """The guard over `plan` for `channels`, and over what it does not show: the removal of
        articles, of the ids `only` if there are some."""
        unwanted = unwanted_articles(plan_inputs, channels, only)
        leaves = leaving(plan_inputs, plan.steps, unwanted)
        newsroom, ledger = plan_inputs.newsroom, plan_inputs.view.ledger
        many = mass_removal(newsroom, ledger, leaves.articles, plan_inputs.now, leaves.emptied)
        losing = [one for one in plan.steps if (one.channel, one.key) in leaves.steps]
        instead = tuple(_without_withdrawn(plan_inputs, losing)) if many else ()
        return cls(newsroom, plan, unwanted, leaves, plan_inputs.now, many, instead)

    def held_back(self, may_remove: Callable[[MassRemoval], bool] = lambda _: False) -> Plan:
        """The plan; if too many articles would leave, and they may not, without what would lose
        them."""
        if self.many is None or may_remove(self.many):
            return self.plan
        steps = self.plan.steps
        held = tuple(step for step in steps if self._is_held(step))
        rest = tuple(step for step in steps if not self._is_held(step))
        return replace(self.plan, steps=(*rest, *self.instead), held=held, many=self.many)

    def _is_held(self, step: Step) -> bool:
        """Whether `step` would lose articles. Lists of feeds or files name what others show."""
        lists = self.newsroom.channels[step.channel].adapter.scope in _LISTS
        return lists or (step.channel, step.key) in self.leaves.steps

    def note(
        self, ledger: Ledger, channels: Iterable[Channel], plan: Plan, deleted: MassRemoval | None
    ) -> None:
        """Note in `ledger` what this run for `channels`, which carries out `plan`, lets leave, so
        that it counts for a day; and for `status` and `doctor` what it holds back. `deleted`: too
        many articles whose files are gone were not withdrawn."""
        names = {channel.name for channel in channels}
        before = held(ledger.facts)
        waiting = {name for name in (before.channels if before else ()) if name not in names}
        if plan.many is None:
            self._note_leaving(ledger)
        else:
            waiting |= {step.channel for step in plan.held}
            waiting |= {name for name, some in self.leaves.pages.items() if some}
        waiting |= names if deleted else set()
        many = plan.many or deleted
        told = (str(many), many.hint) if many else (before.message, before.hint) if before else ()
        if told:
            ledger.facts.put(_HELD, json.dumps([sorted(waiting), *told]) if waiting else "")

    def _note_leaving(self, ledger: Ledger) -> None:
        """The removal of pages is noted anyway."""
        if not self.leaves.feeds:
            return
        noted = ledger.copies.renderings_removed(since=self.now - DAY, why=WHY_COUNTED)
        for channel, reasons in self.leaves.feeds.items():
            for id_, why in reasons.items():
                if id_ not in noted:
                    note = f"{why}: {channel}"
                    ledger.events.add(LedgerEvent("left", "", channel, id_, note=note))


def leaving(
    plan_inputs: PlanInputs, steps: Iterable[Step], unwanted: Mapping[str, Unwanted]
) -> Leaving:
    """What would leave by `steps`, and by the removal of the articles that are `unwanted` in their
    channels."""
    pages = {
        name: {id_: why for id_, (_, why) in some.items() if why in WHY_COUNTED}
        for name, some in unwanted.items()
    }
    feeds: dict[str, dict[str, WhyRemoved]] = {}
    losing: set[tuple[str, str]] = set()
    for step in steps:
        channel = plan_inputs.newsroom.channels[step.channel]
        is_feed = step.work == "render" and channel.adapter.scope is Scope.ROLLING
        if is_feed and (lost := _lost(plan_inputs, channel, step)):
            losing.add((step.channel, step.key))
            feeds.setdefault(step.channel, {}).update(lost)
    emptied = (
        name
        for name in sorted({*feeds, *pages})
        if _is_emptied(plan_inputs, name, {**feeds.get(name, {}), **pages.get(name, {})})
    )
    return Leaving(feeds, pages, frozenset(losing), tuple(emptied))


def _lost(plan_inputs: PlanInputs, channel: Channel, step: Step) -> dict[str, WhyRemoved]:
    """What the part of a channel that `step` renders shows now, and the channel no longer would."""
    shown = plan_inputs.view.ledger.parts.shown(channel.name, step.key)
    return lost_to(plan_inputs, channel, shown.difference(step.members))


def _without_withdrawn(plan_inputs: PlanInputs, steps: Iterable[Step]) -> Iterator[Step]:
    """`steps`, each with what its feed shows now instead, but for what was withdrawn; only those of
    feeds that show something withdrawn. They are planned again as soon as nothing holds them."""
    ledger = plan_inputs.view.ledger
    for step in steps:
        shown = ledger.parts.shown(step.channel, step.key)
        known = ledger.articles.with_ids(shown)
        staying = [id_ for id_ in shown if id_ in known and known[id_].withdrawn is None]
        if len(staying) == len(shown):
            continue
        found = plan_inputs.summaries.of(staying).values()
        newest = sorted(found, key=lambda one: (-one.published.timestamp(), one.slug))
        made = replace(
            step,
            articles=tuple(one.digest for one in newest),
            members=tuple(one.id for one in newest),
            files=tuple(one.file_digest for one in newest),
            inputs="",
        )
        yield replace(made, pieces=made.piece_keys(plan_inputs.pictures))


def _is_emptied(plan_inputs: PlanInputs, name: str, reasons: Mapping[str, WhyRemoved]) -> bool:
    """Whether what is left in a channel is nothing, because of what it selects."""
    if not reasons or set(reasons.values()) != {"not selected"}:
        return False
    newsroom = plan_inputs.newsroom
    select = without_limits(newsroom.channels[name].select)
    left = plan_inputs.summaries.history(select, plan_inputs.now, newsroom.publication.zone)
    return not left


def waits(removal: Removal) -> bool:
    """Whether articles leave with `removal` although nobody has withdrawn them."""
    return removal.why in WHY_HELD


# -- what the last run has held back --------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What runs have held back: in which `channels`, and the `message` and `hint` of the last of
    them."""

    channels: tuple[str, ...]
    message: str
    hint: str


def held(facts: Facts) -> Held | None:
    """What the last runs have held back; None if nothing waits."""
    noted = facts.get(_HELD)
    if not noted:
        return None
    channels, message, hint = json.loads(noted)
    return Held(tuple(channels), message, hint)
