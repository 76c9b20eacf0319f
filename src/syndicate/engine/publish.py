"""Publishing, the whole of it: read, plan, render, store, deliver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from syndicate.couriers import Courier
from syndicate.engine import settled
from syndicate.engine.deliver import deliver
from syndicate.engine.intake import Cache, Filed, Intake, take_in
from syndicate.engine.ledger import (
    DeliveryRow,
    FrozenEdition,
    Ledger,
    State,
    StoredArtifact,
    open_ledger,
)
from syndicate.engine.lock import lock
from syndicate.engine.plan import Plan, Remembered, Step, make_plan, may_leave, stands
from syndicate.engine.render import Rendered, render_all
from syndicate.engine.store import Outbox, place_draft
from syndicate.errors import (
    DeliveryError,
    Exit,
    RenderError,
    SyndicateError,
    UsageError,
)
from syndicate.kit import Loss
from syndicate.newsroom.newsroom import Channel, Newsroom

Kind = Literal["rendered", "delivered", "drafted", "stale", "waiting", "loss", "error"]


@dataclass(frozen=True)
class Event:
    """Something that happened, for whoever watches."""

    kind: Kind
    channel: str
    unit: str
    text: str


Watch = Callable[[Event], None]


@dataclass
class Outcome:
    """What a run did."""

    planned: int = 0
    rendered: int = 0
    delivered: int = 0
    waiting: int = 0
    unchanged: int = 0
    errors: list[SyndicateError] = field(default_factory=list)

    @property
    def exit(self) -> Exit:
        """0 if all is done, 3 if something is not, which the errors name."""
        return Exit.PARTLY if self.errors else Exit.DONE


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    channels: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    jobs: int | None = None
    strict: bool = False
    reissue: bool = False


def publish(
    newsroom: Newsroom, order: Order, watch: Watch, start: Callable[[int], None]
) -> Outcome:
    """Bring every chosen channel up to date with `content/`.

    Args:
        watch: told of each event as it happens.
        start: told the number of steps before the first.

    Raises:
        SyndicateError: nothing could be begun: a wrong channel, a held lock, a dead ledger.
    """
    channels = newsroom.chosen(order.channels)
    inputs = settled.inputs_mark(newsroom.root)
    outcome = Outcome()
    with _at_work(newsroom) as (ledger, cache):
        intake, plan = _look(newsroom, channels, order, ledger, cache)
        ledger.save_articles(intake.known)
        cache.save()
        outcome.errors += intake.errors
        outcome.planned, outcome.unchanged = len(plan.steps), plan.unchanged
        outcome.waiting = len(plan.waiting)
        start(len(plan.steps))
        remembered = Remembered.of(ledger)
        strict = order.strict or newsroom.strict
        fresh = {(edition.channel, str(edition.number)): edition for edition in plan.editions}
        to_render = tuple(step for step in plan.steps if step.work == "render")
        for rendered in render_all(newsroom, to_render, order.jobs or newsroom.jobs):
            edition = fresh.get((rendered.step.channel, rendered.step.unit))
            _record(newsroom, ledger, rendered, remembered, edition, strict, outcome, watch)
        _deliver(newsroom, ledger, plan.steps, outcome, watch)
        _tidy(newsroom, ledger, cache, intake)
    if not outcome.errors and not order.articles:
        settled.remember(newsroom, order.channels, plan.changes_at, inputs)
    return outcome


def look(newsroom: Newsroom, order: Order) -> tuple[Intake, Plan]:
    """What `publish` would do, without doing it. Writes nothing but the cache.

    Raises:
        SyndicateError: as `publish`.
    """
    channels = newsroom.chosen(order.channels)
    with _at_work(newsroom) as (ledger, cache):
        intake, plan = _look(newsroom, channels, order, ledger, cache)
        cache.save()
    return intake, plan


@contextmanager
def _at_work(newsroom: Newsroom) -> Iterator[tuple[Ledger, Cache]]:
    with (
        lock(newsroom.state),
        closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger,
    ):
        yield ledger, Cache.open(newsroom)


def _look(
    newsroom: Newsroom,
    channels: tuple[Channel, ...],
    order: Order,
    ledger: Ledger,
    cache: Cache,
) -> tuple[Intake, Plan]:
    intake = take_in(newsroom, ledger.articles(), cache)
    plan = make_plan(
        newsroom,
        channels,
        intake.filed,
        Remembered.of(ledger),
        cache,
        datetime.now(UTC),
        only=_asked_for(newsroom, intake, order.articles),
        reissue=order.reissue,
    )
    return intake, plan


def _asked_for(newsroom: Newsroom, intake: Intake, names: tuple[str, ...]) -> frozenset[str]:
    """The ids of the articles that `names` (files or slugs) stand for."""
    found: set[str] = set()
    for name in names:
        path = Path(name)
        below = {name, name.removeprefix("content/")}
        if path.is_file() and path.resolve().is_relative_to(newsroom.content.resolve()):
            below.add(path.resolve().relative_to(newsroom.content.resolve()).as_posix())
        ids = {one.id for one in intake.filed if _is_named(one, name, below)}
        if not ids and not any(_names_source(error, below) for error in intake.errors):
            raise UsageError(
                f"there is no article {name!r} in content/",
                hint="name its file or its slug; all of them: syndicate check",
            )
        found |= ids
    return frozenset(found or ({""} if names else ()))


def _is_named(one: Filed, name: str, below: set[str]) -> bool:
    return one.slug == name or one.source.partition("#")[0] in below


def _names_source(error: SyndicateError, below: set[str]) -> bool:
    return error.where is not None and error.where.file.removeprefix("content/") in below


def _record(
    newsroom: Newsroom,
    ledger: Ledger,
    rendered: Rendered,
    remembered: Remembered,
    edition: FrozenEdition | None,
    strict: bool,
    outcome: Outcome,
    watch: Watch,
) -> None:
    """Note a rendering in the ledger and put its drafts where people edit them."""
    step, error = rendered.step, rendered.error
    watch(Event("rendered", step.channel, step.label, step.reason))
    for loss in rendered.losses:
        watch(Event("loss", step.channel, step.label, f"{loss.block}: {loss.reason}"))
    if error is None and strict and rendered.losses:
        error = _as_error(rendered.losses[0])
    if error is None:
        try:
            _place_drafts(newsroom, rendered, remembered, watch)
        except OSError as failure:
            error = RenderError(f"{newsroom.drafts}: {failure.strerror}")
    if error is not None:
        outcome.errors.append(_named(error, step))
        watch(Event("error", step.channel, step.label, str(error)))
        return
    ledger.record(step.channel, step.unit, step.inputs, rendered.artifacts, edition)
    outcome.rendered += 1


def _place_drafts(
    newsroom: Newsroom, rendered: Rendered, remembered: Remembered, watch: Watch
) -> None:
    step = rendered.step
    before = {a.name: a for a in remembered.artifacts.get((step.channel, step.unit), ())}
    outbox = Outbox(newsroom.state)
    for artifact in rendered.artifacts:
        if not artifact.draft:
            continue
        last = before[artifact.name].digest if artifact.name in before else None
        draft = newsroom.drafts / artifact.name
        shown = draft.relative_to(newsroom.root).as_posix()
        if place_draft(draft, outbox.path(artifact.digest).read_bytes(), last):
            watch(Event("drafted", step.channel, step.label, shown))
        else:
            text = f"{shown} was edited by hand and is kept; the article has changed since"
            watch(Event("stale", step.channel, step.label, text))


def _deliver(
    newsroom: Newsroom,
    ledger: Ledger,
    steps: tuple[Step, ...],
    outcome: Outcome,
    watch: Watch,
) -> None:
    """Deliver all that `steps` have made and that may leave."""
    remembered = Remembered.of(ledger)
    outbox = Outbox(newsroom.state)
    for step in steps:
        channel = newsroom.channels[step.channel]
        if remembered.renderings.get((step.channel, step.unit)) != step.inputs:
            continue  # its rendering failed
        for artifact in remembered.artifacts.get((step.channel, step.unit), ()):
            row = remembered.deliveries[(step.channel, step.unit, artifact.name)]
            if not may_leave(channel, step.unit, artifact, remembered):
                outcome.waiting += 1
                watch(Event("waiting", step.channel, step.label, artifact.name))
            elif channel.courier and _is_due(channel.courier, row, artifact):
                done = deliver(ledger, channel.courier, outbox, row, artifact)
                _tell(newsroom, step, done, outcome, watch)


def _is_due(courier: Courier, row: DeliveryRow, artifact: StoredArtifact) -> bool:
    """Whether a delivery has still to be made, or has to be made again because it is gone."""
    if row.state is State.DELIVERED:
        return not stands(courier, artifact)
    return row.state is not State.UNCERTAIN


def _tell(newsroom: Newsroom, step: Step, row: DeliveryRow, outcome: Outcome, watch: Watch) -> None:
    if row.state is State.DELIVERED:
        outcome.delivered += 1
        text = row.remote_id or row.unit
        root = f"{newsroom.root}/"
        watch(Event("delivered", step.channel, step.label, text.removeprefix(root)))
        return
    error = DeliveryError(row.error or row.state.value)
    outcome.errors.append(_named(error, step))
    watch(Event("error", step.channel, step.label, str(error)))


def _tidy(newsroom: Newsroom, ledger: Ledger, cache: Cache, intake: Intake) -> None:
    """Let go of what no later run needs."""
    rows = ledger.deliveries()
    Outbox(newsroom.state).keep_only(
        frozenset(row.digest for row in rows if row.state is not State.DELIVERED)
    )
    frozen = (e for editions in ledger.editions().values() for e in editions)
    needed = {digest for edition in frozen for _, digest in edition.members}
    needed |= {one.digest for one in intake.filed}
    needed |= {entry["raw"] for s in cache.sources.values() for entry in s["entries"]}
    cache.keep_only(frozenset(needed))


def _as_error(loss: Loss) -> RenderError:
    return RenderError(
        f"{loss.block} of {loss.article}: {loss.reason}", hint="publish without --strict"
    )


def _named(error: SyndicateError, step: Step) -> SyndicateError:
    """`error` with the channel and unit it stopped."""
    message = f"{step.channel}: {step.label}: {error.message}"
    return type(error)(message, where=error.where, hint=error.hint)
