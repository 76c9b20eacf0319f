"""The ledger's dispatches: the latest of each artifact, and every delivery as a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from syndicate.errors import LeaseLostError
from syndicate.ledger.dispatch import Change, State
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import RecordedRendering, StoredArtifact
from tests.engine.conftest import Desk
from tests.ledger.taking import become, hand_over, let_go, record

KEY = ("email", "1", "1.letter", "smtp")


@pytest.fixture
def ledger(desk: Desk) -> Iterator[Ledger]:
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        yield ledger


def handed_over(ledger: Ledger, digest: str = "d") -> HeldDispatch:
    """A new dispatch of an artifact to a courier, with three deliveries."""
    made = hand_over(ledger, KEY, digest)
    made.freeze(["b@example.net", "a@example.net", "c@example.net"])
    return made


def test_deliveries_are_rows_in_the_order_of_their_units(ledger: Ledger) -> None:
    made = handed_over(ledger)
    rows = list(made.rows(State.PENDING))
    assert [row.unit[0] for row in rows] == ["a", "b", "c"]
    made.change([Change(replace(rows[1], state=State.DELIVERED, remote_id="7"), State.PENDING)])
    assert [row.unit[0] for row in made.rows(State.PENDING)] == ["a", "c"]
    row = made.row("b@example.net")
    assert row
    assert (row.state, row.remote_id) == (State.DELIVERED, "7")
    assert made.row("d@example.net") is None


def test_a_dispatch_knows_whether_it_is_done(ledger: Ledger) -> None:
    made = hand_over(ledger, KEY, "d")
    (current,) = ledger.dispatches.current()
    assert (current.frozen, current.unfinished, current.delivered) == (False, True, False)
    made.freeze(["a@example.net"])
    (row,) = made.rows(State.PENDING)
    for state, unfinished, delivered in (
        (State.COMMITTING, True, False),
        (State.UNCERTAIN, False, False),
        (State.DELIVERED, False, True),
    ):
        become(ledger, replace(row, state=state))
        (current,) = ledger.dispatches.current()
        assert (current.unfinished, current.delivered) == (unfinished, delivered), state
        assert ledger.dispatches.latest(KEY) == current
    assert ledger.dispatches.latest((*KEY[:3], "x")) is None


def test_what_is_in_another_state_than_expected_does_not_change(ledger: Ledger) -> None:
    made = handed_over(ledger)
    first, second, _ = made.rows(State.PENDING)
    become(ledger, replace(second, state=State.DELIVERED))
    changes = [
        Change(replace(row, state=State.COMMITTING), State.PENDING) for row in (first, second)
    ]
    with pytest.raises(LeaseLostError):
        made.change(changes)
    assert {row.unit for row in made.rows(State.PENDING)} == {"a@example.net", "c@example.net"}


def test_nothing_changes_without_the_lease(ledger: Ledger) -> None:
    made = handed_over(ledger)
    (first, *_) = made.rows(State.PENDING)
    let_go(ledger, made)
    with pytest.raises(LeaseLostError):
        made.change([Change(replace(first, state=State.COMMITTING), State.PENDING)])
    other = ledger.held(made.lease, ledger.dispatches.current()[0])
    with pytest.raises(LeaseLostError):
        other.freeze(["z@example.net"])
    with pytest.raises(LeaseLostError):
        ledger.dispatches.hand_over(ledger.leases, made.lease, KEY, "other")
    assert len(list(made.rows(State.PENDING))) == 3


def test_what_each_channel_has_left_is_counted(ledger: Ledger) -> None:
    made = handed_over(ledger)
    first, second, _ = made.rows(State.PENDING)
    let_go(ledger, made)
    become(ledger, replace(first, state=State.DELIVERED), replace(second, state=State.FAILED))
    hand_over(ledger, ("rss", "", "feed.xml", "file"), "d")
    left = {State.FAILED: 1, State.PENDING: 1}
    assert ledger.dispatches.undelivered_by_state() == {"email": left}
    handed_over(ledger, "e")  # what the one before it still had to deliver no longer counts
    assert ledger.dispatches.undelivered_by_state() == {"email": {State.PENDING: 3}}


def test_what_anybody_can_look_at_newest_first(ledger: Ledger) -> None:
    made = handed_over(ledger)
    rows = list(made.rows(State.PENDING))
    for row, url in zip(rows, ("https://a.example/1", None, "file:///x"), strict=True):
        become(ledger, replace(row, state=State.DELIVERED, url=url))
    let_go(ledger, made)
    newer = hand_over(ledger, ("x", "1", "1.x", "x"), "d")
    newer.freeze(["1", "2"])
    for row in newer.rows(State.PENDING):
        become(ledger, replace(row, state=State.DELIVERED, url=f"https://x.example/{row.unit}"))
    found = ledger.dispatches.on_the_web(2)
    assert [(dispatch.channel, row.unit) for dispatch, row in found] == [("x", "2"), ("x", "1")]
    assert [row.unit for _, row in ledger.dispatches.on_the_web(9)] == ["2", "1", rows[0].unit]


def test_what_was_replaced_meanwhile_is_not_frozen(ledger: Ledger) -> None:
    """Or everybody would get both."""
    made = hand_over(ledger, KEY, "d")
    artifact = StoredArtifact("1.letter", "text/plain", "other", 5, False)
    record(ledger, RecordedRendering("email", "1", "i", (artifact,), ("smtp",)))
    with pytest.raises(LeaseLostError):
        made.freeze(["a@example.net"])
    assert made.count() == 0


def test_what_was_delivered_is_carried_on_and_has_one_row(ledger: Ledger) -> None:
    first = handed_over(ledger)
    a, _, c = first.rows(State.PENDING)
    become(ledger, replace(a, state=State.DELIVERED, remote_id="7"))
    become(ledger, replace(c, state=State.FAILED, error="no"))
    made = ledger.dispatches.hand_over(ledger.leases, first.lease, KEY, "new", [a.unit])
    second = ledger.held(first.lease, made)
    second.freeze(["a@example.net", "c@example.net"])
    assert [(r.unit, r.state) for _, r in ledger.dispatches.find(list(State))] == [
        ("a@example.net", State.DELIVERED),
        ("c@example.net", State.PENDING),
    ]
    assert second.row("a@example.net") == replace(
        a, dispatch=made.id, state=State.DELIVERED, remote_id="7"
    )
    assert first.count() == 1, "what was refused is history; what was pending never left"
    assert second.before("c@example.net") == "a@example.net"
    assert second.before("a@example.net") is None


def test_an_id_belongs_to_one_delivery(ledger: Ledger) -> None:
    made = handed_over(ledger)
    a, b, _ = made.rows(State.PENDING)
    become(ledger, replace(a, state=State.DELIVERED, remote_id="7"))
    let_go(ledger, made)
    assert made.is_taken("7", b.unit)
    assert not made.is_taken("7", a.unit)
    assert not made.is_taken("8", b.unit)
    again = handed_over(ledger, "again")
    assert not again.is_taken("7", a.unit), "the same delivery, of other bytes"
    other = hand_over(ledger, ("email", "2", "2.letter", "smtp"), "d")
    assert other.is_taken("7", a.unit)


def test_a_closed_dispatch_has_nothing_left(ledger: Ledger) -> None:
    made = handed_over(ledger)
    a, b, _ = made.rows(State.PENDING)
    become(ledger, replace(a, state=State.DELIVERED), replace(b, state=State.UNCERTAIN))
    ledger.dispatches.close(ledger.leases, [made.lease], made.dispatch, "Ines", "enough")
    assert [row.state for _, row in ledger.dispatches.find(list(State))] == [
        State.DELIVERED,
        State.UNCERTAIN,
    ]
    (event,) = ledger.events.newest(what=["closed"])
    assert (event.who, event.note) == ("Ines", "smtp: 1 never posted; enough")
    let_go(ledger, made)
    with pytest.raises(LeaseLostError):
        ledger.dispatches.close(ledger.leases, [made.lease], made.dispatch, "Ines", "")


def test_the_latest_counts_and_the_others_are_history(ledger: Ledger) -> None:
    let_go(ledger, handed_over(ledger))
    second = handed_over(ledger, "other")
    assert [one.id for one in ledger.dispatches.current()] == [second.dispatch.id]
    dispatches = ledger.dispatches
    assert [one.digest for one, _ in dispatches.log(10)] == ["other", "d"]
    assert len(dispatches.log(1)) == 1
    assert not dispatches.log(10, ["x"])


def test_what_is_frozen_stays_so(ledger: Ledger) -> None:
    made = handed_over(ledger)
    with pytest.raises(LeaseLostError):
        made.freeze(["z@example.net"])
    assert len(list(made.rows(State.PENDING))) == 3


def test_deliveries_are_found_by_state_channel_and_unit(ledger: Ledger) -> None:
    made = handed_over(ledger)
    row = next(made.rows(State.PENDING))
    become(ledger, replace(row, state=State.FAILED, error="no such mailbox"))
    dispatches = ledger.dispatches
    ((dispatch, failed),) = dispatches.find([State.FAILED])
    assert (dispatch.artifact, failed.error) == ("1.letter", "no such mailbox")
    assert not list(dispatches.find([State.FAILED], ["x"]))
    assert not list(dispatches.find([State.FAILED], ["email"], ["b@example.net"]))
    assert len(list(dispatches.find([State.PENDING, State.FAILED], ["email"]))) == 3


def test_what_went_to_people_is_not_replaced_for_an_edit(ledger: Ledger) -> None:
    def rendered(digest: str, settled: frozenset[str]) -> str:
        artifact = StoredArtifact("1.letter", "message/rfc822", digest, 1, False)
        one = RecordedRendering("email", "1", digest, (artifact,), ("smtp",), settled)
        record(ledger, one)
        latest = ledger.dispatches.latest(KEY)
        assert latest
        return latest.digest

    final = frozenset({"smtp"})
    assert rendered("d1", final) == "d1"
    assert rendered("d2", final) == "d2", "nobody has it yet"
    hand_over(ledger, KEY, "d2").freeze(["a@example.net"])
    assert rendered("d3", final) == "d2"
    assert rendered("d3", frozenset()) == "d3"
