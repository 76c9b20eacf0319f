"""A delivery's states, in either database: what a crash leaves behind is asked about, never sent
again blindly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest

from syndicate.article.publication import Publication
from syndicate.couriers import Courier, Delivery, Journal, Receipt
from syndicate.couriers.files import FilesCourier
from syndicate.engine.delivery.deliver import deliver
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.errors import (
    DeliveryError,
    HeldBackError,
    LedgerError,
    PostponedError,
    RefusedError,
    UncertainError,
)
from syndicate.ledger.dispatch import Change, DeliveryRow, Dispatch, State
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import RecordedRendering, StoredArtifact
from syndicate.letter import Subscriber
from syndicate.stop import Stop
from syndicate.subscribers import Entry, Status, Subscribers, audience_of
from tests.ledger.taking import become, hold, let_go, record

ARTIFACT = StoredArtifact("a.txt", "text/plain", "d1", 5, False)
PUBLICATION = Publication(title="Gazette", base_url="https://gazette.example.org/")


class Post(Courier):
    """A destination that cannot be asked."""

    via: ClassVar[str] = "post"
    units: tuple[str, ...] = ("a.txt",)

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        return self.units

    def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
        commit()
        return Receipt(f"got {delivery.unit}")


class Desk:
    """One ledger and one dispatch in it."""

    def __init__(self, ledger: Ledger, root: Path) -> None:
        self.ledger, self.root = ledger, root
        self.told: list[tuple[str, str]] = []
        record(ledger, RecordedRendering("c", "u", "inputs", (ARTIFACT,), ("post",)))
        self.subscribers = Subscribers(ledger.database, root)
        self.content = root / "content"
        self.content.write_bytes(b"words")

    @property
    def dispatch(self) -> Dispatch:
        (only,) = self.ledger.dispatches.current()
        return only

    def deliver(self, courier: Courier) -> None:
        artifact = Delivery(
            "c", "a.txt", "text/plain", self.dispatch.digest, self.content, "a.txt", "u"
        )
        audience = audience_of(self.subscribers, PUBLICATION, "c", None)
        with self.held() as held:
            journal = LedgerJournal(
                held,
                lambda delivery, became: self.told.append((delivery.unit, type(became).__name__)),
            )
            deliver(journal, courier, artifact, audience)

    @contextmanager
    def held(self) -> Iterator[HeldDispatch]:
        """The dispatch under a lease."""
        held = hold(self.ledger, self.dispatch)
        try:
            yield held
        finally:
            let_go(self.ledger, held)

    def freeze(self, units: Iterable[str]) -> None:
        """What a run does first."""
        with self.held() as held:
            held.freeze(units)

    def states(self) -> dict[str, State]:
        found = self.ledger.dispatches.find(list(State))
        return {row.unit: row.state for _, row in found}

    def row(self, unit: str = "a.txt") -> DeliveryRow:
        found = self.ledger.dispatches.row(self.dispatch.id, unit)
        assert found
        return found

    def leave_committing(self, *units: str) -> None:
        """What a crash leaves behind."""
        for unit in units:
            become(self.ledger, replace(self.row(unit), state=State.COMMITTING))


@pytest.fixture
def desk(ledger_url: str, tmp_path: Path) -> Iterator[Desk]:
    with closing(open_ledger(ledger_url, tmp_path)) as ledger:
        yield Desk(ledger, tmp_path)


def test_delivered_with_its_receipt(desk: Desk) -> None:
    assert desk.dispatch.unfinished
    desk.deliver(Post())
    assert desk.row().state is State.DELIVERED
    assert desk.row().remote_id == "got a.txt"
    assert desk.dispatch.delivered
    assert not desk.dispatch.unfinished


@pytest.mark.parametrize(
    ("error", "before", "after"),
    [
        (DeliveryError("not today"), State.PENDING, State.PENDING),
        (RefusedError("never"), State.FAILED, State.FAILED),
        (UncertainError("perhaps"), State.UNCERTAIN, State.UNCERTAIN),
        (ValueError("a bug"), State.PENDING, State.UNCERTAIN),
    ],
)
def test_what_an_error_means_before_and_after_the_commit(
    desk: Desk, error: Exception, before: State, after: State
) -> None:
    class Broken(Post):
        def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
            if delivery.unit == "after":
                commit()
            raise error

    desk.deliver(Broken(units=("before", "after")))
    assert desk.states() == {"before": before, "after": after}
    assert str(error) in str(desk.row("before").error)


def test_what_is_replaced_in_its_place_is_delivered_again_whatever_went_wrong(desk: Desk) -> None:
    class Mirror(Post):
        def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
            commit()
            if delivery.attempts == 0:
                raise ValueError("a bug")
            return Receipt("there")

        def find(self, delivery: Delivery) -> Receipt | None:
            return None

    desk.deliver(Mirror())
    assert desk.states() == {"a.txt": State.PENDING}
    desk.deliver(Mirror())
    assert desk.states() == {"a.txt": State.DELIVERED}


def test_put_off_is_tried_again_and_what_is_final_is_not(desk: Desk) -> None:
    class Choosy(Post):
        def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
            kinds = {"a": DeliveryError, "b": RefusedError, "c": UncertainError}
            raise kinds[delivery.unit](f"attempt {delivery.attempts + 1}")

    desk.deliver(Choosy(units=("a", "b", "c")))
    desk.deliver(Choosy(units=("a", "b", "c")))
    assert {unit: desk.row(unit).error for unit in "abc"} == {
        "a": "attempt 2",
        "b": "attempt 1",
        "c": "attempt 1",
    }
    desk.deliver(Post())
    assert desk.states() == {
        "a": State.DELIVERED,
        "b": State.FAILED,
        "c": State.UNCERTAIN,
    }


def test_cut_off_where_the_destination_cannot_be_asked_is_uncertain(desk: Desk) -> None:
    desk.freeze(["a", "b", "c"])
    desk.leave_committing("a", "c")
    desk.deliver(Post())
    assert desk.states() == {
        "a": State.UNCERTAIN,
        "b": State.DELIVERED,
        "c": State.UNCERTAIN,
    }
    assert desk.told == [("a", "UncertainError"), ("c", "UncertainError"), ("b", "Receipt")]


@pytest.mark.parametrize("arrived", [True, False])
def test_cut_off_where_the_destination_can_be_asked(desk: Desk, arrived: bool) -> None:
    import hashlib

    content = b"words"
    digest = hashlib.sha256(content).hexdigest()
    record(
        desk.ledger,
        RecordedRendering("c", "u", "inputs", (replace(ARTIFACT, digest=digest),), ("post",)),
    )
    target = desk.root / "out" / "c" / "a.txt"
    if arrived:
        target.parent.mkdir(parents=True)
        target.write_bytes(content)
    desk.freeze(["a.txt"])
    desk.leave_committing("a.txt")
    files = FilesCourier.model_validate({}, context={"root": desk.root, "channel": "c"})
    desk.deliver(files)
    assert desk.row().state is State.DELIVERED
    assert target.read_bytes() == content


def test_the_ledger_says_committing_before_anything_can_leave(desk: Desk) -> None:
    seen: list[State] = []

    class Watching(Post):
        def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
            seen.append(desk.row().state)
            commit()
            seen.append(desk.row().state)
            return Receipt("1")

    desk.deliver(Watching())
    assert seen == [State.PENDING, State.COMMITTING]


def test_many_in_order_with_the_receipts_of_those_before(desk: Desk) -> None:
    """As a thread is posted: each post answers the one before, whichever run posted that."""

    class Thread(Post):
        def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
            for delivery in deliveries:
                before = journal.receipt(f"{int(delivery.unit) - 1:02}")
                if delivery.unit == "03" and delivery.attempts == 0:
                    journal.settle(delivery, DeliveryError("rate limit"))
                    return
                journal.commit(delivery)
                answered = before.remote_id if before else "nobody"
                journal.settle(delivery, Receipt(f"{delivery.unit} answers {answered[:2]}"))

    thread = Thread(units=("02", "01", "04", "03"))
    desk.deliver(thread)
    assert list(desk.states().values()) == [
        State.DELIVERED,
        State.DELIVERED,
        State.PENDING,
        State.PENDING,
    ]
    desk.deliver(thread)
    assert [desk.row(f"0{n}").remote_id for n in range(1, 5)] == [
        "01 answers no",
        "02 answers 01",
        "03 answers 02",
        "04 answers 03",
    ]


def test_committed_by_many_threads_at_once(desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    class Crowd(Post):
        def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
            def one(delivery: Delivery) -> None:
                journal.commit(delivery)
                assert desk.row(delivery.unit).state is State.COMMITTING
                journal.settle(delivery, Receipt(delivery.unit))

            with ThreadPoolExecutor(8) as pool:
                list(pool.map(one, deliveries))

    units = tuple(f"{n:04}" for n in range(500))
    desk.deliver(Crowd(units=units))
    assert desk.states() == dict.fromkeys(units, State.DELIVERED)


def test_a_ledger_that_fails_stays_failed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No later commit may take the place of one that was not written."""
    change = HeldDispatch.change
    turns = iter(range(100))

    def failing(held: HeldDispatch, changes: Sequence[Change]) -> None:
        if next(turns) == 1:
            raise LedgerError("the disk is full")
        change(held, changes)

    monkeypatch.setattr(HeldDispatch, "change", failing)
    monkeypatch.setattr("syndicate.engine.delivery.journal._PATIENCE", 0.0)
    with pytest.raises(LedgerError):
        desk.deliver(Post(units=("a", "b", "c")))
    monkeypatch.undo()
    assert desk.states() == {
        "a": State.COMMITTING,
        "b": State.PENDING,
        "c": State.PENDING,
    }


