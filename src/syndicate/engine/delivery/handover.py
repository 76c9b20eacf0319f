"""One courier's part in one step: it delivers what it is handed, under a lease."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from functools import partial

from syndicate.couriers import Courier, Delivery, Holds, Previews
from syndicate.engine.delivery.at_work import CourierAtWork, as_delivery
from syndicate.engine.delivery.deliver import ask_about, deliver
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.engine.delivery.outcome import Question
from syndicate.engine.delivery.postponed import Postponement, postpone
from syndicate.engine.delivery.purge import has_cache
from syndicate.engine.delivery.recipients import letter_recipients
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.delivery.tally import Tally
from syndicate.engine.planning.carrying_on import carried_on
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.release import Decision, Release, needs_approval, next_move
from syndicate.errors import (
    DeliveryError,
    DraftError,
    HeldBackError,
    LeaseLostError,
    LedgerError,
    MissingBlobError,
    PostponedError,
    StoreError,
    UncertainError,
)
from syndicate.ledger.dispatch import Dispatch, DispatchKey, State
from syndicate.ledger.dispatches import MAYBE_SENT
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.leases import Busy, Lease, delivery_lease, notice_lease
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.channel import Channel
from syndicate.subscribers import Audience

Work = Callable[[LedgerJournal, Courier, Delivery], None]

_LOOK = 1.0  # seconds after which a verdict is noticed while mail goes out


@dataclass
class Handover:
    """Hands what `step` has made and what may leave to the couriers of its channel, one by one.
    `latest` is the courier at work; `postponed` are those that wait for their destination."""

    run: PublishRun
    step: Step
    channel: Channel
    release: Release
    audience: Audience
    doubts: frozenset[str]
    latest: list[CourierAtWork]
    postponed: dict[tuple[str, str], Postponement]

    def hand_over(self, name: str, decision: Decision) -> bool:
        """Let the courier `name` do what is to be done now with the artifact of `decision`; False
        if something is left to do."""
        step, leases, courier = self.step, self.run.ledger.leases, self.channel.couriers[name]
        key = (step.channel, step.key, decision.artifact.name, name)
        known = self.release.snapshot.dispatches.get(key)
        if next_move(decision, known, courier) is None:
            return not (decision.may_leave and known and known.unfinished)
        if wait := self.postponed.get((step.channel, name)):
            self.run.postpone(step, wait)
            self.run.outcome.left += known.counts.get(State.PENDING, 0) if known else 0
            return False
        names = [delivery_lease(*key), *self._also_alone(courier)]
        found = leases.take_soon(names)
        held = [one for one in found.values() if not isinstance(one, Busy)]
        if busy := next((one for one in found.values() if isinstance(one, Busy)), None):
            leases.release(held)
            self.run.busy(
                step, f"another run has been delivering it since {self.run.time_of(busy)}"
            )
            return False
        lease = held[0]  # on the delivery
        try:
            now = self.run.ledger.dispatches.latest(key)
            if (known and known.id) != (now and now.id):
                raise LeaseLostError("another run has just handled it")
            return self._carry_out(lease, key, courier, decision)
        except LeaseLostError as error:
            self.run.busy(step, error.message)
            return False
        finally:
            with suppress(LedgerError):
                leases.release(held)

    def _also_alone(self, courier: Courier) -> Iterator[str]:
        """The name of what no two runs may do at once, besides delivering the same artifact: send
        letters about one matter, of which everybody gets one only."""
        if self.step.notice and isinstance(courier, Previews):
            yield notice_lease(self.step.members[0], self.step.notice.number)

    def _carry_out(
        self, lease: Lease, key: DispatchKey, courier: Courier, before: Decision
    ) -> bool:
        """Do what is to be done, now that nobody else delivers it: ask first, then begin with the
        bytes that are approved, then go on. `before` is the decision as it was a moment ago."""
        ledger, artifact = self.run.ledger, before.artifact
        decision, dispatch = self._as_now(key, artifact)
        is_well = True
        if next_move(decision, dispatch, courier) == "ask" and dispatch:
            asked = self._work(self._held(lease, dispatch, courier), courier, artifact, ask_about)
            if asked.halted:
                return False
            is_well = asked.is_well
            decision, dispatch = self._as_now(key, artifact)
        if decision.artifact.digest != artifact.digest or not decision.may_leave:
            if before.may_leave:  # if not, that has been told
                self.run.wait(self.step, artifact.name)
            return not before.may_leave
        if next_move(decision, dispatch, courier) == "hand over":
            if artifact.draft and not self._keep(artifact):
                self.run.wait(self.step, artifact.name)
                return False
            try:
                carried = carried_on(ledger, self.run.newsroom, courier, dispatch, artifact)
            except (DraftError, StoreError) as error:
                self.run.refuse(self.step, error)
                return False
            dispatch = ledger.dispatches.hand_over(
                ledger.leases, lease, key, artifact.digest, carried
            )
        if dispatch is None or next_move(decision, dispatch, courier) is None:
            return not (dispatch and dispatch.unfinished)
        held = self._held(lease, dispatch, courier)
        if not self._work(held, courier, artifact, self._send).is_well:
            return False
        left = held.count(State.PENDING)
        self.run.outcome.left += left
        return is_well and not left

    def _send(self, journal: LedgerJournal, courier: Courier, delivery: Delivery) -> None:
        units = partial(self._units, journal.held.dispatch.courier, courier, delivery)
        deliver(journal, courier, delivery, self._audience_of(courier), units)

    def _held(self, lease: Lease, dispatch: Dispatch, courier: Courier) -> HeldDispatch:
        """`dispatch` under `lease`, with the places in which `courier` puts its deliveries."""
        place = partial(courier.place, dispatch.artifact) if isinstance(courier, Holds) else None
        return self.run.ledger.held(lease, dispatch, place, cached=has_cache(courier))

    def _as_now(
        self, key: DispatchKey, artifact: StoredArtifact
    ) -> tuple[Decision, Dispatch | None]:
        """The decision about `artifact` and its dispatch, as both are now."""
        snapshot = self.release.snapshot.as_now(self.run.ledger, key)
        release = replace(self.release, snapshot=snapshot)
        return release.of(self.channel, self.step.key, artifact), snapshot.dispatches.get(key)

    def _work(
        self, held: HeldDispatch, courier: Courier, artifact: StoredArtifact, work: Work
    ) -> Tally:
        """Let `courier` do `work` with the dispatch. Returns what became of it."""
        step, dispatch = self.step, held.dispatch
        unsent = courier.final and not dispatch.frozen
        doubtful = unsent and not self.doubts.isdisjoint(step.members)
        artifact = replace(artifact, digest=dispatch.digest)  # what was begun is brought to its end
        tally = Tally(self.run, step, courier, artifact.name, dispatch.id)
        journal = LedgerJournal(held, tally.count, self.run.stop, self._stopper(held, artifact))
        self.latest[:] = [CourierAtWork(journal, courier, tally.tell)]
        try:
            delivery = self._delivery(artifact, dispatch)
            if doubtful:
                self._doubt(held, courier, delivery)
                return tally  # it went to nobody
            if self._is_refused(dispatch, courier, delivery):
                tally.halted = True
                return tally
            work(journal, courier, delivery)
        except PostponedError as error:
            tally.halted = True
            self._postpone(held, error)
        except DeliveryError as error:
            tally.stop(error)
        except HeldBackError:
            tally.halted = True
            self.run.wait(step, artifact.name)
        except LeaseLostError as error:
            tally.stop(DeliveryError(error.message, hint="another run does the rest"))
        finally:
            tally.tell()
        return tally

    def _stopper(self, held: HeldDispatch, artifact: StoredArtifact) -> Callable[[], None] | None:
        """Raises HeldBackError as soon as somebody has edited or rejected what is going out. Of a
        thread that is looked up for each post, of mail once a second."""
        if not needs_approval(self.channel, self.step.key, artifact):
            return None
        key, heads = held.dispatch.key, self.run.ledger.draft_heads
        looked = -math.inf

        def check() -> None:
            nonlocal looked
            if not artifact.draft and time.monotonic() - looked < _LOOK:
                return
            looked = time.monotonic()
            decision, _ = self._as_now(key, artifact)
            head = heads.of(key[:3]) if artifact.draft else None
            same = decision.artifact.digest == artifact.digest and head in (None, artifact.digest)
            if not (same and decision.may_leave):
                raise HeldBackError(f"{artifact.name} was edited or rejected while it went out")

        return check

    def _postpone(self, held: HeldDispatch, error: PostponedError) -> None:
        """Leave the courier alone, for as long as its destination says."""
        now, about = datetime.now(UTC), (held.dispatch.channel, held.dispatch.courier)
        self.run.outcome.left += held.count(State.PENDING)
        wait = postpone(self.run.ledger.facts, *about, error, now)
        self.postponed[about] = wait
        self.run.postpone(self.step, wait)

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
        units = self._units(held.dispatch.courier, courier, delivery)
        held.freeze(units, State.UNCERTAIN, MAYBE_SENT)
        if number := held.count():
            raise UncertainError(
                f"{delivery.artifact}: {number} not sent: {MAYBE_SENT}",
                hint="find out what was sent, then: syndicate deliveries resolve --all"
                f" --channels {self.channel.name} --as delivered (or, to send it: --as pending)",
            )

    def _units(self, name: str, courier: Courier, delivery: Delivery) -> Iterable[str]:
        """The units that `delivery` is delivered as by the courier `name`."""
        if not (self.step.notice and isinstance(courier, Previews)):
            return courier.addresses(delivery, self.audience.active())
        ledger = self.run.ledger
        rows = ledger.notices.of_channel(self.step.channel)
        row = next((one for one in rows if one.key == self.step.key), None)
        if row is None:
            raise LeaseLostError("another notice has taken its place")
        return letter_recipients(self.run.newsroom, ledger, row, name)

    def _audience_of(self, courier: Courier) -> Audience:
        """Who gets what `courier` delivers. Only what is written to people has links in it, which
        need the newsroom's secret."""
        return self.audience if courier.final else self.audience.without_links()

    def _keep(self, draft: StoredArtifact) -> bool:
        """Keep the bytes that were approved, since people go on editing the file. False if they
        have edited it meanwhile."""
        try:
            content = self.run.newsroom.draft(draft.name)
        except OSError:
            return False
        return self.run.newsroom.store.put(content) == draft.digest

    def _is_refused(self, dispatch: Dispatch, courier: Courier, delivery: Delivery) -> bool:
        """Whether somebody was asked about the first sending of this and did not say yes."""
        if self.run.order.ask is None or dispatch.frozen or not isinstance(courier, Previews):
            return False
        units = iter(self._units(dispatch.courier, courier, delivery))
        first = next(units, None)
        if first is None:
            return False
        recipients = 1 + sum(1 for _ in units)
        person = self.audience.among([first]).get(first)
        message = courier.preview(replace(delivery, unit=first, subscriber=person))
        from email.policy import default  # ten modules, only for this

        subject = str(BytesHeaderParser(policy=default).parsebytes(message)["Subject"] or "")
        asked = Question(self.channel.name, self.step.label, subject, recipients)
        if self.run.order.ask(asked):
            return False
        self.run.outcome.left += recipients
        text = f"{recipients} recipients wait for a yes: run it again with --yes"
        self.run.tell("unconfirmed", self.step, text)
        return True
