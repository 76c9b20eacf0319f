"""Publishing, the whole of it: read, plan, render, store, deliver."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial

from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import Intake
from syndicate.engine.content.kept_versions import bring_pictures, keep_versions
from syndicate.engine.delivery.concerns import concerns
from syndicate.engine.delivery.inventory import take_inventory
from syndicate.engine.delivery.outcome import Event, Outcome, Watch
from syndicate.engine.delivery.removal import configured_courier, remove
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.engine.delivery.send import send
from syndicate.engine.planning import up_to_date
from syndicate.engine.planning.due import DueSlots
from syndicate.engine.planning.parts import is_part, recorded_part, take_in_parts
from syndicate.engine.planning.plan import (
    Plan,
    Step,
    channel_catalogued_by,
    channel_paginated_by,
    make_plan,
)
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removal_guard import MassRemoval, is_counted, mass_removal
from syndicate.engine.planning.removals import dropped_channels, make_removals
from syndicate.engine.rendering.leased_steps import LeasedSteps
from syndicate.engine.rendering.refusals import refusal, refuses, with_place
from syndicate.engine.rendering.render import quick_first, render_all
from syndicate.engine.rendering.rendered import Rendered
from syndicate.engine.review.corrections import with_corrections
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.engine.review.place_drafts import place_drafts
from syndicate.errors import Exit, LeaseLostError, LedgerError, RenderError, StoreError
from syndicate.ledger.leases import Lease
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.records import FrozenEdition, RecordedRendering
from syndicate.ledger.references import collect_daily, move_in
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.ledger.takeover import take_over
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop, Stopped

__all__ = ["Event", "Order", "Outcome", "Watch", "intake_and_plan", "publish"]


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
    inputs = order.inputs or up_to_date.up_to_date_mark(newsroom.root)
    outcome = Outcome()
    newsroom.store.check()
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        ledger.leases.watch()
        take_over(newsroom.state, newsroom.store)
        move_in(ledger, newsroom.store)
        take_inventory(ledger, newsroom.channels.values())
        planner = Planner.saving(newsroom, ledger)
        take_in_parts(planner.plan_inputs())
        outcome.errors += DraftFiles(newsroom, ledger).bring_up_to_date(ledger.drafts(channels))
        slots = DueSlots.of(ledger, channels, planner.now) if order.due else DueSlots.none()
        plan, intake = _plan(planner, channels, order, slots.resting), planner.intake
        keep_versions(newsroom, ledger, intake)
        _tell_unread(intake, planner.cache, watch)
        planner.cache.save()
        outcome.errors += intake.errors
        outcome.planned, outcome.unchanged = len(plan.steps), plan.unchanged
        outcome.waiting = len(plan.waiting)
        start(len(plan.steps))
        run = _Run(newsroom, ledger, order, outcome, watch, stop or Stop(), slots=slots)
        try:
            failed = _carry_out(run, planner, plan) if plan.steps else set()
            _take_back(run, planner, channels)
        except (LedgerError, StoreError) as error:
            if error.exit is Exit.FAILED:  # some of it may have been done
                error.exit = Exit.PARTLY
            raise
        except Stopped as stopped:
            outcome.stopped = stopped.number
            return outcome
        slots.take(ledger, failed | outcome.busy)
        names = [channel.name for channel in channels]
        outcome.concerns += concerns(newsroom, ledger, names, outcome.named)
        _tidy(planner)
        alone = ledger.leases.was_alone()
    unsettled = outcome.errors or outcome.concerns or outcome.postponed
    done = outcome.delivered or outcome.removed or unsettled
    outcome.only_busy = not done and outcome.busy == {channel.name for channel in channels}
    if alone and not unsettled and not outcome.left and not order.articles:
        until = min(filter(None, (plan.changes_at, slots.changes_at)), default=None)
        up_to_date.remember_up_to_date(newsroom, order.channels, order.due, until, inputs)
    return outcome


def _tell_unread(intake: Intake, cache: ContentCache, watch: Watch) -> None:
    """Tell of the files that no reader takes, of each only once."""
    heard = cache.about("unread").split("\n")
    for error in intake.unread:
        if str(error.where) not in heard:
            watch(Event("unread", "", "", f"{error}; {error.hint}"))
    now = "\n".join(str(error.where) for error in intake.unread)
    if now != "\n".join(heard):
        cache.note(unread=now)


@dataclass(frozen=True)
class _Run(PublishRun):
    """A run, with the moments of its channels' schedules."""

    slots: DueSlots = field(kw_only=True)


def _carry_out(run: _Run, planner: Planner, plan: Plan) -> set[str]:
    """Carry out `plan`; the names of channels that failed."""
    listing = {
        step.channel
        for step in plan.steps
        if channel_catalogued_by(run.newsroom.channels[step.channel])
    }
    catalogues = [one for one in run.newsroom.channels.values() if one.name in listing]
    steps = tuple(step for step in plan.steps if step.channel not in listing)
    with run.ledger.leases.run():
        failed = _render_and_send(run, replace(plan, steps=steps))
        if catalogues:  # they list what has just been delivered
            failed |= _render_and_send(run, make_plan(planner.plan_inputs(), catalogues))
    return failed


def _take_back(run: _Run, planner: Planner, channels: Iterable[Channel]) -> None:
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


def _may_remove(order: Order, many: MassRemoval) -> bool:
    allowed = order.allow_removals >= many.articles
    return allowed or (order.ask_removal is not None and order.ask_removal(str(many)))


