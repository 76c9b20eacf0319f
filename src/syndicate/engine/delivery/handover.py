"""One courier's part in one step: it delivers what it is handed, under a lease."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.parser import BytesHeaderParser
from email.policy import default
from functools import partial
from shlex import quote

from syndicate.couriers import (
    Courier,
    DeliversMany,
    Delivery,
    Holds,
    Previews,
    Receipt,
    Reconciles,
)
from syndicate.engine.delivery.deliver import LedgerJournal, deliver
from syndicate.engine.delivery.deliver import Outcome as Became
from syndicate.engine.delivery.outcome import Outcome, Question
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.release import Release, is_gone, is_to_hand_over
from syndicate.errors import (
    DeliveryError,
    LeaseLostError,
    LedgerError,
    MissingBlobError,
    StoreError,
    UncertainError,
    WithdrawnError,
)
from syndicate.ledger.dispatch import Dispatch, DispatchKey, State
from syndicate.ledger.dispatches import MAYBE_SENT
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.leases import Busy, Lease, delivery_lease
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Audience

_SHOWN = 5  # deliveries of one dispatch that are named; the ledger knows them all


@dataclass
class Handover:
    """Hands what `step` has made and what may leave to the couriers of its channel, one by one.
    `latest` is the courier at work."""

    run: PublishRun
    step: Step
    channel: Channel
    release: Release
    audience: Audience
    doubts: frozenset[str]
    latest: list[CourierAtWork]

    def hand_over(self, name: str, artifact: StoredArtifact) -> bool:
        """Deliver `artifact` by the courier `name`; False if something is left to do."""
        step, leases, courier = self.step, self.run.ledger.leases, self.channel.couriers[name]
        key = (step.channel, step.key, artifact.name, name)
        known = self.release.snapshot.dispatches.get(key)
        if not (_is_new(known, courier, artifact) or (known and known.unfinished)):
            return True
        lease_name = delivery_lease(*key)
        lease = leases.take_soon([lease_name])[lease_name]
        if isinstance(lease, Busy):
            self.run.busy(
                step, f"another run has been delivering it since {self.run.time_of(lease)}"
            )
            return False
        held: HeldDispatch | None = None
        try:
            dispatch = self._dispatch(lease, key, courier, artifact)
            if dispatch is None or not dispatch.unfinished:
                return dispatch is not None
            place = partial(courier.place, artifact.name) if isinstance(courier, Holds) else None
            held = self.run.ledger.held(lease, dispatch, place)
            return self._deliver(held, courier, artifact)
        except LeaseLostError as error:
            self.run.busy(step, error.message)
            return False
        finally:
            if held is None or not held.has_ended:
                with suppress(LedgerError):
                    leases.release([lease])

    def _dispatch(
        self, lease: Lease, key: DispatchKey, courier: Courier, artifact: StoredArtifact
    ) -> Dispatch | None:
        """The dispatch of `artifact` as it is now that nobody else delivers it, a new one if it
        needs one. None if it may no longer leave.

        Raises:
            LeaseLostError: another run has replaced what was to be delivered.
        """
        dispatches = self.run.ledger.dispatches
        known = self.release.snapshot.dispatches.get(key)
        snapshot = self.release.snapshot.as_now(self.run.ledger, key)
        dispatch = snapshot.dispatches.get(key)
        if (known and known.id) != (dispatch and dispatch.id):
            raise LeaseLostError("another run has just handled it")
        release = replace(self.release, snapshot=snapshot)
        decision = release.of(self.channel, self.step.key, artifact)
        if not decision.may_leave or decision.artifact.digest != artifact.digest:
            self.run.wait(self.step, artifact.name)
            return None
        if not _is_new(dispatch, courier, artifact):
            return dispatch
        if artifact.draft and not self._keep(artifact):
            self.run.wait(self.step, artifact.name)
            return None
        return dispatches.hand_over(self.run.ledger.leases, lease, key, artifact.digest)

    def _deliver(self, held: HeldDispatch, courier: Courier, artifact: StoredArtifact) -> bool:
        """Take the dispatch as far as it goes now; False if something is left to do."""
        step, dispatch = self.step, held.dispatch
        unsent = courier.final and not dispatch.frozen
        doubtful = unsent and not self.doubts.isdisjoint(step.members)
        artifact = replace(artifact, digest=dispatch.digest)  # what was begun is brought to its end
        tally = _Tally(self.run.outcome)
        tell = partial(self._tell, courier, artifact, tally)
        journal = LedgerJournal(held, tally.count, self.run.stop)
        self.latest[:] = [CourierAtWork(journal, courier, tell)]
        try:
            delivery = self._delivery(artifact, dispatch)
            if doubtful:
                self._doubt(held, courier, delivery)
                return True  # it went to nobody
            if self._is_refused(dispatch, courier, delivery):
                return False
            deliver(journal, courier, delivery, self._audience_of(courier))
        except DeliveryError as error:
            tally.stopped = error
        except LeaseLostError as error:
            tally.stopped = DeliveryError(error.message, hint="another run does the rest")
        finally:
            tell()
        if tally.stopped or tally.failed:
            return False
        left = next(held.rows(State.PENDING), None)
        self.run.outcome.left += left is not None
        return left is None

    def _delivery(self, artifact: StoredArtifact, dispatch: Dispatch) -> Delivery:
        """What the courier is told of `artifact`, with its bytes on this machine."""
        newsroom, key = self.run.newsroom, self.step.key
        try:
            return as_delivery(newsroom, self.channel, key, artifact, dispatch.at)
        except MissingBlobError as error:
            raise DeliveryError(
                f"{artifact.name}: the bytes that were on their way are gone",
                hint="send it again to everybody: syndicate publish --reissue"
                if dispatch.frozen
                else "run this again: it is rendered again",
            ) from error
        except StoreError as error:
            raise DeliveryError(f"{artifact.name}: {error.message}", hint=error.hint) from error

    def _doubt(self, held: HeldDispatch, courier: Courier, delivery: Delivery) -> None:
        """Freeze the dispatch with every delivery uncertain, since it may have been sent after the
        backup that the ledger was restored from.

        Raises:
            UncertainError: there are any.
        """
        held.freeze(
            courier.addresses(delivery, self.audience.active()), State.UNCERTAIN, MAYBE_SENT
        )
        if number := held.count():
            raise UncertainError(
                f"{delivery.artifact}: {number} not sent: {MAYBE_SENT}",
                hint="find out what was sent, then: syndicate deliveries resolve --all"
                f" --channels {self.channel.name} --as delivered (or, to send it: --as pending)",
            )

    def _audience_of(self, courier: Courier) -> Audience:
        """Who gets what `courier` delivers. Only what is written to people has links in it, which
        need the newsroom's secret."""
        return self.audience if courier.final else self.audience.without_links()

    def _keep(self, draft: StoredArtifact) -> bool:
        """Keep the bytes that were approved, since people go on editing the file. False if they
        have edited it meanwhile."""
        try:
            content = (self.run.newsroom.drafts / draft.name).read_bytes()
        except OSError:
            return False
        return self.run.newsroom.store.put(content) == draft.digest

    def _is_refused(self, dispatch: Dispatch, courier: Courier, delivery: Delivery) -> bool:
        """Whether somebody was asked about the first sending of this and did not say yes."""
        if self.run.order.ask is None or dispatch.frozen or not isinstance(courier, Previews):
            return False
        units = iter(courier.addresses(delivery, self.audience.active()))
        first = next(units, None)
        if first is None:
            return False
        recipients = 1 + sum(1 for _ in units)
        person = self.audience.among([first]).get(first)
        message = courier.preview(replace(delivery, unit=first, subscriber=person))
        subject = str(BytesHeaderParser(policy=default).parsebytes(message)["Subject"] or "")
        asked = Question(self.channel.name, self.step.label, subject, recipients)
        if self.run.order.ask(asked):
            return False
        self.run.outcome.left += recipients
        text = f"{recipients} recipients wait for a yes: run it again with --yes"
        self.run.tell("unconfirmed", self.step, text)
        return True

    def _tell(self, courier: Courier, artifact: StoredArtifact, tally: _Tally) -> None:
        if tally.told:
            return
        tally.told = True
        step, outcome = self.step, self.run.outcome
        root = f"{self.run.newsroom.root}/"
        told = [text.removeprefix(root) for text in tally.first]
        if tally.delivered > len(told) or (told and isinstance(courier, DeliversMany)):
            letter = f"{step.channel}: {step.label}"  # people know it by its number or article
            name = letter if isinstance(courier, Previews) else artifact.name
            told = [f"{name}: {tally.delivered:,} delivered"]
        for text in told:
            self.run.tell("delivered", step, text)
        errors = [*([tally.stopped] if tally.stopped else []), *tally.errors]
        if hidden := tally.failed - len(tally.errors):
            states = f"--channels {step.channel} --failed --uncertain --pending"
            hint = f"all of them: syndicate deliveries {states}"
            errors.append(DeliveryError(f"{hidden} more were not delivered", hint=hint))
        for error in errors:
            message = f"{step.channel}: {step.label}: {error.message}"
            outcome.errors.append(type(error)(message, where=error.where, hint=error.hint))
            self.run.tell("error", step, str(error))


