"""What `publish` would do now, computed without rendering or sending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from syndicate.adapters import (
    Catalogues,
    NamesPages,
    Pagination,
    Scope,
)
from syndicate.engine.catalogue import issues
from syndicate.engine.editions import next_edition, reissued
from syndicate.engine.inputs import Inputs, last_handled
from syndicate.engine.records import FrozenEdition
from syndicate.engine.release import is_gone, is_to_hand_over
from syndicate.engine.situation import Situation
from syndicate.engine.store import Outbox
from syndicate.engine.units import (
    Unit,
    of_article,
    of_catalogue,
    of_edition,
    of_newsroom,
    rolling,
    subscriptions,
)
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.shape import Shape

Reason = Literal["new", "changed", "missing", "resume", "reissue", "approved"]
Work = Literal["render", "deliver"]


@dataclass(frozen=True, kw_only=True)
class Step(Unit):
    """One unit of `channel` to be rendered, or delivered as it was rendered before.

    `inputs` is what the ledger keeps of all that it depends on, or depended on when it was
    rendered. Of a rolling channel, `pieces` are the keys of what each article adds, and `shape`
    stands for all else in them. `pagination` is known once the channel whose pages it names has
    been rendered.
    """

    channel: str
    work: Work
    reason: Reason
    inputs: str
    shape: str = ""
    pieces: tuple[str, ...] = ()
    pagination: Pagination | None = None

    @property
    def unit(self) -> str:
        """The key of the unit."""
        return self.key


@dataclass(frozen=True)
class Plan:
    """The steps, the editions that they will freeze, what waits for approval, and when the clock
    alone will change the answer."""

    steps: tuple[Step, ...] = ()
    editions: tuple[FrozenEdition, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    changes_at: datetime | None = None

    def __add__(self, other: Plan) -> Plan:
        """One plan after the other."""
        return Plan(
            self.steps + other.steps,
            self.editions + other.editions,
            self.waiting + other.waiting,
            self.unchanged + other.unchanged,
            min(filter(None, (self.changes_at, other.changes_at)), default=None),
        )


def make_plan(
    situation: Situation,
    channels: Iterable[Channel],
    *,
    only: frozenset[str] = frozenset(),
    reissue: bool = False,
    resting: frozenset[str] = frozenset(),
) -> Plan:
    """The plan for `channels`.

    Args:
        only: ids of the articles asked for; none means all. A rolling channel shows the latest
            state whatever was asked for.
        reissue: render the last edition of each edition channel again from the present text.
        resting: names of channels whose hour has not come: what was begun is brought to its end,
            nothing new is.
    """
    plan = Plan()
    # A catalogue comes last: what it lists may be about to change.
    for channel in sorted(channels, key=lambda one: one.adapter.scope is Scope.CATALOGUE):
        at_rest = channel.name in resting
        edition = _edition(situation, channel, only, reissue, at_rest)
        units = _units(situation, channel, only, edition)
        changing = any(step.channel == lists(channel) for step in plan.steps)
        plan += _of_channel(situation, channel, units, changing, at_rest)
        plan += Plan(editions=(edition,) if edition else ())
    return plan


def _edition(
    situation: Situation, channel: Channel, only: frozenset[str], reissue: bool, at_rest: bool
) -> FrozenEdition | None:
    """The edition that this run freezes, None if there is none to freeze."""
    if channel.adapter.scope is not Scope.EDITION:
        return None
    frozen = situation.remembered.editions.get(channel.name, ())
    fresh = None
    if not at_rest:
        chosen, past = situation.chosen(channel), situation.history(channel)
        fresh = next_edition(channel, chosen, past, frozen, only)
    if reissue and frozen and not fresh:
        fresh = reissued(frozen[-1], {one.id: one for one in situation.filed})
    return fresh


def _units(
    situation: Situation, channel: Channel, only: frozenset[str], edition: FrozenEdition | None
) -> Iterable[Unit]:
    """What there is of `channel`, an `edition` that is about to be frozen with it."""
    newsroom, filed, now = situation.newsroom, situation.filed, situation.now
    match channel.adapter.scope:
        case Scope.ARTICLE:
            chosen = situation.chosen(channel)
            return (of_article(one) for one in chosen if not only or one.id in only)
        case Scope.ROLLING:
            return rolling(newsroom, channel, filed, now)
        case Scope.NEWSROOM:
            return (of_newsroom(channel, subscriptions(newsroom, filed, now)),)
        case Scope.CATALOGUE:
            return (of_catalogue(channel, issues(situation, lists(channel))),)
        case _:
            numbered = {
                one.number: one for one in situation.remembered.editions.get(channel.name, ())
            }
            if edition:
                numbered[edition.number] = edition
            return map(of_edition, numbered.values())


def _of_channel(
    situation: Situation,
    channel: Channel,
    units: Iterable[Unit],
    changing: bool,
    at_rest: bool,
) -> Plan:
    """What is to be done for `units` of one channel; what they hold is not yet known if it is
    `changing`."""
    shape = situation.newsroom.shape(channel)
    steps: list[Step] = []
    waiting: list[tuple[str, str]] = []
    unchanged = 0
    for unit in units:
        inputs = None if changing else unit.depends_on(shape, situation.pictures)
        step = _step(situation, channel, unit, shape, inputs)
        if step and not (at_rest and step.reason not in ("resume", "missing")):
            steps.append(step)
        elif situation.release.awaits_approval(channel, unit.key):
            waiting.append((channel.name, unit.label))
        else:
            unchanged += 1
    return Plan(
        tuple(steps), (), tuple(waiting), unchanged, min(situation.moments(channel), default=None)
    )


def _step(
    situation: Situation, channel: Channel, unit: Unit, shape: Shape, inputs: Inputs | None
) -> Step | None:
    """The work that `unit` needs, None if there is none."""
    newsroom, remembered = situation.newsroom, situation.remembered
    key = (channel.name, unit.key)
    before = remembered.renderings.get(key)

    def step(work: Work, reason: Reason) -> Step:
        of = before if work == "deliver" and before else str(inputs or "")
        made = Step(**vars(unit), channel=channel.name, work=work, reason=reason, inputs=of)
        if channel.adapter.scope is not Scope.ROLLING:
            return made
        return replace(made, shape=str(shape), pieces=unit.piece_keys(situation.pictures))

    if before is None:
        return step("render", "new")
    if _is_changed(situation, channel, unit, before, inputs):
        return step("render", "reissue" if unit.number else "changed")
    work: Step | None = None
    outbox = Outbox(newsroom.state)
    for artifact in remembered.artifacts.get(key, ()):
        if artifact.draft and not (newsroom.drafts / artifact.name).is_file():
            return step("render", "missing")
        decision = situation.release.of(channel, unit.key, artifact)
        if not decision.may_leave:
            continue
        for name, courier in channel.couriers.items():
            dispatch = remembered.dispatches.get((*key, artifact.name, name))
            if artifact.draft and is_to_hand_over(dispatch, courier, decision.artifact):
                work = step("deliver", "approved")
                continue
            if is_gone(dispatch, courier, decision.artifact):
                return step("render", "missing")
            if dispatch and dispatch.unfinished:
                if not outbox.holds(dispatch.digest):
                    return step("render", "resume")
                work = step("deliver", "resume")
    return work


def _is_changed(
    situation: Situation, channel: Channel, unit: Unit, before: str, inputs: Inputs | None
) -> bool:
    """Whether `unit`, rendered from the inputs `before`, is to be rendered again from `inputs`.

    Of inputs that were noted by an older scheme only their age is known: what people have dealt
    with stays as it is if its articles have not changed since.
    """
    remembered = situation.remembered
    if unit.number:
        frozen = remembered.editions.get(channel.name, ())
        return unit not in (of_edition(one) for one in frozen if one.number == unit.number)
    was = Inputs.parse(before)
    if inputs is None:
        return True
    if was and not inputs.differ_by_program(was):
        return was.newsroom != inputs.newsroom
    handled = last_handled(situation.newsroom, channel, unit.key, remembered)
    return handled is None or (was is None and unit.date > handled)


def lists(channel: Channel) -> str:
    """The name of the channel whose deliveries `channel` lists, "" if it is no catalogue."""
    return channel.adapter.catalogue_of if isinstance(channel.adapter, Catalogues) else ""


def names_pages_of(channel: Channel) -> str:
    """The name of the channel whose pages `channel` names, "" if it names none."""
    return channel.adapter.pages_of if isinstance(channel.adapter, NamesPages) else ""
