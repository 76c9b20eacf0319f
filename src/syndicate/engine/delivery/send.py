"""The delivery half of publishing: what a run's steps have made is handed to the couriers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import default
from functools import partial

from syndicate.couriers import Courier, DeliversMany, Delivery, Previews, Receipt, Reconciles
from syndicate.engine.delivery.deliver import LedgerJournal, deliver
from syndicate.engine.delivery.deliver import Outcome as Became
from syndicate.engine.delivery.outcome import Outcome, Question
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.release import Release, is_gone, is_to_hand_over
from syndicate.errors import (
    DeliveryError,
    MissingBlobError,
    StoreError,
    UncertainError,
    WithdrawnError,
)
from syndicate.ledger.dispatch import Dispatch, State
from syndicate.ledger.dispatches import MAYBE_SENT
from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Audience, Subscribers, audience_of

_SHOWN = 5  # deliveries of one dispatch that are named; the ledger knows them all


def send(run: PublishRun, steps: Iterable[Step]) -> None:
    """Deliver all that `steps` have made and that may leave.

    A step's couriers deliver in their order, each when the one before has done its part.

    Raises:
        LedgerError: nothing more can be noted.
        Stopped: the run was asked to stop. What was on its way has been waited for, or is named.
    """
    latest: list[_Handover] = []
    with run.stop.noting():
        ended = run.stop.watch(
            lambda: _send(run, steps, latest), lambda: any(one.is_busy() for one in latest)
        )
        if not ended:
            run.outcome.adrift = True
            for handover in latest:
                handover.give_up()
    run.stop.check()


def _send(run: PublishRun, steps: Iterable[Step], latest: list[_Handover]) -> None:
    newsroom = run.newsroom
    snapshot = LedgerSnapshot.of(run.ledger)
    subscribers = Subscribers(run.ledger.database, newsroom.state)
    release = Release(newsroom, snapshot, datetime.now(UTC))
    doubts = run.ledger.doubtful()
    for step in steps:
        run.stop.check()
        channel = newsroom.channels[step.channel]
        if snapshot.renderings.get((step.channel, step.key)) != step.inputs:
            continue  # its rendering failed
        released = []
        for artifact in snapshot.artifacts.get((step.channel, step.key), ()):
            if artifact.is_enclosed:
                continue
            decision = release.of(channel, step.key, artifact)
            if decision.may_leave:
                released.append(decision.artifact)
            else:
                run.outcome.waiting += 1
                run.tell("waiting", step, artifact.name)
        audience = audience_of(subscribers, newsroom.publication, channel.name, channel.adapter)
        for name, courier in channel.couriers.items():
            part = _Part(run, step, channel, audience, doubts, latest)
            done = [part.hand_over(name, courier, artifact, snapshot) for artifact in released]
            if not all(done):
                break


@dataclass
class _Part:
    """One courier's part in one step."""

    run: PublishRun
    step: Step
    channel: Channel
    audience: Audience
    doubts: frozenset[str]
    latest: list[_Handover]

    def hand_over(
        self, name: str, courier: Courier, artifact: StoredArtifact, snapshot: LedgerSnapshot
    ) -> bool:
        """Deliver `artifact` by `courier`; False if something is left to do."""
        step, dispatches = self.step, self.run.ledger.dispatches
        dispatch = snapshot.dispatches.get((step.channel, step.key, artifact.name, name))
        if artifact.draft and is_to_hand_over(dispatch, courier, artifact):
            self._hold(artifact)
            dispatch = dispatches.hand_over(
                step.channel, step.key, artifact.name, name, artifact.digest
            )
        elif is_gone(dispatch, courier, artifact):
            dispatch = dispatches.hand_over(
                step.channel, step.key, artifact.name, name, artifact.digest
            )
        if dispatch is None or not dispatch.unfinished:
            return True
        unsent = courier.final and not dispatch.frozen
        doubtful = unsent and not self.doubts.isdisjoint(step.members)
        artifact = replace(artifact, digest=dispatch.digest)  # what was begun is brought to its end
        tally = _Tally(self.run.outcome)
        tell = partial(self._tell, courier, artifact, tally)
        journal = LedgerJournal(dispatches, dispatch, tally.count, self.run.stop)
        self.latest[:] = [_Handover(journal, courier, tell)]
        try:
            delivery = self._delivery(artifact, dispatch)
            if doubtful:
                raise self._doubt(dispatch, courier, delivery)
            if self._is_refused(dispatch, courier, delivery):
                return False
            deliver(journal, courier, delivery, self.audience)
        except DeliveryError as error:
            tally.stopped = error
        finally:
            tell()
        if tally.stopped or tally.failed:
            return False
        left = next(dispatches.rows(dispatch.id, State.PENDING), None)
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

    def _doubt(self, dispatch: Dispatch, courier: Courier, delivery: Delivery) -> UncertainError:
        """Freeze `dispatch` with every delivery uncertain, since it may have been sent after the
        backup that the ledger was restored from. Returns the error that says so."""
        dispatches = self.run.ledger.dispatches
        units = courier.addresses(delivery, self.audience.active())
        dispatches.freeze(dispatch, units, State.UNCERTAIN, MAYBE_SENT)
        number = dispatches.count(dispatch.id)
        return UncertainError(
            f"{delivery.artifact}: {number} not sent: {MAYBE_SENT}",
            hint="find out what was sent, then run: syndicate deliveries resolve --help",
        )

    def _hold(self, draft: StoredArtifact) -> None:
        """Keep the bytes that were approved: people go on editing the file."""
        content = (self.run.newsroom.drafts / draft.name).read_bytes()
        self.run.newsroom.store.put(content)

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
            told = [f"{artifact.name}: {tally.delivered} delivered"]
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
class _Handover:
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
        hint = "find out whether it arrived, then: syndicate deliveries resolve --help"
    return type(error)(message, where=error.where, hint=hint)


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