def failing_change(at: int, times: int) -> Callable[..., frozenset[str]]:
    """`HeldDispatch.change` that fails so many times, from the write `at` on."""
    change, turns = HeldDispatch.change, count()

    def changed(held: HeldDispatch, changes: Sequence[Change]) -> frozenset[str]:
        if at <= next(turns) < at + times:
            raise LedgerError("database is locked")
        return change(held, changes)

    return changed


def test_a_result_is_written_once_the_ledger_can_be_written_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicate.engine.delivery.journal._PAUSE", 0.0)
    monkeypatch.setattr(HeldDispatch, "change", failing_change(at=1, times=50))
    desk.deliver(Post(units=("a", "b")))
    assert desk.states() == {"a": State.DELIVERED, "b": State.DELIVERED}
    assert desk.row("a").remote_id == "got a"


def test_nothing_leaves_and_nobody_waits_where_nothing_can_be_written_at_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = failing_change(at=0, times=1)
    monkeypatch.setattr(HeldDispatch, "change", failing)
    with pytest.raises(LedgerError):
        desk.deliver(Post(units=("a", "b")))
    assert desk.states() == {"a": State.PENDING, "b": State.PENDING}


def test_who_asks_twice_to_stop_waits_for_no_ledger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, failing = Stop(), failing_change(at=1, times=1 << 60)

    def change(held: HeldDispatch, changes: Sequence[Change]) -> frozenset[str]:
        if changes[0].was is State.COMMITTING:
            stop.ask()
        return failing(held, changes)

    monkeypatch.setattr(HeldDispatch, "change", change)
    desk.freeze(["a"])
    artifact = Delivery("c", "a.txt", "text/plain", "d1", desk.content, "a.txt", "u")
    audience = audience_of(desk.subscribers, PUBLICATION, "c", None)
    with desk.held() as held, pytest.raises(LedgerError):
        deliver(LedgerJournal(held, lambda *_: None, stop), Post(), artifact, audience)
    assert desk.states() == {"a": State.COMMITTING}


