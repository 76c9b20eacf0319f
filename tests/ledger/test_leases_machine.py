"""Several runs take, renew, lose and inherit the lease on one mailing, crash, and are paused at any
point: no mail leaves twice, and none leaves without the ledger having said so before."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from syndicate.errors import LeaseLostError
from syndicate.ledger import leases as module
from syndicate.ledger.dispatch import Change, State
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.leases import Lease, delivery_lease
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.processes import boot
from tests.ledger.taking import hand_over, let_go

KEY = ("email", "1", "1.letter", "smtp")
UNITS = [f"{name}@example.net" for name in "abcd"]
runs = st.integers(0, 2)
units = st.sampled_from(UNITS)


@dataclass
class Run:
    """A run: its process, the dispatch that it believes to hold, and the mails whose last dot it is
    about to send."""

    ledger: Ledger
    process: str
    held: HeldDispatch | None = None
    leaving: set[str] = field(default_factory=set)


class Mailing(RuleBasedStateMachine):
    """The rules are what a run can do next; a paused one just does nothing for a while."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock, self.number, self.ended = 100.0, 0, set[str]()
        self.sent: Counter[str] = Counter()
        self.tokens: list[int] = []
        self.present = ""
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(module, "monotonic", lambda: self.clock)
        self.patch.setattr(module, "has_ended", self.ended.__contains__)
        self.patch.setattr(module, "this_process", lambda: f"{boot()} {self.present}")
        self.runs = [self._started() for _ in range(3)]
        first = hand_over(self.runs[0].ledger, KEY, "d")
        first.freeze(UNITS)
        let_go(self.runs[0].ledger, first)

    def teardown(self) -> None:
        if hasattr(self, "runs"):
            for run in self.runs:
                run.ledger.close()
            self.patch.undo()
            self.folder.cleanup()

    @rule(number=runs)
    def take(self, number: int) -> None:
        with self._at_work(number) as run:
            name = delivery_lease(*KEY)
            lease = run.ledger.leases.take([name])[name]
            if not isinstance(lease, Lease):
                return
            self.tokens.append(lease.token)
            dispatch = run.ledger.dispatches.latest(KEY)
            assert dispatch
            run.held = run.ledger.held(lease, dispatch)
            for row in list(run.held.rows(State.COMMITTING)):  # nobody can know
                self._change(run, row.unit, State.COMMITTING, State.UNCERTAIN)

    @rule(number=runs, seconds=st.sampled_from([5, 20, 70]))
    def work_on_and_renew(self, number: int, seconds: int) -> None:
        self.clock += seconds
        with self._at_work(number) as run:
            run.ledger.leases._renew()

    @rule(number=runs, unit=units)
    def commit(self, number: int, unit: str) -> None:
        with self._at_work(number) as run:
            if self._change(run, unit, State.PENDING, State.COMMITTING):
                run.leaving.add(unit)

    @rule(number=runs, unit=units)
    def send_the_dot(self, number: int, unit: str) -> None:
        """However long ago it was that the ledger was told."""
        if unit in self.runs[number].leaving:
            self.sent[unit] += 1

    @rule(number=runs, unit=units, arrived=st.booleans())
    def settle(self, number: int, unit: str, arrived: bool) -> None:
        with self._at_work(number) as run:
            if unit in run.leaving and arrived == bool(self.sent[unit]):
                run.leaving.discard(unit)
                state = State.DELIVERED if arrived else State.PENDING
                self._change(run, unit, State.COMMITTING, state)

    @rule(number=runs)
    def release(self, number: int) -> None:
        with self._at_work(number) as run:
            if run.held and not run.leaving:
                let_go(run.ledger, run.held)
                run.held = None

    @rule(number=runs)
    def crash(self, number: int) -> None:
        run = self.runs[number]
        self.ended.add(f"{boot()} {run.process}")
        run.ledger.close()
        self.runs[number] = self._started()

    @invariant()
    def nobody_gets_it_twice(self) -> None:
        if hasattr(self, "sent"):
            assert max(self.sent.values(), default=0) <= 1, self.sent

    @invariant()
    def tokens_grow(self) -> None:
        if hasattr(self, "tokens"):
            assert self.tokens == sorted(set(self.tokens))

    @invariant()
    def two_never_have_the_same_on_its_way(self) -> None:
        if hasattr(self, "runs"):
            leaving = Counter(unit for run in self.runs for unit in run.leaving)
            assert max(leaving.values(), default=0) <= 1, leaving

    def _started(self) -> Run:
        self.number += 1
        return Run(open_ledger("ledger.sqlite", Path(self.folder.name)), f"0 {self.number} 1")

    @contextmanager
    def _at_work(self, number: int) -> Iterator[Run]:
        self.present = self.runs[number].process
        yield self.runs[number]

    def _change(self, run: Run, unit: str, was: State, state: State) -> bool:
        """Whether the ledger took it."""
        row = run.held.row(unit) if run.held else None
        if run.held is None or row is None:
            return False
        try:
            run.held.change([Change(replace(row, state=state), was)])
        except LeaseLostError:
            return False
        assert run.held.lease.token == self.tokens[-1], "only the last who took it changes anything"
        return True


TestMailing = Mailing.TestCase
TestMailing.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
