"""Steps of which nobody else makes the rendering meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from syndicate.engine.planning.plan import Step
from syndicate.ledger.leases import Busy, Lease, rendering_lease
from syndicate.ledger.ledger import Ledger

_AT_ONCE = 16
"""Steps whose leases are taken in one transaction, just before they are rendered."""
BUSY = "another run is rendering it"
OVERTAKEN = "another run has just rendered it: run this again, in case something has changed since"


class LeasedSteps:
    """Takes the leases on what is about to be rendered.

    Args:
        busy: told of each step that is left out, and why.
    """

    def __init__(self, ledger: Ledger, busy: Callable[[Step, str], None]) -> None:
        self._ledger, self._busy = ledger, busy
        self._held: dict[tuple[str, str], Lease] = {}

    def of(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Those of `steps` that this run may render: nobody else is at it, and what the ledger has
        is what the plan was made from."""
        stream = iter(steps)
        while page := list(islice(stream, _AT_ONCE)):
            names = {rendering_lease(step.channel, step.key): step for step in page}
            taken = self._ledger.leases.take_soon(names)
            for name, lease in taken.items():
                if isinstance(lease, Lease):
                    self._held[_key(names[name])] = lease
            present = self._ledger.inputs_of(map(_key, page))
            for name, lease in taken.items():
                step = names[name]
                if isinstance(lease, Busy):
                    self._busy(step, BUSY)
                elif present.get(_key(step)) != step.before:
                    self._ledger.leases.release([self.lease(step)])
                    if present.get(_key(step)) != step.inputs:
                        self._busy(step, OVERTAKEN)
                else:
                    yield step

    def lease(self, step: Step) -> Lease:
        """The lease on the rendering of `step`, for whoever ends it."""
        return self._held.pop(_key(step))


def _key(step: Step) -> tuple[str, str]:
    return step.channel, step.key