def _render_and_send(run: _Run, plan: Plan) -> set[str]:
    """Render the steps of `plan` and deliver what may leave; the names of channels that failed."""
    keys = [(step.channel, step.key) for step in plan.steps]
    snapshot = LedgerSnapshot.of_renderings(run.ledger, keys)
    fresh = {(edition.channel, str(edition.number)): edition for edition in plan.editions}
    to_render = quick_first(
        replace(step, kept=snapshot.pieces.get((step.channel, step.key), ""))
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
            if not _record(run, lease, rendered, snapshot, edition):
                failed.add(rendered.step.channel)
                run.ledger.leases.release([lease])
    send(run, plan.steps)
    return failed


def _rendered(run: _Run, leased: LeasedSteps, steps: tuple[Step, ...]) -> Generator[Rendered]:
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
            for one in [_numbered(editions.get(source, ()), step.number)]
        )
        yield from render_all(newsroom, leased.of(paged), jobs, run.stop)


def _numbered(editions: Iterable[FrozenEdition], number: int | None) -> FrozenEdition | None:
    return next((one for one in editions if one.number == number), None)


def intake_and_plan(newsroom: Newsroom, order: Order) -> tuple[Intake, Plan]:
    """What `publish` would do, without doing it. Writes nothing but the cache, and drafts that were
    edited or approved on another machine.

    Raises:
        SyndicateError: as `publish`.
    """
    channels = newsroom.chosen(order.channels)
    with Planner.open(newsroom) as planner:
        ledger = planner.ledger
        DraftFiles(newsroom, ledger).catch_up(ledger.drafts(channels))
        plan = _plan(planner, channels, order)
        only = planner.asked_for(order.articles)
        plan = replace(
            plan,
            removals=make_removals(planner.plan_inputs(), channels, only),
            dropped=dropped_channels(newsroom, planner.ledger),
        )
        planner.cache.save()
    return planner.intake, plan


def _plan(
    planner: Planner,
    channels: Iterable[Channel],
    order: Order,
    resting: frozenset[str] = frozenset(),
) -> Plan:
    only = planner.asked_for(order.articles)
    plan_inputs = planner.plan_inputs()
    return make_plan(plan_inputs, channels, only=only, reissue=order.reissue, resting=resting)


def _record(
    run: _Run,
    lease: Lease,
    rendered: Rendered,
    snapshot: LedgerSnapshot,
    edition: FrozenEdition | None,
) -> bool:
    """Note a rendering in the ledger and put its drafts where people edit them; False if it
    failed."""
    newsroom, order = run.newsroom, run.order
    step, error = rendered.step, rendered.error
    run.tell("rendered", step, step.reason)
    for loss in rendered.losses:
        run.tell("loss", step, f"{loss.block}: {loss.reason}")
    strict = order.strict or newsroom.strict
    for finding in rendered.findings:
        if not refuses(finding, strict):  # those are told as errors
            run.tell("finding", step, f"{finding.message} [{finding.rule}]")
    if error is None:
        error = refusal(rendered, strict)
    if error is None:
        try:
            rendered = with_corrections(newsroom, run.ledger, rendered, snapshot)
            if any(artifact.draft for artifact in rendered.artifacts):
                run.ledger.leases.renew(lease)
                for kind, text in place_drafts(newsroom, run.ledger, rendered, snapshot):
                    run.tell(kind, step, text)
            run.ledger.record(lease, _as_recorded(run, rendered, snapshot, edition))
        except OSError as failure:
            error = RenderError(f"{newsroom.drafts}: {failure.strerror}")
        except StoreError as failure:
            error = failure
        except LeaseLostError as lost:
            run.busy(step, lost.message)
            return False
    if error is not None:
        run.outcome.errors.append(with_place(error, step))
        run.tell("error", step, str(error))
        return False
    run.outcome.rendered += 1
    return True


def _as_recorded(
    run: _Run, rendered: Rendered, snapshot: LedgerSnapshot, edition: FrozenEdition | None
) -> RecordedRendering:
    """What the ledger is told of `rendered`."""
    step = rendered.step
    couriers = run.newsroom.channels[step.channel].couriers
    final = frozenset(name for name, courier in couriers.items() if courier.final)
    slot = run.slots.due.get(step.channel) if edition else None
    if rendered.pagination:
        edition = edition or _numbered(snapshot.editions.get(step.channel, ()), step.number)
        edition = edition and replace(edition, pagination=rendered.pagination)
    return RecordedRendering(
        step.channel,
        step.key,
        step.inputs,
        tuple(rendered.artifacts),
        tuple(couriers),
        frozenset() if run.order.reissue else final,
        edition,
        slot,
        _sent(step, edition, final),
        rendered.pieces,
        recorded_part(step) if is_part(run.newsroom.channels[step.channel]) else None,
    )


def _sent(
    step: Step, edition: FrozenEdition | None, final: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """The versions of articles that are kept for ever: those in numbered editions, and those that
    go to people."""
    if edition:
        return (*edition.members, *edition.revised)
    return tuple(zip(step.members, step.articles, strict=True)) if final else ()


def _tidy(planner: Planner) -> None:
    """Let go of what no later run needs, and of nothing that another run may be about to need."""
    oldest = planner.ledger.leases.oldest().timestamp()
    collect_daily(planner.ledger, planner.newsroom.store, planner.cache.named, oldest)
