"""Notes a finished rendering in the ledger, and puts its drafts where people edit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syndicate.adapters import Scope
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.parts import recorded_part
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.release import couriers_of
from syndicate.engine.rendering.refusals import refusal, refuses, with_place
from syndicate.engine.rendering.rendered import Rendered
from syndicate.engine.review.answers import with_answers
from syndicate.engine.review.place_drafts import place_drafts
from syndicate.errors import LeaseLostError, RenderError, StoreError
from syndicate.ledger.leases import Lease
from syndicate.ledger.records import FrozenEdition, RecordedRendering
from syndicate.ledger.snapshot import LedgerSnapshot


def record_rendering(
    run: PublishRun,
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
            rendered = with_answers(newsroom, run.ledger, rendered)
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
    run: PublishRun, rendered: Rendered, snapshot: LedgerSnapshot, edition: FrozenEdition | None
) -> RecordedRendering:
    """What the ledger is told of `rendered`."""
    step = rendered.step
    channel = run.newsroom.channels[step.channel]
    couriers, scope = couriers_of(channel, step.key), channel.adapter.scope
    final = frozenset(name for name, courier in couriers.items() if courier.final)
    slot = run.slots.due.get(step.channel) if edition else None
    if rendered.pagination:
        edition = edition or edition_numbered(snapshot.editions.get(step.channel, ()), step.number)
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
        recorded_part(step) if scope is Scope.ROLLING else None,
        dict(zip(step.members, step.articles, strict=True)),
    )


def _sent(
    step: Step, edition: FrozenEdition | None, final: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """The versions of articles that are kept for ever: those in numbered editions, and those that
    go to people."""
    if step.notice:
        return ()  # it tells of the article, and does not have it
    if edition:
        return (*edition.members, *edition.revised)
    return tuple(zip(step.members, step.articles, strict=True)) if final else ()


def edition_numbered(editions: Iterable[FrozenEdition], number: int | None) -> FrozenEdition | None:
    """The one of `editions` with this number."""
    return next((one for one in editions if one.number == number), None)
