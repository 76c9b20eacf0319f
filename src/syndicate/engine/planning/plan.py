"""What `publish` would do now, worked out without rendering or sending."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import Literal

from syndicate.adapters import (
    Catalogues,
    NamesPages,
    Pagination,
    Scope,
    WritesNotices,
)
from syndicate.engine.content.summaries import Newest
from syndicate.engine.planning.at_rest import at_rest as at_rest_in
from syndicate.engine.planning.catalogue import issues_to_catalogue
from syndicate.engine.planning.editions import next_edition, reissued_edition
from syndicate.engine.planning.input_digests import InputDigests, last_handled
from syndicate.engine.planning.mass_removal import MassRemoval
from syndicate.engine.planning.parts import rolling_renderings, subscriptions_to_render
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.release import couriers_of, next_move
from syndicate.engine.planning.removals import WHY_HELD, Removal
from syndicate.engine.planning.renderings import (
    PlannedRendering,
    rendering_of_article,
    rendering_of_catalogue,
    rendering_of_edition,
    rendering_of_newsroom,
    rendering_of_notice,
)
from syndicate.engine.planning.stubs import gone_articles, stubs
from syndicate.engine.planning.withdrawn_articles import Remark
from syndicate.ledger.records import FrozenEdition
from syndicate.ledger.stubs import is_stub
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.shape import Shape

_AT_ONCE = 500  # renderings of which the ledger is asked at once
Reason = Literal["new", "changed", "missing", "resume", "reissue", "approved"]
Work = Literal["render", "deliver"]


@dataclass(frozen=True, kw_only=True)
class Step(PlannedRendering):
    """A rendering of `channel` to be made, or to be delivered as it was made before.

    `inputs` are the digests of everything it depends on, in the form that the ledger stores; for a
    delivery, those it was rendered from. `before` are those of the last rendering, None if there
    is none; `changes` are what differs (see `InputDigests.changes`). In a rolling channel, `pieces`
    are the keys of what each article contributes and `shape` covers everything else. `pagination`
    is set once the channel whose pages it refers to has been rendered. `kept` is the digest of what
    the rendering before has kept for this one. `appeared` says in which edition of the channel each
    revised article was, and on which page.
    """

    channel: str
    work: Work
    reason: Reason
    inputs: str
    before: str | None = None
    changes: tuple[str, ...] = ()
    shape: str = ""
    pieces: tuple[str, ...] = ()
    pagination: Pagination | None = None
    kept: str = ""
    appeared: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The steps, the editions that they freeze, what is waiting for approval, and the next time at
    which the plan changes although nothing else does (an embargo, an expiry, a schedule).

    `removals` are the copies that no longer belong where they stand. `dropped` are the channels
    that no longer exist, with how many copies of theirs stand; these stay until they are retired.
    `held` are steps that wait because they would lose articles, if there are too `many`.
    `remarks` are about withdrawn articles.
    """

    steps: tuple[Step, ...] = ()
    editions: tuple[FrozenEdition, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    changes_at: datetime | None = None
    removals: tuple[Removal, ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()
    held: tuple[Step, ...] = ()
    many: MassRemoval | None = None
    remarks: tuple[Remark, ...] = ()

    def holds(self, removal: Removal) -> bool:
        """Whether `removal` waits too."""
        return self.many is not None and removal.why in WHY_HELD

    def only(self, renderings: Mapping[str, Collection[str]]) -> Plan:
        """The same, but of each channel in `renderings` only the steps for those keys."""
        steps = (s for s in self.steps if s.key in renderings.get(s.channel, (s.key,)))
        return replace(self, steps=tuple(steps))

    def __add__(self, other: Plan) -> Plan:
        """Both plans as one, this one first."""
        return Plan(
            self.steps + other.steps,
            self.editions + other.editions,
            self.waiting + other.waiting,
            self.unchanged + other.unchanged,
            min(filter(None, (self.changes_at, other.changes_at)), default=None),
            self.removals + other.removals,
            self.dropped + other.dropped,
            self.held + other.held,
            self.many or other.many,
            self.remarks + other.remarks,
        )


def make_plan(
    plan_inputs: PlanInputs,
    channels: Iterable[Channel],
    *,
    only: frozenset[str] = frozenset(),
    reissue: bool = False,
    resting: frozenset[str] = frozenset(),
) -> Plan:
    """The plan for `channels`.

    Args:
        only: ids of the articles asked for; empty means all. A rolling channel always shows the
            latest state.
        reissue: render the last edition of each edition channel again, with the current text.
        resting: names of channels that are not due: what was begun is finished,
            nothing new is.
    """
    plan = Plan()
    # Catalogues come last, because what they list may be about to change.
    for channel in sorted(channels, key=lambda one: one.adapter.scope is Scope.CATALOGUE):
        is_resting = channel.name in resting
        edition = _edition(plan_inputs, channel, only, reissue, is_resting)
        changing = any(step.channel == channel_catalogued_by(channel) for step in plan.steps)
        if channel.adapter.scope is Scope.ARTICLE and not only:
            at_rest = at_rest_in(plan_inputs, channel)
        else:
            at_rest = frozenset()
        renderings = chain(
            _renderings(plan_inputs, channel, only, edition, at_rest),
            _notices(plan_inputs, channel, only),
            stubs(plan_inputs, channel, only),
        )
        plan += _of_channel(plan_inputs, channel, renderings, changing, is_resting)
        plan += Plan(
            editions=(edition,) if edition else (),
            unchanged=plan_inputs.count(channel, at_rest),
            changes_at=min(plan_inputs.moments(channel), default=None),
        )
    return plan


def _edition(
    plan_inputs: PlanInputs,
    channel: Channel,
    only: frozenset[str],
    reissue: bool,
    is_resting: bool,
) -> FrozenEdition | None:
    """The edition that this run freezes, or None."""
    if channel.adapter.scope is not Scope.EDITION:
        return None
    frozen = plan_inputs.view.editions(channel.name)
    fresh = None
    if not is_resting:
        held = [id_ for one in frozen for id_, _ in (*one.members, *one.revised)]
        past = Newest(lambda: iter(plan_inputs.past(channel, held)))
        fresh = next_edition(channel, plan_inputs.chosen(channel, only), past, frozen, only)
    if reissue and frozen and not fresh:
        ids = [article for article, _ in frozen[-1].members]
        fresh = reissued_edition(frozen[-1], plan_inputs.summaries.of(ids))
    return fresh


def _renderings(
    plan_inputs: PlanInputs,
    channel: Channel,
    only: frozenset[str],
    edition: FrozenEdition | None,
    at_rest: frozenset[str],
) -> Iterable[PlannedRendering]:
    """Every rendering of `channel`, including the `edition` that is about to be frozen, without
    those of articles that are `at_rest`."""
    match channel.adapter.scope:
        case Scope.ARTICLE:
            return map(rendering_of_article, plan_inputs.chosen(channel, only, at_rest))
        case Scope.ROLLING:
            return rolling_renderings(plan_inputs, channel)
        case Scope.NEWSROOM:
            gone = gone_articles(plan_inputs) if channel.adapter.lists_gone else ()
            return (rendering_of_newsroom(channel, subscriptions_to_render(plan_inputs), gone),)
        case Scope.CATALOGUE:
            return (
                rendering_of_catalogue(
                    channel, issues_to_catalogue(plan_inputs, channel_catalogued_by(channel))
                ),
            )
        case _:
            numbered = {one.number: one for one in plan_inputs.view.editions(channel.name)}
            if edition:
                numbered[edition.number] = edition
            return map(rendering_of_edition, numbered.values())


def _notices(
    plan_inputs: PlanInputs, channel: Channel, only: frozenset[str]
) -> Iterator[PlannedRendering]:
    """What `channel` tells people who have a version of an article that is wrong."""
    if not isinstance(channel.adapter, WritesNotices):
        return
    rows = plan_inputs.view.notices(channel.name)
    rows = tuple(row for row in rows if not only or row.article in only)
    known = plan_inputs.view.ledger.articles.with_ids([row.article for row in rows])
    for row in rows:
        yield rendering_of_notice(row, known[row.article].slug)


def _of_channel(
    plan_inputs: PlanInputs,
    channel: Channel,
    renderings: Iterable[PlannedRendering],
    changing: bool,
    is_resting: bool,
) -> Plan:
    """The plan for the renderings `renderings` of one channel. `changing`: what they list is itself
    about to be rendered, so their inputs are not known yet."""
    shape = plan_inputs.newsroom.shape(channel)
    steps: list[Step] = []
    waiting: list[tuple[str, str]] = []
    unchanged = 0
    rest = iter(renderings)
    while page := list(islice(rest, _AT_ONCE)):
        here = plan_inputs.about(channel, [one.key for one in page])
        digests = {} if changing else here.input_digests(channel, shape, page)
        for rendering in page:
            inputs = digests.get(rendering.key)
            step = _step(here, channel, rendering, shape, inputs)
            rests = is_resting and not (rendering.notice or is_stub(rendering.key))
            if step and not (rests and step.reason not in ("resume", "missing")):
                steps.append(step)
            elif here.release.awaits_approval(channel, rendering.key):
                waiting.append((channel.name, rendering.label))
            else:
                unchanged += 1
    return Plan(tuple(steps), (), tuple(waiting), unchanged)


def _step(
    plan_inputs: PlanInputs,
    channel: Channel,
    rendering: PlannedRendering,
    shape: Shape,
    inputs: InputDigests | None,
) -> Step | None:
    """The work that `rendering` needs, or None."""
    newsroom, snapshot = plan_inputs.newsroom, plan_inputs.snapshot
    key = (channel.name, rendering.key)
    before = snapshot.renderings.get(key)

    def step(work: Work, reason: Reason) -> Step:
        of = before if work == "deliver" and before else str(inputs or "")
        made = Step(
            **vars(rendering),
            channel=channel.name,
            work=work,
            reason=reason,
            inputs=of,
            before=before,
        )
        if channel.adapter.scope is not Scope.ROLLING:
            return made
        return replace(made, shape=str(shape), pieces=rendering.piece_keys(plan_inputs.pictures))

    if before is None:
        return step("render", "new")
    if _is_changed(plan_inputs, channel, rendering, before, inputs):
        if rendering.number:
            return step("render", "reissue")
        was = InputDigests.parse(before)
        changes = inputs.changes(was) if inputs and was else ()
        return replace(step("render", "changed"), changes=changes)
    work: Step | None = None
    for artifact in snapshot.artifacts.get(key, ()):
        if artifact.draft and not (newsroom.drafts / artifact.name).is_file():
            return step("render", "missing")
        decision = plan_inputs.release.of(channel, rendering.key, artifact)
        for name, courier in couriers_of(channel, rendering.key).items():
            dispatch = snapshot.dispatches.get((*key, artifact.name, name))
            move = next_move(decision, dispatch, courier)
            begun = bool(dispatch and dispatch.frozen and dispatch.counts)
            if move == "hand over" and artifact.draft:
                work = step("deliver", "resume" if begun else "approved")
            elif move == "hand over":
                if not newsroom.store.holds(decision.artifact.digest):
                    return step("render", "missing")
                work = step("deliver", "missing")
            elif move and dispatch:
                if not newsroom.store.holds(dispatch.digest):
                    return step("render", "resume")
                work = step("deliver", "resume")
    return work


def _is_changed(
    plan_inputs: PlanInputs,
    channel: Channel,
    rendering: PlannedRendering,
    before: str,
    inputs: InputDigests | None,
) -> bool:
    """Whether `rendering`, last rendered from the inputs `before`, has to be rendered again.

    Inputs recorded in an older form cannot be compared. Then anything that people have approved,
    edited or sent stays as it is, unless an article has changed since.
    """
    snapshot = plan_inputs.snapshot
    if rendering.number:
        frozen = snapshot.editions.get(channel.name, ())
        return rendering not in (
            rendering_of_edition(one) for one in frozen if one.number == rendering.number
        )
    was = InputDigests.parse(before)
    if inputs is None:
        return True
    if rendering.notice and last_handled(plan_inputs.newsroom, channel, rendering.key, snapshot):
        return False
    if was and not inputs.differ_by_program(was):
        return was.newsroom != inputs.newsroom
    handled = last_handled(plan_inputs.newsroom, channel, rendering.key, snapshot)
    return handled is None or (was is None and rendering.date > handled)


def channel_catalogued_by(channel: Channel) -> str:
    """The name of the channel whose files `channel` lists; "" if it is not a catalogue."""
    return channel.adapter.catalogue_of if isinstance(channel.adapter, Catalogues) else ""


def channel_paginated_by(channel: Channel) -> str:
    """The name of the channel whose page numbers `channel` refers to, or ""."""
    return channel.adapter.pages_of if isinstance(channel.adapter, NamesPages) else ""