def test_frozen_once_in_a_stream_and_anew_after_a_crash(desk: Desk) -> None:
    def cut_off() -> Iterator[str]:
        yield from (f"{n:05}" for n in range(2500))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.freeze(cut_off())
    cut = desk.dispatch
    assert not cut.frozen
    desk.freeze(["x", "y", "x"])
    assert desk.dispatch.frozen
    assert set(desk.states()) == {"x", "y"}
    desk.deliver(Post())
    assert set(desk.states()) == {"x", "y"}


def test_other_bytes_are_another_dispatch_and_the_old_stays_as_history(desk: Desk) -> None:
    desk.deliver(Post())
    first = desk.dispatch
    record(desk.ledger, RecordedRendering("c", "u", "inputs", (ARTIFACT,), ("post",)))
    assert desk.dispatch == first
    record(
        desk.ledger,
        RecordedRendering("c", "u", "other", (replace(ARTIFACT, digest="d2"),), ("post",)),
    )
    assert desk.dispatch.digest == "d2"
    assert desk.dispatch.unfinished
    desk.deliver(Post())
    record(desk.ledger, RecordedRendering("c", "u", "inputs", (ARTIFACT,), ("post",)))
    assert desk.dispatch.unfinished, "what was delivered before it was replaced is gone"
    log = desk.ledger.dispatches.log(10)
    assert [(one.digest, dict(one.counts)) for one, _ in log] == [
        ("d1", {}),
        ("d2", {State.DELIVERED: 1}),
        ("d1", {State.DELIVERED: 1}),
    ]


