"""What would go out to people: shown without sending it, or sent to oneself alone.

Nothing is recorded; an edition that was rehearsed is still unsent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from syndicate.adapters import Scope
from syndicate.couriers import Courier, Delivery, Previews, Receipt
from syndicate.engine.delivery.send import as_delivery
from syndicate.engine.planning.plan import Plan, Step, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.rendering.render import render_all
from syndicate.errors import UsageError
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.letter import Subscriber
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Audience, Subscribers, audience_of

_SHOWN = 10


@dataclass(frozen=True)
class Rehearsal:
    """A mailing as it would be: how many get it, the first of them, and the first's message."""

    channel: str
    label: str
    recipients: int
    first: tuple[str, ...]
    message: bytes


@dataclass(frozen=True)
class _Mailing:
    step: Step
    courier: Courier
    artifact: Delivery
    audience: Audience

    def to(self, address: str) -> Delivery:
        """The delivery to one address, on the list or not."""
        person = self.audience.among([address]).get(address) or Subscriber(address)
        return replace(self.artifact, unit=address, subscriber=person)


def rehearse(
    newsroom: Newsroom, channels: tuple[str, ...], articles: tuple[str, ...]
) -> Iterator[Rehearsal]:
    """Every mailing that `publish` would begin now.

    Raises:
        SyndicateError: something cannot be rendered, or nobody would get it.
    """
    with Planner.open(newsroom) as planner:
        snapshot = LedgerSnapshot.of(planner.ledger)
        for one in _mailings(planner, snapshot, channels, articles):
            units = iter(one.courier.addresses(one.artifact, one.audience.active()))
            first = tuple(islice(units, _SHOWN))
            if first and isinstance(one.courier, Previews):
                message = one.courier.preview(one.to(first[0]))
                number = len(first) + sum(1 for _ in units)
                yield Rehearsal(one.step.channel, one.step.label, number, first, message)


def send_test(
    newsroom: Newsroom,
    channels: tuple[str, ...],
    articles: tuple[str, ...],
    to: tuple[str, ...],
) -> Iterator[tuple[str, str, str, Receipt]]:
    """Send the newest mail of each of `channels` to the addresses `to` and to nobody else.

    Yields:
        channel, what was sent, the address, and what its server answered.

    Raises:
        SyndicateError: none of the channels sends mail, or it could not be sent.
    """
    sent = False
    people = tuple(Subscriber(address) for address in to)
    with Planner.open(newsroom) as planner:
        forgetful = replace(LedgerSnapshot.of(planner.ledger), renderings={})
        for one in _mailings(planner, forgetful, channels, articles):
            if not any(True for _ in one.courier.addresses(one.artifact, people)):
                continue
            for address in to:
                receipt = one.courier.deliver(one.to(address), lambda: None)
                yield one.step.channel, one.step.label, address, receipt
                sent = True
    if not sent:
        raise UsageError(
            "there is no mail to send a test of",
            hint='name a channel whose [deliver] says via = "smtp": --channels email',
        )


def _mailings(
    planner: Planner, snapshot: LedgerSnapshot, names: tuple[str, ...], articles: tuple[str, ...]
) -> Iterator[_Mailing]:
    """What the couriers that write to people would be given, rendered now."""
    newsroom = planner.newsroom
    channels = [
        channel
        for channel in newsroom.chosen(names)
        if any(isinstance(courier, Previews) for courier in channel.couriers.values())
    ]
    only = planner.asked_for(articles)
    plan = make_plan(planner.plan_inputs(snapshot), channels, only=only)
    planner.cache.save()
    subscribers = Subscribers(planner.ledger.database, newsroom.state)
    for rendered in render_all(newsroom, _newest(newsroom, plan), 1):
        if rendered.error:
            raise rendered.error
        channel = newsroom.channels[rendered.step.channel]
        audience = audience_of(subscribers, newsroom.publication, channel.name, channel.adapter)
        for courier in channel.couriers.values():
            for artifact in rendered.artifacts if isinstance(courier, Previews) else ():
                delivery = as_delivery(newsroom, channel, rendered.step.unit, artifact)
                yield _Mailing(rendered.step, courier, delivery, audience)


def _newest(newsroom: Newsroom, plan: Plan) -> tuple[Step, ...]:
    """The steps of `plan`; of a channel of numbered editions only the last."""
    last = {step.channel: step for step in plan.steps}
    return tuple(
        step
        for step in plan.steps
        if newsroom.channels[step.channel].adapter.scope is not Scope.EDITION
        or step is last[step.channel]
    )
