"""The contract of couriers, as tests that pytest collects from a subclass."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from syndicate.couriers import Copy, Courier, Delivery, Holds, Looks, Observes, Reconciles, Removes
from syndicate.errors import DeliveryError
from syndicate.ledger.dispatch import State
from syndicate.testing.faults import HOW, Faults
from syndicate.testing.settling import desk


class _CrashError(Exception):
    """Stands for a crash of the process at the commit."""


class CourierContract:
    """Tests for a courier. Subclass it and set `courier` (its class) and `options`; pytest collects
    the subclass.

    If the courier does not take every file, set `unit`, `media_type`, `content` and `other`
    (different content under the same name) to what it takes.
    """

    courier: ClassVar[type[Courier]]
    options: ClassVar[dict[str, object]] = {}
    unit: ClassVar[str] = "a.txt"
    media_type: ClassVar[str] = "text/plain"
    content: ClassVar[bytes] = b"words"
    other: ClassVar[bytes] = b"other words"
    artifact: ClassVar[str] = ""
    """The name of the artifact that is delivered as `unit`, if that is another."""
    faults: ClassVar[Iterable[int]] = (1, 4, 9)
    """Which calls to the system go wrong, one in each attempt. Others: `range(1, 500)`."""

    def arrived(self) -> int | None:
        """How many deliveries the destination has had, if they cannot replace one another: posts,
        mails. None for a place at which the last one stands."""
        return None

    @contextmanager
    def at_work(self) -> Iterator[tuple[Courier, Path]]:
        """The courier in an empty newsroom, and that newsroom's folder."""
        with tempfile.TemporaryDirectory() as folder:
            context = {"root": Path(folder), "channel": "contract"}
            yield self.courier.model_validate(self.options, context=context), Path(folder)

    def delivery(
        self, root: Path, unit: str | None = None, content: bytes | None = None
    ) -> Delivery:
        """A delivery with its bytes in a file below `root`."""
        unit, content = unit or self.unit, content or self.content
        digest = hashlib.sha256(content).hexdigest()
        file = root / digest
        file.write_bytes(content)
        return Delivery("contract", unit, self.media_type, digest, file, unit)

    def test_it_commits_once_and_answers(self) -> None:
        """`commit` is called exactly once for a delivery that arrives."""
        with self.at_work() as (courier, root):
            calls: list[int] = []
            receipt = courier.deliver(self.delivery(root), lambda: calls.append(1))
            assert receipt.remote_id
            assert calls == [1]

    def test_before_the_commit_nothing_has_left(self) -> None:
        """A crash at the commit leaves the destination unchanged."""
        with self.at_work() as (courier, root):
            delivery = self.delivery(root)

            def crash() -> None:
                raise _CrashError

            try:
                courier.deliver(delivery, crash)
            except _CrashError:
                pass
            else:
                raise AssertionError("the courier swallowed the crash")
            if isinstance(courier, Reconciles):
                assert courier.find(delivery) is None

    def test_it_finds_what_it_delivered(self) -> None:
        """A courier that can ask its destination returns the same receipt again."""
        with self.at_work() as (courier, root):
            delivery = self.delivery(root)
            receipt = courier.deliver(delivery, lambda: None)
            if isinstance(courier, Reconciles):
                assert courier.find(delivery) == receipt
                assert courier.find(self.delivery(root, content=self.other)) is None

    def test_what_it_delivered_stays_at_a_place_of_its_own(self) -> None:
        """A courier whose destination keeps deliveries names the place of each, the same for the
        same name."""
        with self.at_work() as (courier, _):
            if isinstance(courier, Holds):
                place = courier.place(self.unit, self.unit)
                assert place == courier.place(self.unit, self.unit)
                assert place != courier.place(f"x{self.unit}", f"x{self.unit}")

    def test_it_removes_what_it_delivered(self) -> None:
        """A removal is committed before anything is removed, and may be carried out again."""
        with self.at_work() as (courier, root):
            if not isinstance(courier, Removes):
                return
            delivery = self.delivery(root)
            receipt = courier.deliver(delivery, lambda: None)
            place = courier.place(self.unit, self.unit)
            copy = Copy(place, "contract", self.unit, self.unit, delivery.digest, receipt.remote_id)

            def crash() -> None:
                raise _CrashError

            with suppress(_CrashError):
                courier.remove(copy, crash)
            if isinstance(courier, Reconciles):
                assert courier.find(delivery) == receipt
            calls: list[int] = []
            courier.remove(copy, lambda: calls.append(1))
            courier.remove(copy, lambda: calls.append(1))
            assert calls == [1, 1]
            if isinstance(courier, Reconciles):
                assert courier.find(delivery) is None

    def test_it_sees_what_stands(self) -> None:
        """A courier that can look tells what it delivered from other bytes and from nothing."""
        with self.at_work() as (courier, root):
            if not isinstance(courier, Looks):
                return
            delivery = self.delivery(root)
            other = self.delivery(root, content=self.other)
            receipt = courier.deliver(delivery, lambda: None)
            place = courier.place(self.unit, self.unit)
            copy = Copy(place, "contract", self.unit, self.unit, delivery.digest, receipt.remote_id)
            changed = replace(copy, digest=other.digest)
            uncertain = replace(copy, digest=None)

            def seen(*copies: Copy) -> list[tuple[Copy, str]]:
                content = lambda digest: (root / digest).read_bytes()  # noqa: E731
                return [(one, what.found) for one, what in courier.look(iter(copies), content)]

            assert seen() == []
            assert seen(copy) == [(copy, "same")]
            assert seen(changed) == [(changed, "changed")]
            assert seen(uncertain) == [(uncertain, "there")]
            if isinstance(courier, Removes):
                courier.remove(copy, lambda: None)
                assert seen(copy) == [(copy, "gone")]
                assert seen(uncertain) == [(uncertain, "gone")]

    def test_a_hostile_unit_is_refused(self) -> None:
        """A unit such as `../../file` cannot write outside the destination."""
        with self.at_work() as (courier, root):
            before = sorted(root.parent.glob("escaped*"))
            with suppress(DeliveryError):
                courier.deliver(self.delivery(root, "../../escaped.txt"), lambda: None)
            assert sorted(root.parent.glob("escaped*")) == before

    def test_what_goes_wrong_before_its_effect_loses_and_doubles_nothing(self) -> None:
        """A call to the system that fails leaves states that tell the truth; the next run delivers
        what has not arrived, and nothing twice."""
        self._check_faults(after=False)

    def test_what_goes_wrong_after_its_effect_loses_and_doubles_nothing(self) -> None:
        """The same, where the call has done its work before it fails."""
        self._check_faults(after=True)

    def _check_faults(self, after: bool) -> None:
        for how in HOW:
            for at in self.faults:
                if not self._is_met(Faults(at, how, after)):
                    break

    def _is_met(self, faults: Faults) -> bool:
        """Deliver with `faults`, then without. Whether there were so many calls."""
        with self.at_work() as (courier, root):
            artifact = self.artifact or self.unit
            delivery = replace(self.delivery(root), unit=artifact, artifact=artifact)
            with desk(delivery, root) as at_desk:
                faults.folder = root.parent
                with faults.injected():
                    states = at_desk.run(courier)
                self._check_truth(courier, states, str(faults))
                # A run that nothing disturbs, and one that finds nothing left to do.
                for _ in range(2):
                    states = at_desk.run(self.again(root))
                self._check_end(courier, states, str(faults))
                if isinstance(courier, Observes):
                    assert courier.exists(self.unit, len(self.content)), str(faults)
        return faults.is_met

    def again(self, root: Path) -> Courier:
        """The courier as the next run opens it."""
        context = {"root": root, "channel": "contract"}
        return self.courier.model_validate(self.options, context=context)

    def _check_truth(self, courier: Courier, states: Counter[State], told: str) -> None:
        assert not states[State.FAILED], f"{told}: nobody refused it"
        if isinstance(courier, Reconciles):
            assert not states[State.UNCERTAIN], f"{told}: it can be asked about"
        else:
            assert not states[State.COMMITTING], f"{told}: nothing says what became of it"
        if (number := self.arrived()) is not None:
            sure, perhaps = states[State.DELIVERED], states[State.COMMITTING]
            perhaps += states[State.UNCERTAIN]
            assert sure <= number <= sure + perhaps, f"{told}: {number} arrived of {states}"

    def _check_end(self, courier: Courier, states: Counter[State], told: str) -> None:
        sure, perhaps = states[State.DELIVERED], states[State.UNCERTAIN]
        assert sure + perhaps == states.total(), f"{told}: the next run left {states}"
        assert not perhaps or not isinstance(courier, Reconciles), f"{told}: it can be asked about"
        if (number := self.arrived()) is not None:
            assert sure <= number <= sure + perhaps, f"{told}: {number} arrived of {states}"
