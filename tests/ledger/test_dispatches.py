"""The ledger's dispatches: the latest of each artifact, and every delivery as a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from syndicate.ledger.dispatch import Dispatch, State
from syndicate.ledger.dispatches import Dispatches
from syndicate.ledger.ledger import open_ledger
from tests.engine.conftest import Desk


@pytest.fixture
def dispatches(desk: Desk) -> Iterator[Dispatches]:
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        yield ledger.dispatches


def handed_over(dispatches: Dispatches, digest: str = "d") -> Dispatch:
    """A new dispatch of an artifact to a courier, with three deliveries."""
    made = dispatches.hand_over("email", "1", "1.letter", "smtp", digest)
    dispatches.freeze(made, ["b@example.net", "a@example.net", "c@example.net"])
    return made


def test_deliveries_are_rows_in_the_order_of_their_units(dispatches: Dispatches) -> None:
    made = handed_over(dispatches)
    rows = list(dispatches.rows(made.id, State.PENDING))
    assert [row.unit[0] for row in rows] == ["a", "b", "c"]
    dispatches.write([replace(rows[1], state=State.DELIVERED, remote_id="7")])
    assert [row.unit[0] for row in dispatches.rows(made.id, State.PENDING)] == ["a", "c"]
    row = dispatches.row(made.id, "b@example.net")
    assert row
    assert (row.state, row.remote_id) == (State.DELIVERED, "7")
    assert dispatches.row(made.id, "d@example.net") is None


def test_a_dispatch_knows_whether_it_is_done(dispatches: Dispatches) -> None:
    made = dispatches.hand_over("email", "1", "1.letter", "smtp", "d")
    (current,) = dispatches.current()
    assert (current.frozen, current.unfinished, current.delivered) == (False, True, False)
    dispatches.freeze(made, ["a@example.net"])
    (row,) = dispatches.rows(made.id, State.PENDING)
    for state, unfinished, delivered in (
        (State.COMMITTING, True, False),
        (State.UNCERTAIN, False, False),
        (State.DELIVERED, False, True),
    ):
        dispatches.write([replace(row, state=state)])
        (current,) = dispatches.current()
        assert (current.unfinished, current.delivered) == (unfinished, delivered), state


def test_the_latest_counts_and_the_others_are_history(dispatches: Dispatches) -> None:
    handed_over(dispatches)
    second = handed_over(dispatches, "other")
    assert [one.id for one in dispatches.current()] == [second.id]
    assert [one.digest for one, _ in dispatches.log(10)] == ["other", "d"]
    assert len(dispatches.log(1)) == 1
    assert not dispatches.log(10, ["x"])


def test_to_freeze_again_begins_anew(dispatches: Dispatches) -> None:
    made = handed_over(dispatches)
    dispatches.freeze(made, ["z@example.net"])
    assert [row.unit for row in dispatches.rows(made.id, State.PENDING)] == ["z@example.net"]


def test_deliveries_are_found_by_state_channel_and_unit(dispatches: Dispatches) -> None:
    made = handed_over(dispatches)
    row = next(dispatches.rows(made.id, State.PENDING))
    dispatches.write([replace(row, state=State.FAILED, error="no such mailbox")])
    ((dispatch, failed),) = dispatches.find([State.FAILED])
    assert (dispatch.artifact, failed.error) == ("1.letter", "no such mailbox")
    assert not list(dispatches.find([State.FAILED], ["x"]))
    assert not list(dispatches.find([State.FAILED], ["email"], ["b@example.net"]))
    assert len(list(dispatches.find([State.PENDING, State.FAILED], ["email"]))) == 3
