"""Rehearsals: mail is shown without sending it, or sent only to yourself.

Nothing is recorded, so the edition still counts as unsent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from syndicate.adapters import Scope
from syndicate.couriers import Courier, Delivery, Previews, Receipt
from syndicate.engine.delivery.handover import as_delivery
from syndicate.engine.planning.plan import Plan, Step, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.rendering.render import render_all
from syndicate.errors import UsageError
from syndicate.ledger.snapshot import LedgerView, NothingRendered
from syndicate.letter import Subscriber
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Audience, Subscribers, audience_of
from syndicate.subscribers.link_secret import SecretOnTrial

_SHOWN = 10


@dataclass(frozen=True)
class Rehearsal:
    """A mailing that would be sent: number of recipients, the first few, the first message."""

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
        """The delivery to one address, whether or not it is on the list."""
        person = self.audience.among([address]).get(address) or Subscriber(address)
        return replace(self.artifact, unit=address, subscriber=person)


def rehearse(
    newsroom: Newsroom, channels: tuple[str, ...], articles: tuple[str, ...]
) -> Iterator[Rehearsal]:
    """Every mailing that `publish` would start now.

    Raises:
        SyndicateError: something cannot be rendered, or there are no recipients.
    """
    with Planner.open(newsroom) as planner:
        view = LedgerView(planner.ledger)
        for one in _mailings(planner, view, channels, articles):
            units = iter(one.courier.addresses(one.artifact, one.audience.active()))
            first = tuple(islice(units, _SHOWN))
            if first and isinstance(one.courier, Previews):
                message = one.courier.preview(one.to(first[0]))
                number = len(first) + sum(1 for _ in units)
                yield Rehearsal(one.step.channel, one.step.label, number, first, message)


def send_test_mail(
    newsroom: Newsroom,
    channels: tuple[str, ...],
    articles: tuple[str, ...],
    to: tuple[str, ...],
) -> Iterator[tuple[str, str, str, Receipt]]:
    """Send the newest mail of each of `channels` only to the addresses `to`.

    Yields:
        channel, label, address, and the server's answer.

    Raises:
        SyndicateError: none of the channels sends mail, or sending failed.
    """
    sent = False
    people = tuple(Subscriber(address) for address in to)
    with Planner.open(newsroom) as planner:
        forgetful = NothingRendered(planner.ledger)
        for one in _mailings(planner, forgetful, channels, articles):
            if not any(True for _ in one.courier.addresses(one.artifact, people)):
                continue
            for address in to:
                receipt = one.courier.deliver(one.to(address), lambda: None)
                yield one.step.channel, one.step.label, address, receipt
                sent = True
    if not sent:
        raise UsageError(
            "none of these channels sends mail",
            hint='name a channel whose [deliver] says via = "smtp": --channels email',
        )


def _mailings(
    planner: Planner, view: LedgerView, names: tuple[str, ...], articles: tuple[str, ...]
) -> Iterator[_Mailing]:
    """The mailings that would be passed to the couriers that send mail, rendered now."""
    newsroom = planner.newsroom
    channels = [
        channel
        for channel in newsroom.chosen(names)
        if any(isinstance(courier, Previews) for courier in channel.couriers.values())
    ]
    only = planner.asked_for(articles)
    plan = make_plan(planner.plan_inputs(view), channels, only=only)
    planner.cache.save()
    database, state = planner.ledger.database, newsroom.state
    subscribers = Subscribers(database, state, SecretOnTrial(database, state))
    for rendered in render_all(newsroom, _newest(newsroom, plan), 1):
        if rendered.error:
            raise rendered.error
        channel = newsroom.channels[rendered.step.channel]
        audience = audience_of(subscribers, newsroom.publication, channel.name, channel.adapter)
        for courier in channel.couriers.values():
            for artifact in rendered.artifacts if isinstance(courier, Previews) else ():
                delivery = as_delivery(newsroom, channel, rendered.step.key, artifact)
                yield _Mailing(rendered.step, courier, delivery, audience)


def _newest(newsroom: Newsroom, plan: Plan) -> tuple[Step, ...]:
    """The steps of `plan`; for a channel with editions, only the last one."""
    last = {step.channel: step for step in plan.steps}
    return tuple(
        step
        for step in plan.steps
        if newsroom.channels[step.channel].adapter.scope is not Scope.EDITION
        or step is last[step.channel]
    )