def test_who_unsubscribes_meanwhile_is_not_behind_an_address_any_more(desk: Desk) -> None:
    people = [Entry("c", f"{n:04}@example.net", {"name": str(n)}) for n in range(1500)]
    desk.subscribers.put(people, "test")
    desk.subscribers.suppress("0003@example.net", Status.COMPLAINED, "test")
    behind: dict[str, Subscriber | None] = {}

    class Mailing(Post):
        def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
            return (one.address for one in subscribers)

        def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
            if not behind:
                desk.subscribers.unsubscribe("c", "1400@example.net", "test")
            behind[delivery.unit] = delivery.subscriber
            return Receipt("1")

    desk.deliver(Mailing())
    assert len(behind) == 1499
    assert behind["1400@example.net"] is None
    person = behind["0042@example.net"]
    assert person
    assert person.fields == {"name": "42"}


@pytest.mark.parametrize("after", [False, True])
def test_a_destination_that_takes_no_more_is_left_alone(desk: Desk, after: bool) -> None:
    class Limited(Post):
        def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
            if delivery.unit == "b":
                if after:
                    commit()
                raise PostponedError("enough for today", 60)
            return super().deliver(delivery, commit)

    with pytest.raises(PostponedError):
        desk.deliver(Limited(units=("a", "b", "c")))
    assert desk.states() == {"a": State.DELIVERED, "b": State.PENDING, "c": State.PENDING}
    desk.deliver(Post())
    assert set(desk.states().values()) == {State.DELIVERED}


def test_what_is_held_back_stays_pending(desk: Desk) -> None:
    """Somebody has edited or rejected it: nothing more is committed, whatever a courier does."""
    desk.freeze(["a", "b"])
    allowed = iter([None])

    def check() -> None:
        if next(allowed, 1):
            raise HeldBackError("rejected")

    artifact = Delivery("c", "a.txt", "text/plain", "d1", desk.content, "a.txt", "u")
    audience = audience_of(desk.subscribers, PUBLICATION, "c", None)
    with desk.held() as held, pytest.raises(HeldBackError):
        journal = LedgerJournal(held, lambda *_: None, check=check)
        deliver(journal, Post(), artifact, audience)
    assert desk.states() == {"a": State.DELIVERED, "b": State.PENDING}