@dataclass
class _Tally:
    """What became of the deliveries of one dispatch."""

    outcome: Outcome
    delivered: int = 0
    first: list[str] = field(default_factory=list)
    errors: list[DeliveryError] = field(default_factory=list)
    failed: int = 0
    stopped: DeliveryError | None = None
    told: bool = False

    def count(self, delivery: Delivery, became: Became) -> None:
        """One delivery is settled."""
        match became:
            case Receipt():
                self.delivered += 1
                self.outcome.delivered += 1
                if len(self.first) < _SHOWN:
                    self.first.append(became.remote_id or delivery.unit)
            case WithdrawnError():
                pass
            case _:
                self.failed += 1
                if len(self.errors) < _SHOWN:
                    self.errors.append(_named(delivery, became))


@dataclass(frozen=True)
class CourierAtWork:
    """A courier at work; `tell` tells what it has done so far, once."""

    journal: LedgerJournal
    courier: Courier
    tell: Callable[[], None]

    def is_busy(self) -> bool:
        """Whether something is on its way."""
        return self.journal.is_busy()

    def give_up(self) -> None:
        """Wait no longer for what is on its way."""
        self.journal.give_up(ask_later=isinstance(self.courier, Reconciles))
        self.tell()


def _named(delivery: Delivery, error: DeliveryError) -> DeliveryError:
    """`error` with the unit that it met and what helps."""
    message = error.message
    if delivery.unit != delivery.artifact and delivery.unit not in message:
        message = f"{delivery.unit}: {message}"
    hint = error.hint
    if isinstance(error, UncertainError):
        command = f"syndicate deliveries resolve {quote(delivery.unit)}"
        hint = (
            f"find out whether it arrived, then: {command} --channels {delivery.channel}"
            " --as delivered (or, to send it again: --as pending)"
        )
    return type(error)(message, where=error.where, hint=hint)


def _is_new(dispatch: Dispatch | None, courier: Courier, artifact: StoredArtifact) -> bool:
    """Whether `artifact` needs a new dispatch: as an approved draft, or because it is gone."""
    approved = artifact.draft and is_to_hand_over(dispatch, courier, artifact)
    return approved or is_gone(dispatch, courier, artifact)


def as_delivery(
    newsroom: Newsroom, channel: Channel, rendering: str, artifact: StoredArtifact, at: str = ""
) -> Delivery:
    """What couriers are told of `artifact`, recorded `at`.

    Raises:
        MissingBlobError: the store does not have its bytes.
        StoreError: the store cannot be used.
    """
    return Delivery(
        channel=channel.name,
        unit=artifact.name,
        media_type=artifact.media_type,
        digest=artifact.digest,
        content=newsroom.store.path(artifact.digest),
        artifact=artifact.name,
        rendering=rendering,
        url=channel.url_of(artifact.name),
        at=at,
        pictures=newsroom.pictures_of_drafts,
    )
