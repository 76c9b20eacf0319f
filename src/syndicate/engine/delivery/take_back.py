"""What a run takes back by itself, as far as the guard lets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from syndicate.engine.delivery.cut_off import ask_about_withdrawn
from syndicate.engine.delivery.other_checkouts import follow_removals
from syndicate.engine.delivery.removal import configured_courier, remove
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removal_guard import waits
from syndicate.engine.planning.removals import Unwanted, make_removals
from syndicate.newsroom.channel import Channel


def take_back(
    run: PublishRun,
    planner: Planner,
    channels: Iterable[Channel],
    unwanted: Mapping[str, Unwanted],
    is_held: bool,
) -> None:
    """Remove what no longer belongs where it stands, now that everything that refers to it is
    up to date.

    Args:
        unwanted: the articles that their channels should no longer show.
        is_held: whether so many articles would leave that none does.
    """
    only, channels = planner.asked_for(run.order.articles), tuple(channels)
    ask_about_withdrawn(run, channels, only)
    removals = make_removals(planner.plan_inputs(), channels, only, unwanted)
    if is_held:
        removals = tuple(one for one in removals if not waits(one))
    if removals:
        with run.ledger.leases.run():
            remove(run, removals, partial(configured_courier, run.newsroom))
    follow_removals(run, planner.cache)
