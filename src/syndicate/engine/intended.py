"""What `publish` would do now, for whoever only wants to know. It loads nothing that renders or
delivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syndicate.engine.content.intake import Intake
from syndicate.engine.content.sources import files_found_in
from syndicate.engine.planning.plan import Plan, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removal_guard import Guard
from syndicate.engine.planning.removals import dropped_channels, make_removals
from syndicate.engine.planning.up_to_date import PublishInputs, only_content_changed
from syndicate.engine.planning.withdrawn_articles import (
    come_back,
    newest_in,
    withdrawn_remarks,
)
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import Newsroom


def intake_and_plan(
    newsroom: Newsroom,
    channels: tuple[str, ...] = (),
    articles: Iterable[str] = (),
    *,
    reissue: bool = False,
    inputs: PublishInputs | None = None,
) -> tuple[Intake, Plan]:
    """What `publish` would do for `channels` and `articles`, without doing it. Writes nothing but
    the cache, and drafts that were edited or approved on another machine.

    Args:
        inputs: those of now, if they are known.

    Raises:
        SyndicateError: as `publish`.
    """
    chosen = newsroom.chosen(channels)
    inputs = inputs or PublishInputs.in_newsroom(newsroom.root)
    as_left = only_content_changed(newsroom.root, channels, False, inputs)
    with ledger_of(newsroom) as ledger:
        found = files_found_in(
            newsroom.content, "content", walk=inputs.walk, grounds=newsroom.grounds
        )
        planner = Planner.of(newsroom, ledger, found)
        DraftFiles(newsroom, ledger).catch_up(ledger.drafts(chosen))
        only = planner.asked_for(tuple(articles))
        plan_inputs = planner.plan_inputs(only_content_changed=as_left)
        plan = make_plan(plan_inputs, chosen, only=only, reissue=reissue)
        guard = Guard.of(plan_inputs, chosen, plan, only)
        plan = replace(
            guard.held_back(),
            removals=make_removals(plan_inputs, chosen, only, guard.unwanted),
            dropped=dropped_channels(newsroom, ledger),
        )
        remarks = withdrawn_remarks(newsroom, ledger, only)
        plan = replace(plan, remarks=(*remarks, *come_back(planner, newest_in(plan.steps))))
        planner.cache.save()
    return planner.intake, plan
