"""What a run takes back by itself, as far as the guard lets it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from syndicate.engine.delivery.other_checkouts import follow_removals
from syndicate.engine.delivery.removal import configured_courier, remove
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removal_guard import MassRemoval, is_counted, mass_removal
from syndicate.engine.planning.removals import make_removals
from syndicate.newsroom.channel import Channel


def take_back(run: PublishRun, planner: Planner, channels: Iterable[Channel]) -> None:
    """Remove what no longer belongs where it stands, now that everything that refers to it is
    up to date."""
    only = planner.asked_for(run.order.articles)
    removals = make_removals(planner.plan_inputs(), channels, only)
    many = mass_removal(run.newsroom, run.ledger, removals, planner.now)
    if many and not _may_remove(run.order, many):
        run.outcome.errors.append(many.error())
        removals = tuple(one for one in removals if not is_counted(one))
    if removals:
        with run.ledger.leases.run():
            remove(run, removals, partial(configured_courier, run.newsroom))
    follow_removals(run, planner.cache)


def _may_remove(order: Order, many: MassRemoval) -> bool:
    allowed = order.allow_removals >= many.articles
    return allowed or (order.ask_removal is not None and order.ask_removal(str(many)))
