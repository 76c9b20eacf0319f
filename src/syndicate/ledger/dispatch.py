"""What is on its way: a dispatch, and its deliveries, each one in a state.

A dispatch is one artifact handed to one courier. Its deliveries (one file, one post after the
other, a million recipients) are frozen as rows before the first of them leaves, and every row goes

    pending → committing → delivered | failed | uncertain

A delivery that was put off is pending again. Other bytes under the same name are another dispatch;
the one before it stays as history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """pending → committing → delivered | failed | uncertain."""

    PENDING = "pending"
    COMMITTING = "committing"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


UNFINISHED = (State.PENDING, State.COMMITTING)
"""The states of what is still to be delivered or to be asked about."""
STOPPED = "stopped: "
"""So begins the error of a delivery that a withdrawal has stopped or taken back."""
DispatchKey = tuple[str, str, str, str]
"""The channel, the rendering's key, the artifact's name and the courier's."""
SETTLED = "settled by hand"
"""So begins the error of a delivery that nobody has to settle any more."""


@dataclass(frozen=True)
class Dispatch:
    """One artifact handed to one courier. `rendering` is the key of its rendering, `at` when it was
    recorded; `counts` are its deliveries that are not delivered, by state."""

    id: int
    channel: str
    rendering: str
    artifact: str
    courier: str
    digest: str
    at: str
    frozen: bool
    counts: Mapping[State, int] = field(default_factory=dict)

    @property
    def key(self) -> DispatchKey:
        """What is delivered, and by whom."""
        return self.channel, self.rendering, self.artifact, self.courier

    @property
    def unfinished(self) -> bool:
        """Whether something is still to be delivered or to be asked about."""
        return not self.frozen or any(self.counts.get(state) for state in UNFINISHED)

    @property
    def delivered(self) -> bool:
        """Whether everything arrived."""
        return self.frozen and not self.counts


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery: `unit` is what the destination keeps apart, `at` when its state changed."""

    dispatch: int
    unit: str
    state: State = State.PENDING
    attempts: int = 0
    at: str | None = None
    remote_id: str | None = None
    url: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a delivery becomes, and the state that it has to be in until then."""

    row: DeliveryRow
    was: State
