"""What `publish` would do now, computed without rendering or sending."""

from __future__ import annotations

import hashlib
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
from syndicate.engine.cache import Cache
from syndicate.engine.catalogue import issues
from syndicate.engine.editions import next_edition, reissued
from syndicate.engine.filed import Filed
from syndicate.engine.leaving import awaits, is_gone, is_to_hand_over, leaving, scheduled
from syndicate.engine.records import FrozenEdition
from syndicate.engine.remembered import Remembered
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
from syndicate.newsroom.newsroom import Newsroom

Reason = Literal["new", "changed", "missing", "resume", "reissue", "approved"]
Work = Literal["render", "deliver"]


@dataclass(frozen=True, kw_only=True)
class Step(Unit):
    """One unit of `channel` to be rendered, or delivered as it was rendered before.

    `inputs` is the digest of all that it depends on. Of a rolling channel, `pieces` are the keys of
    what each article adds, and `shape` stands for all else in them. `pagination` is known once the
    channel whose pages it names has been rendered.
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

    steps: tuple[Step, ...]
    editions: tuple[FrozenEdition, ...]
    waiting: tuple[tuple[str, str], ...]
    unchanged: int
    changes_at: datetime | None


def make_plan(
    newsroom: Newsroom,
    channels: Iterable[Channel],
    filed: tuple[Filed, ...],
    remembered: Remembered,
    cache: Cache,
    now: datetime,
    *,
    only: frozenset[str] = frozenset(),
    reissue: bool = False,
    resting: frozenset[str] = frozenset(),
) -> Plan:
    """The plan for `channels` at `now`.

    Args:
        only: ids of the articles asked for; none means all. A rolling channel shows the latest
            state whatever was asked for.
        reissue: render the last edition of each edition channel again from the present text.
        resting: names of channels whose hour has not come: what was begun is brought to its end,
            nothing new is.
    """
    by_id = {one.id: one for one in filed}
    pictures = {one.id: _pictures_digest(newsroom, cache, one) for one in filed if one.pictures}
    steps: list[Step] = []
    editions: list[FrozenEdition] = []
    waiting: list[tuple[str, str]] = []
    moments: list[datetime] = []
    unchanged = 0
    # A catalogue comes last: what it lists may be about to change.
    for channel in sorted(channels, key=lambda one: one.adapter.scope is Scope.CATALOGUE):
        chosen = channel.select.choose(filed, now, newsroom.publication.zone)
        moments += [m for one in filed if (m := channel.select.changes_at(one, now))]
        moments += scheduled(channel, remembered, now)
        units: Iterable[Unit]
        match channel.adapter.scope:
            case Scope.ARTICLE:
                units = (of_article(one) for one in chosen if not only or one.id in only)
            case Scope.ROLLING:
                units = rolling(newsroom, channel, filed, now)
            case Scope.NEWSROOM:
                units = [of_newsroom(channel, subscriptions(newsroom, filed, now))]
            case Scope.CATALOGUE:
                held = issues(newsroom, lists(channel), filed, remembered, now)
                units = [of_catalogue(channel, held)]
            case _:
                frozen = remembered.editions.get(channel.name, ())
                fresh = None
                if channel.name not in resting:
                    past = channel.select.history(filed, now, newsroom.publication.zone)
                    fresh = next_edition(channel, chosen, past, frozen, only)
                if reissue and frozen and not fresh:
                    fresh = reissued(frozen[-1], by_id)
                editions += [fresh] if fresh else []
                frozen = tuple(e for e in frozen if not fresh or e.number != fresh.number)
                units = [of_edition(e) for e in (*frozen, *([fresh] if fresh else []))]
        shape = newsroom.rendering_digest(channel)
        listed = lists(channel)
        about_to_change = bool(listed) and any(one.channel == listed for one in steps)
        for unit in units:
            inputs = unit.digest(shape, pictures)
            if about_to_change:
                inputs = ""  # known when that is delivered
            step = _step(newsroom, channel, unit, inputs, remembered, now)
            if step and channel.adapter.scope is Scope.ROLLING:
                step = replace(step, shape=shape, pieces=unit.piece_keys(pictures))
            if step and channel.name in resting and step.reason not in ("resume", "missing"):
                step = None
            if step:
                steps.append(step)
            elif awaits(newsroom, channel, unit.key, remembered, now):
                waiting.append((channel.name, unit.label))
            else:
                unchanged += 1
    return Plan(
        tuple(steps), tuple(editions), tuple(waiting), unchanged, min(moments, default=None)
    )


def _step(
    newsroom: Newsroom,
    channel: Channel,
    unit: Unit,
    inputs: str,
    remembered: Remembered,
    now: datetime,
) -> Step | None:
    """The work that `unit` needs, None if there is none."""
    key = (channel.name, unit.key)

    def step(work: Work, reason: Reason) -> Step:
        return Step(**vars(unit), channel=channel.name, work=work, reason=reason, inputs=inputs)

    before = remembered.renderings.get(key)
    if before is None:
        return step("render", "new")
    if before != inputs:
        return step("render", "reissue" if unit.number else "changed")
    work: Step | None = None
    outbox = Outbox(newsroom.state)
    for artifact in remembered.artifacts.get(key, ()):
        if artifact.draft and not (newsroom.drafts / artifact.name).is_file():
            return step("render", "missing")
        leaves = leaving(newsroom, channel, unit.key, artifact, remembered, now)
        if leaves is None:
            continue
        for name, courier in channel.couriers.items():
            dispatch = remembered.dispatches.get((*key, artifact.name, name))
            if artifact.draft and is_to_hand_over(dispatch, courier, leaves):
                work = step("deliver", "approved")
                continue
            if is_gone(dispatch, courier, leaves):
                return step("render", "missing")
            if dispatch and dispatch.unfinished:
                if not outbox.holds(dispatch.digest):
                    return step("render", "resume")
                work = step("deliver", "resume")
    return work


def lists(channel: Channel) -> str:
    """The name of the channel whose deliveries `channel` lists, "" if it is no catalogue."""
    return channel.adapter.catalogue_of if isinstance(channel.adapter, Catalogues) else ""


def names_pages_of(channel: Channel) -> str:
    """The name of the channel whose pages `channel` names, "" if it names none."""
    return channel.adapter.pages_of if isinstance(channel.adapter, NamesPages) else ""


def _pictures_digest(newsroom: Newsroom, cache: Cache, one: Filed) -> str:
    """The state of the pictures of `one`: they are inputs like its words."""
    states = (cache.picture_digest(newsroom.content / src, src) for src in one.pictures)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()
