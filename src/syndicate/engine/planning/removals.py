"""Copies that stand and should not: what the plan takes back.

Files of one article leave when it is withdrawn, expires or no longer belongs to the channel, never
because of a channel's `limit` or `since`. Posts leave only when their article is withdrawn and
somebody has asked for it, in the channel's file or with the withdrawal. Numbered editions and mail
are never taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from syndicate.adapters import Scope
from syndicate.couriers import Removes
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.planning.parts import rolling_renderings
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.stubs import stubs
from syndicate.engine.planning.withdrawn_posts import (
    last_first,
    whose_posts_go,
)
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.notices import is_notice
from syndicate.ledger.stubs import article_of_stub, is_stub
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.select import Select, is_public, is_withdrawn_or_expired

WhyRemoved = Literal[
    "withdrawn", "expired", "not public", "not selected", "lost", "replaced", "empty", "emptied",
    "retired", "still there", "restored",
]  # fmt: skip

RETIRED = "retired "
"""So begin the facts that a channel was retired."""
WHY_COUNTED: tuple[WhyRemoved, ...] = ("expired", "not public", "not selected", "lost")
"""The reasons for which an article leaves without anybody having withdrawn it."""
WHY_HELD: tuple[WhyRemoved, ...] = (*WHY_COUNTED, "emptied")
"""The reasons of what waits if too many articles would leave. A period of an archive is "emptied"
if articles leave the channel with it."""
Unwanted = Mapping[str, tuple[str, WhyRemoved]]
"""Renderings that should no longer stand, by their keys: how people call each, and why."""


@dataclass(frozen=True)
class Removal:
    """The `copies` of the rendering `key` of `channel` that should no longer stand. `label` is its
    name for people."""

    channel: str
    key: str
    label: str
    why: WhyRemoved
    copies: tuple[CopyRow, ...]


def unwanted_articles(
    plan_inputs: PlanInputs, channels: Iterable[Channel], only: frozenset[str] = frozenset()
) -> dict[str, Unwanted]:
    """For each of `channels` that has files of single articles, those that it should no longer
    show.

    Args:
        only: ids of the articles asked for; empty means everything.
    """
    copies = plan_inputs.view.ledger.copies
    found: dict[str, Unwanted] = {}
    for channel in channels:
        if channel.adapter.scope is Scope.ARTICLE:
            keys = copies.renderings([channel.name])
            some = {**_articles(plan_inputs, channel, keys), **_stubs(plan_inputs, channel, keys)}
            asked = ((k, v) for k, v in some.items() if not only or article_of_stub(k) in only)
            found[channel.name] = dict(asked)
    return found


def make_removals(
    plan_inputs: PlanInputs,
    channels: Iterable[Channel],
    only: frozenset[str] = frozenset(),
    unwanted: Mapping[str, Unwanted] | None = None,
) -> tuple[Removal, ...]:
    """What no longer belongs where `channels` have put it.

    Args:
        only: ids of the articles asked for; empty means everything.
        unwanted: the articles that their channels should no longer show, if that is known.
    """
    channels = tuple(channels)
    if unwanted is None:
        unwanted = unwanted_articles(plan_inputs, channels, only)
    return tuple(
        removal
        for channel in channels
        for removal in _of_channel(plan_inputs, channel, only, unwanted.get(channel.name, {}))
        if removal.copies
    )


def dropped_channels(newsroom: Newsroom, ledger: Ledger) -> tuple[tuple[str, int], ...]:
    """The channels that no longer exist, with how many copies of theirs still stand; without those
    that were retired, of which only posts and the like are left."""
    found = sorted(ledger.copies.channels().items())
    retired = ledger.facts.beginning(RETIRED)
    gone = ((name, number) for name, number in found if name not in newsroom.channels)
    return tuple((name, number) for name, number in gone if name not in retired)


def _of_channel(
    plan_inputs: PlanInputs, channel: Channel, only: frozenset[str], unwanted: Unwanted
) -> Iterator[Removal]:
    copies, scope = plan_inputs.view.ledger.copies, channel.adapter.scope
    if scope is Scope.EDITION:
        return
    going: frozenset[str] = frozenset()
    if scope is Scope.ROLLING:  # whatever was asked for, it shows the latest state
        unwanted = _periods(plan_inputs, channel, copies.renderings([channel.name]))
    elif scope is Scope.ARTICLE:
        unwanted, going = _with_posts(plan_inputs, channel, unwanted)
    rows = sorted(copies.of_renderings(channel.name, unwanted), key=_answers_first)
    for key, group in groupby(rows, key=lambda row: row.rendering):
        own = tuple(group)
        those = (*_those(channel, own), *_posts(channel, own, going))
        yield Removal(channel.name, key, *unwanted[key], those)
    behind = (row for row in copies.left_behind(channel.name) if row.rendering not in unwanted)
    rows = sorted(behind, key=lambda row: row.rendering)
    slugs = {} if scope is not Scope.ARTICLE else _slugs(plan_inputs, rows)
    for key, some in groupby(rows, key=lambda row: row.rendering):
        if scope is Scope.ARTICLE and only and key not in only:
            continue
        label = slugs.get(key) or f"{channel.name} {key}".strip()
        yield Removal(channel.name, key, label, "replaced", _those(channel, some))


def _slugs(plan_inputs: PlanInputs, rows: Iterable[CopyRow]) -> dict[str, str]:
    found = plan_inputs.summaries.of({row.rendering for row in rows})
    return {id_: one.slug for id_, one in found.items()}


def _those(channel: Channel, rows: Iterable[CopyRow]) -> tuple[CopyRow, ...]:
    return tuple(row for row in rows if _may_be_removed(channel, row))


def _posts(channel: Channel, rows: Iterable[CopyRow], going: Container[str]) -> tuple[CopyRow, ...]:
    """Those of `rows` that are posts of the articles `going`, in the order in which they go."""

    def goes(row: CopyRow) -> bool:
        courier = channel.couriers.get(row.courier)
        if courier is None or not courier.final or row.copy.remote_id is None:
            return False
        return isinstance(courier, Removes) and row.rendering in going

    return last_first(filter(goes, rows))


def _answers_first(row: CopyRow) -> tuple[bool, str]:
    return not is_notice(row.rendering), row.rendering


def _with_posts(
    plan_inputs: PlanInputs, channel: Channel, unwanted: Unwanted
) -> tuple[Unwanted, frozenset[str]]:
    """`unwanted` with the notices about its articles, and the keys of those whose posts are to be
    deleted."""
    ledger = plan_inputs.view.ledger
    gone = [key for key, (_, why) in unwanted.items() if why == "withdrawn"]
    going = whose_posts_go(ledger, channel, gone)
    rows = ledger.notices.of_articles(going) if going else ()
    answers = {row.key: unwanted[row.article] for row in rows if row.channel == channel.name}
    return {**unwanted, **answers}, going | answers.keys()


def _may_be_removed(channel: Channel, row: CopyRow) -> bool:
    """Whether the plan may remove `row`. What goes to people stays, and so does what stands at a
    place where the channel delivers no more, until that is retired."""
    courier = channel.couriers.get(row.courier)
    if courier is None or courier.final or not isinstance(courier, Removes):
        return False
    return courier.place(row.copy.artifact, row.copy.unit) == row.copy.place


def _articles(
    plan_inputs: PlanInputs, channel: Channel, keys: frozenset[str]
) -> dict[str, tuple[str, WhyRemoved]]:
    """The articles of which copies stand, and that the channel should no longer show."""
    now, zone = plan_inputs.now, plan_inputs.newsroom.publication.zone
    select = without_limits(channel.select)
    if select.takes_all:
        wanted = plan_inputs.summaries.public(now)
    else:
        chosen = plan_inputs.summaries.history(select, now, zone)
        wanted = frozenset(one.id for one in chosen)
    return {
        one.id: (one.slug, why_unwanted(one, now))
        for one in plan_inputs.summaries.of(keys - wanted).values()
    }


def _stubs(
    plan_inputs: PlanInputs, channel: Channel, keys: frozenset[str]
) -> dict[str, tuple[str, WhyRemoved]]:
    """What stands in the place of articles that are no longer withdrawn."""
    standing = {key for key in keys if is_stub(key)}
    if standing:
        standing -= {one.key for one in stubs(plan_inputs, channel)}
    known = plan_inputs.view.ledger.articles.with_ids([*map(article_of_stub, standing)])
    return {
        key: (known[id_].slug if (id_ := article_of_stub(key)) in known else id_, "restored")
        for key in standing
    }


def without_limits(select: Select) -> Select:
    """`select` without what says how much is published, and not what is taken back."""
    return select.model_copy(update={"limit": None, "since": None})


def why_unwanted(one: ArticleSummary, now: datetime) -> WhyRemoved:
    """Why an article does not belong to a channel at `now`, if it does not."""
    if is_public(one, now):
        return "not selected"
    if one.status == "withdrawn":
        return "withdrawn"
    return "expired" if is_withdrawn_or_expired(one, now) else "not public"


def _periods(
    plan_inputs: PlanInputs, channel: Channel, keys: frozenset[str]
) -> dict[str, tuple[str, WhyRemoved]]:
    """The closed periods of an archive in which nothing is left. A feed that people subscribe to
    stays, with no articles."""
    closed = {key for key in keys if key and not key.endswith("/")}
    if closed:
        closed -= {one.key for one in rolling_renderings(plan_inputs, channel)}
    shown = {key: plan_inputs.view.ledger.parts.shown(channel.name, key) for key in closed}
    return {
        key: (
            f"{channel.name} {key}",
            "emptied" if lost_to(plan_inputs, channel, shown[key]) else "empty",
        )
        for key in closed
    }


def lost_to(
    plan_inputs: PlanInputs, channel: Channel, missing: Collection[str]
) -> dict[str, WhyRemoved]:
    """Those of the articles `missing` from a part of `channel` that leave the channel although
    nobody has withdrawn them, with the reason."""
    found = plan_inputs.summaries.of(missing)
    fits = without_limits(channel.select).test(plan_inputs.newsroom.publication.zone)
    reasons: dict[str, WhyRemoved] = {}
    for id_ in missing:
        if (one := found.get(id_)) is None:
            reasons[id_] = "lost"
            continue
        why = why_unwanted(one, plan_inputs.now)
        if why in WHY_COUNTED and not (why == "not selected" and fits(one)):
            reasons[id_] = why
    return reasons
