"""Rehearsals: mail is shown without sending it, or sent only to yourself.

Nothing is recorded, so the edition still counts as unsent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from syndicate.adapters import Scope
from syndicate.couriers import Courier, Delivery, Previews, Receipt
from syndicate.engine.delivery.at_work import as_delivery
from syndicate.engine.delivery.recipients import letter_recipients
from syndicate.engine.planning.plan import Plan, Step, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.rendering.render import render_all
from syndicate.errors import DeliveryError, UsageError
from syndicate.ledger.database import PAGE
from syndicate.ledger.dispatch import Dispatch, State
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.snapshot import LedgerSnapshot, LedgerView, NothingRendered
from syndicate.letter import Subscriber
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Audience, Subscribers, audience_of
from syndicate.subscribers.link_secret import SecretOnTrial

_SHOWN = 10


@dataclass(frozen=True)
class Rehearsal:
    """A mailing that would be sent: number of recipients, the first few, the first message.
    `delivered` is how many have it already."""

    channel: str
    label: str
    recipients: int
    first: tuple[str, ...]
    message: bytes
    delivered: int = 0


@dataclass(frozen=True)
class _Mailing:
    step: Step
    courier: Courier
    artifact: Delivery
    audience: Audience
    begun: Dispatch | None = None
    letter: Callable[[], Iterator[str]] | None = None

    def units(self, ledger: Ledger) -> Iterator[str]:
        """Who gets it now: everybody, of a notice those whom it concerns; or if it has begun, those
        who are left."""
        if self.begun is None and self.letter:
            yield from self.letter()
            return
        if self.begun is None:
            yield from self.courier.addresses(self.artifact, self.audience.active())
            return
        fixed: set[str] = set()
        with suppress(DeliveryError):  # it has none
            fixed.update(self.courier.addresses(self.artifact, ()))
        rows = ledger.dispatches.rows(self.begun.id, State.PENDING)
        while page := [row.unit for row in islice(rows, PAGE)]:
            people = self.audience.among(page)
            yield from (unit for unit in page if unit in people or unit in fixed)

    def delivered(self, ledger: Ledger) -> int:
        """How many have it already."""
        if self.begun is None:
            return 0
        return ledger.dispatches.count(self.begun.id) - sum(self.begun.counts.values())

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
        ledger = planner.ledger
        plan = _plan(planner, LedgerView(ledger), channels, articles)
        for one in (*_begun(planner, plan), *_mailings(planner, plan.steps)):
            units = one.units(ledger)
            first = tuple(islice(units, _SHOWN))
            if first and isinstance(one.courier, Previews):
                message = one.courier.preview(one.to(first[0]))
                number = len(first) + sum(1 for _ in units)
                about = (one.step.channel, one.step.label, number, first, message)
                yield Rehearsal(*about, one.delivered(ledger))


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
        plan = _plan(planner, NothingRendered(planner.ledger), channels, articles)
        for one in _mailings(planner, _newest(newsroom, plan)):
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


def _plan(
    planner: Planner, view: LedgerView, names: tuple[str, ...], articles: tuple[str, ...]
) -> Plan:
    """The plan for the channels that send mail."""
    channels = [
        channel
        for channel in planner.newsroom.chosen(names)
        if any(isinstance(courier, Previews) for courier in channel.couriers.values())
    ]
    only = planner.asked_for(articles)
    plan = make_plan(planner.plan_inputs(view), channels, only=only)
    planner.cache.save()
    return plan


def _begun(planner: Planner, plan: Plan) -> Iterator[_Mailing]:
    """The mailings that are passed on with the bytes that the others have got."""
    newsroom, ledger = planner.newsroom, planner.ledger
    steps = {(one.channel, one.key): one for one in plan.steps if one.work == "deliver"}
    snapshot = LedgerSnapshot.of_renderings(ledger, steps)
    for (channel, key), artifacts in sorted(snapshot.artifacts.items()):
        for name, courier in newsroom.channels[channel].couriers.items():
            for artifact in artifacts if isinstance(courier, Previews) else ():
                begun = snapshot.dispatches.get((channel, key, artifact.name, name))
                if begun is None or not begun.unfinished:
                    continue
                sent = replace(artifact, digest=begun.digest)
                delivery = as_delivery(newsroom, newsroom.channels[channel], key, sent, begun.at)
                frozen = begun if begun.frozen else None
                step = steps[channel, key]
                people = _letter(planner, step, name)
                audience = _audience(planner, channel)
                yield _Mailing(step, courier, delivery, audience, frozen, people)


def _mailings(planner: Planner, steps: tuple[Step, ...]) -> Iterator[_Mailing]:
    """The mailings that would be passed to the couriers that send mail, rendered now."""
    newsroom = planner.newsroom
    to_render = tuple(step for step in steps if step.work == "render")
    for rendered in render_all(newsroom, to_render, 1):
        if rendered.error:
            raise rendered.error
        channel = newsroom.channels[rendered.step.channel]
        audience = _audience(planner, channel.name)
        for name, courier in channel.couriers.items():
            for artifact in rendered.artifacts if isinstance(courier, Previews) else ():
                delivery = as_delivery(newsroom, channel, rendered.step.key, artifact)
                people = _letter(planner, rendered.step, name)
                yield _Mailing(rendered.step, courier, delivery, audience, None, people)


def _letter(planner: Planner, step: Step, courier: str) -> Callable[[], Iterator[str]] | None:
    """Who gets the letter that `step` makes, if it is a notice."""
    rows = planner.ledger.notices.of_channel(step.channel) if step.notice else ()
    row = next((one for one in rows if one.key == step.key), None)
    return (
        None
        if row is None
        else partial(letter_recipients, planner.newsroom, planner.ledger, row, courier)
    )


def _audience(planner: Planner, name: str) -> Audience:
    newsroom, database = planner.newsroom, planner.ledger.database
    secret = SecretOnTrial(database, newsroom.state)
    subscribers = Subscribers(database, newsroom.state, secret)
    adapter = newsroom.channels[name].adapter
    return audience_of(subscribers, newsroom.publication, name, adapter)


def _newest(newsroom: Newsroom, plan: Plan) -> tuple[Step, ...]:
    """The steps of `plan`; for a channel with editions, only the last one."""
    last = {step.channel: step for step in plan.steps}
    return tuple(
        step
        for step in plan.steps
        if newsroom.channels[step.channel].adapter.scope is not Scope.EDITION
        or step is last[step.channel]
    )
