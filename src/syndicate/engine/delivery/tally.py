"""What became of the deliveries of one dispatch in one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from shlex import quote

from syndicate.couriers import (
    Courier,
    DeliversMany,
    Delivery,
    PostsThreads,
    Previews,
    Receipt,
)
from syndicate.engine.delivery.concerns import if_uncertain, in_one_line, needs_somebody
from syndicate.engine.delivery.journal import Outcome as Became
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.plan import Step
from syndicate.errors import DeliveryError, RefusedError, UncertainError, WithdrawnError
from syndicate.ledger.dispatch import DeliveryRow, State

_SHOWN = 5  # deliveries of one dispatch that are named; the ledger knows them all


@dataclass
class Tally:
    """Counts what `courier` does with the dispatch `dispatch` of `artifact`, and tells it once.
    `halted`: it went no further."""

    run: PublishRun
    step: Step
    courier: Courier
    artifact: str
    dispatch: int
    delivered: int = 0
    failed: int = 0
    halted: bool = False
    _stopped: DeliveryError | None = None
    _first: list[str] = field(default_factory=list)
    _errors: list[DeliveryError] = field(default_factory=list)
    _told: bool = False

    @property
    def is_well(self) -> bool:
        """Whether it came to its end, and nothing has failed."""
        return not (self.halted or self.failed)

    def stop(self, error: DeliveryError) -> None:
        """It goes no further, because of `error`."""
        self.halted, self._stopped = True, error

    def count(self, delivery: Delivery, became: Became) -> None:
        """One delivery is settled."""
        match became:
            case Receipt():
                self.delivered += 1
                self.run.outcome.delivered += 1
                if len(self._first) < _SHOWN:
                    self._first.append(became.remote_id or delivery.unit)
            case WithdrawnError():
                pass
            case _:
                self.failed += 1
                state = State.UNCERTAIN if isinstance(became, UncertainError) else State.FAILED
                row = DeliveryRow(self.dispatch, delivery.unit, state, error=str(became))
                if isinstance(became, UncertainError | RefusedError) and needs_somebody(row):
                    self.run.outcome.named[self.dispatch, state] += 1
                if len(self._errors) < _SHOWN:
                    self._errors.append(self._named(delivery, became))

    def _named(self, delivery: Delivery, error: DeliveryError) -> DeliveryError:
        """`error` with the unit that it met and what helps."""
        message, hint = error.message, error.hint
        is_named = delivery.unit in message or message.startswith("post ")
        if delivery.unit != delivery.artifact and not is_named:
            message = f"{delivery.unit}: {message}"
        if isinstance(error, UncertainError):
            these = f"{quote(delivery.unit)} --channels {quote(self.step.channel)}"
            hint = in_one_line(if_uncertain(f"{these} --artifact {quote(delivery.artifact)}"))
        elif isinstance(self.courier, PostsThreads) and type(error) is RefusedError and not hint:
            hint = f"change it and approve it: syndicate drafts edit {quote(delivery.artifact)}"
        return error.saying(message, hint)

    def tell(self) -> None:
        """Tell the run, unless that has been done."""
        if self._told:
            return
        self._told = True
        step, outcome = self.step, self.run.outcome
        root = f"{self.run.newsroom.root}/"
        told = [text.removeprefix(root) for text in self._first]
        if self.delivered > len(told) or (told and isinstance(self.courier, DeliversMany)):
            letter = f"{step.channel}: {step.label}"  # people know it by its number or article
            name = letter if isinstance(self.courier, Previews) else self.artifact
            told = [f"{name}: {self.delivered:,} delivered"]
        for text in told:
            self.run.tell("delivered", step, text)
        errors = [*([self._stopped] if self._stopped else []), *self._errors]
        if hidden := self.failed - len(self._errors):
            outcome.unnamed += hidden - 1
            states = f"--channels {step.channel} --failed --uncertain --pending"
            hint = f"all of them: syndicate deliveries {states}"
            errors.append(DeliveryError(f"{hidden} more were not delivered", hint=hint))
        for error in errors:
            self.run.refuse(step, error)
