"""Publishing, the whole of it: read, plan, render, store, deliver."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import Intake
from syndicate.engine.content.kept_versions import bring_pictures, keep_versions
from syndicate.engine.delivery.concerns import concerns
from syndicate.engine.delivery.deleted import settle_deleted
from syndicate.engine.delivery.inventory import take_inventory
from syndicate.engine.delivery.kept_concerns import kept_concerns, others
from syndicate.engine.delivery.left_public import left_public
from syndicate.engine.delivery.outcome import Event, Outcome, Watch
from syndicate.engine.delivery.purge import purge_caches
from syndicate.engine.delivery.renamed import follow_renamed
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.engine.delivery.send import send
from syndicate.engine.delivery.take_back import take_back
from syndicate.engine.notices import announce_withdrawals
from syndicate.engine.planning.due import DueSlots
from syndicate.engine.planning.editions import appeared_before
from syndicate.engine.planning.mass_removal import MassRemoval
from syndicate.engine.planning.parts import has_other_folder, take_in_parts
from syndicate.engine.planning.plan import (
    Plan,
    Step,
    channel_catalogued_by,
    channel_paginated_by,
    make_plan,
)
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removal_guard import Guard
from syndicate.engine.planning.removals import dropped_channels
from syndicate.engine.planning.up_to_date import (
    PublishInputs,
    Rest,
    only_content_changed,
    remember_up_to_date,
)
from syndicate.engine.planning.withdrawn_articles import (
    come_back,
    newest_in,
    withdrawn_remarks,
)
from syndicate.engine.record_rendering import edition_numbered, record_rendering
from syndicate.engine.rendering.leased_steps import LeasedSteps
from syndicate.engine.rendering.render import quick_first, render_all
from syndicate.engine.rendering.rendered import Rendered
from syndicate.engine.retention import erase_what_is_due
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.errors import Exit, LedgerError, StoreError, SyndicateError
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.records import FrozenEdition
from syndicate.ledger.references import collect_daily, move_in
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.ledger.takeover import take_over
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop, Stopped

__all__ = ["Event", "Order", "Outcome", "Watch", "publish"]


def publish(
    newsroom: Newsroom,
    order: Order,
    watch: Watch,
    start: Callable[[int], None],
    stop: Stop | None = None,
) -> Outcome:
    """Bring every chosen channel up to date with `content/`.

    Args:
        watch: told of each event as it happens.
        start: told the number of steps before the first.
        stop: ends the run early: what was done is noted, the rest waits for the next run.

    Raises:
        SyndicateError: nothing could be begun: a wrong channel, a restore under way, a dead ledger.
    """
    channels = newsroom.chosen(order.channels)
    inputs = order.inputs or PublishInputs.in_newsroom(newsroom.root)
    as_left = only_content_changed(newsroom.root, order.channels, order.due, inputs)
    outcome = Outcome()
    newsroom.store.check()
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        ledger.leases.watch()
        planner, deleted = _read(newsroom, ledger, inputs, order)
        outcome.errors += DraftFiles(newsroom, ledger).bring_up_to_date(ledger.drafts(channels))
        slots = DueSlots.of(ledger, channels, planner.now) if order.due else DueSlots.none()
        guard = _plan(planner, channels, order, slots.resting, as_left)
        plan = guard.held_back(order.may_remove)
        _note_read(planner, plan, outcome, watch)
        outcome.errors += [many.error() for many in (deleted, plan.many) if many]
        guard.note(ledger, channels, plan, deleted)
        start(len(plan.steps))
        run = PublishRun(newsroom, ledger, order, outcome, watch, stop or Stop(), slots)
        try:
            with _partly():
                failed = _carry_out(run, planner, plan)
                take_back(run, planner, channels, guard.unwanted, bool(plan.many))
                purge_caches(run, channels)
        except Stopped as stopped:
            outcome.stopped = stopped.number
            return outcome
        slots.take(ledger, failed | outcome.busy)
        names = [channel.name for channel in channels]
        outcome.concerns += concerns(newsroom, ledger, names, outcome.named)
        outcome.kept += tuple(left_public(newsroom, ledger))
        outcome.errors += _tidy(planner)
        told = any(withdrawn_remarks(newsroom, ledger)) or any(dropped_channels(newsroom, ledger))
        alone = ledger.leases.was_alone()
    outcome.only_busy = not outcome.has_done and outcome.busy == set(names)
    if alone and not outcome.is_unsettled and not outcome.left and not order.articles:
        tomorrow = planner.now + timedelta(days=1) if newsroom.retention.is_set else None
        until = min(filter(None, (plan.changes_at, slots.changes_at, tomorrow)), default=None)
        rest = Rest(until, None if told else _counts(plan, outcome))
        remember_up_to_date(newsroom, order.channels, order.due, rest, inputs)
    return outcome


def _counts(plan: Plan, outcome: Outcome) -> tuple[int, int] | None:
    """How many renderings are unchanged once `plan` is carried out, and how many wait for approval;
    None if that cannot be told from it."""
    if plan.removals or plan.editions or plan.remarks or plan.held:
        return None
    everything = plan.unchanged + len(plan.waiting) + len(plan.steps)
    return everything - outcome.waiting, outcome.waiting


def _read(
    newsroom: Newsroom, ledger: Ledger, inputs: PublishInputs, order: Order
) -> tuple[Planner, MassRemoval | None]:
    """Take in what other releases and other machines have left, then read `content/` and see what
    becomes of articles whose files are gone; if these are too many, nothing does."""
    take_over(newsroom.state, newsroom.store)
    move_in(ledger, newsroom.store)
    take_inventory(ledger, newsroom.channels.values())
    follow_renamed(newsroom, ledger)
    planner = Planner.saving(newsroom, ledger, inputs.walk)
    take_in_parts(planner.plan_inputs())
    deleted = settle_deleted(planner, order)
    return (Planner.saving(newsroom, ledger) if deleted.changed else planner), deleted.many


def _note_read(planner: Planner, plan: Plan, outcome: Outcome, watch: Watch) -> None:
    """Keep what was read, and count and tell what the run begins with."""
    keep_versions(planner.newsroom, planner.ledger, planner.intake)
    for remark in plan.remarks:
        watch(Event("remark", "", "", str(remark)))
    _tell_unread(planner.intake, planner.cache, watch)
    planner.cache.save()
    outcome.kept = kept_concerns(planner.intake, planner.now)
    outcome.errors += others(planner.intake, outcome.kept)
    outcome.planned, outcome.unchanged = len(plan.steps), plan.unchanged
    outcome.waiting = len(plan.waiting)
    for step in plan.steps:
        if step.reason == "new" and has_other_folder(step.part):
            told = f"another name has this folder already, so it is in {step.part.folder}/"
            watch(Event("finding", step.channel, step.part.subject, told))


def _tell_unread(intake: Intake, cache: ContentCache, watch: Watch) -> None:
    """Tell of the files that no reader takes, and of articles that did not get the slug of their
    file; of each only once."""
    heard = cache.about("unread").split("\n")
    noticed = (*intake.unread, *intake.numbered)
    for error in noticed:
        if str(error.where) not in heard:
            watch(Event("unread", "", "", f"{error}; {error.hint}" if error.hint else str(error)))
    now = "\n".join(str(error.where) for error in noticed)
    if now != "\n".join(heard):
        cache.note(unread=now)


def _carry_out(run: PublishRun, planner: Planner, plan: Plan) -> set[str]:
    """Carry out `plan`; the names of channels that failed."""
    if not plan.steps:
        return set()
    is_held = plan.many is not None
    listing = {
        step.channel
        for step in plan.steps
        if channel_catalogued_by(run.newsroom.channels[step.channel])
    }
    catalogues = [one for one in run.newsroom.channels.values() if one.name in listing]
    steps = tuple(step for step in plan.steps if step.channel not in listing)
    with run.ledger.leases.run():
        failed = _render_and_send(run, replace(plan, steps=steps))
        if catalogues and not is_held:  # they list what has just been delivered
            failed |= _render_and_send(run, make_plan(planner.plan_inputs(), catalogues))
    return failed


@contextmanager
def _partly() -> Iterator[None]:
    """Lets an error that ends the block say that some of it may have been done."""
    try:
        yield
    except (LedgerError, StoreError) as error:
        if error.exit is Exit.FAILED:
            error.exit = Exit.PARTLY
        raise


def _render_and_send(run: PublishRun, plan: Plan) -> set[str]:
    """Render the steps of `plan` and deliver what may leave; the names of channels that failed."""
    keys = [(step.channel, step.key) for step in plan.steps]
    snapshot = LedgerSnapshot.of_renderings(run.ledger, keys)
    fresh = {(edition.channel, str(edition.number)): edition for edition in plan.editions}
    to_render = quick_first(
        replace(
            step,
            kept=snapshot.pieces.get((step.channel, step.key), ""),
            appeared=_appeared(step, snapshot, fresh.get((step.channel, step.key))),
        )
        for step in plan.steps
        if step.work == "render"
    )
    needed = (one for step in to_render for one in (*step.articles, *step.revised))
    bring_pictures(run.newsroom, run.ledger, needed)
    failed: set[str] = set()
    leased = LeasedSteps(run.ledger, run.busy)
    with closing(_rendered(run, leased, to_render)) as results:
        for rendered in results:
            run.stop.check()
            edition = fresh.get((rendered.step.channel, rendered.step.key))
            lease = leased.lease(rendered.step)
            if not record_rendering(run, lease, rendered, snapshot, edition):
                failed.add(rendered.step.channel)
                run.ledger.leases.release([lease])
    send(run, plan.steps)
    return failed


def _appeared(
    step: Step, snapshot: LedgerSnapshot, fresh: FrozenEdition | None
) -> tuple[tuple[str, int, str], ...]:
    """Where the articles that `step` lists as revised have appeared."""
    frozen = snapshot.editions.get(step.channel, ()) if step.revised else ()
    edition = fresh or edition_numbered(frozen, step.number)
    return appeared_before(edition, frozen) if edition else ()


def _rendered(run: PublishRun, leased: LeasedSteps, steps: tuple[Step, ...]) -> Generator[Rendered]:
    """Each of `steps` rendered that nobody else renders; what names the pages of a printed edition
    comes after that."""
    newsroom, jobs = run.newsroom, run.order.jobs or run.newsroom.jobs
    printed = [channel_paginated_by(newsroom.channels[step.channel]) for step in steps]
    pairs = tuple(zip(steps, printed, strict=True))
    plain = tuple(step for step, source in pairs if not source)
    yield from render_all(newsroom, leased.of(plain), jobs, run.stop)
    if any(printed):
        editions = run.ledger.editions()
        paged = (
            replace(step, pagination=one.pagination if one else None)
            for step, source in pairs
            if source
            for one in [edition_numbered(editions.get(source, ()), step.number)]
        )
        yield from render_all(newsroom, leased.of(paged), jobs, run.stop)


def _plan(
    planner: Planner,
    channels: Iterable[Channel],
    order: Order,
    resting: frozenset[str],
    as_left: bool,
) -> Guard:
    """What there is to do, and the guard over it. Whoever has what was withdrawn is to be told.

    Args:
        as_left: all but `content/` is as a run left it that left nothing to do.
    """
    only = planner.asked_for(order.articles)
    announce_withdrawals(planner, only)
    plan_inputs = planner.plan_inputs(only_content_changed=as_left)
    plan = make_plan(plan_inputs, channels, only=only, reissue=order.reissue, resting=resting)
    plan = plan.only(order.renderings)
    named = withdrawn_remarks(planner.newsroom, planner.ledger, only) if only else ()
    plan = replace(plan, remarks=(*named, *come_back(planner, newest_in(plan.steps))))
    return Guard.of(plan_inputs, channels, plan, only)


def _tidy(planner: Planner) -> list[SyndicateError]:
    """Let go of what no later run needs, and of nothing that another run may be about to need.
    Returns what has to be erased and could not be."""
    oldest = planner.ledger.leases.oldest().timestamp()
    collect_daily(planner.ledger, planner.newsroom.store, planner.cache.named, oldest)
    return erase_what_is_due(planner.newsroom, planner.ledger)
