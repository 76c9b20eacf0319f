"""What the ledger can tell of the past, and what people put right in it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.engine import history
from syndicate.errors import UsageError
from syndicate.ledger.dispatch import State
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import Desk
from tests.engine.mailing import mail_desk
from tests.ledger.taking import become
from tests.sink import Sink


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


@pytest.fixture
def doubtful(desk: Desk) -> Desk:
    """Two files were delivered; of one nobody knows whether it arrived. A draft waits."""
    desk.publish("single", "social")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        rows = {row.unit: row for _, row in ledger.dispatches.find([State.DELIVERED])}
        doubt = replace(rows["ferry.txt"], state=State.UNCERTAIN, error="cut off")
        become(ledger, doubt)
    return desk


def test_how_each_channel_is_doing(doubtful: Desk) -> None:
    told = {one.channel: one for one in history.status(newsroom(doubtful))}
    assert (told["single"].uncertain, told["single"].failed, told["single"].waiting) == (1, 0, 0)
    assert told["single"].last
    assert (told["social"].waiting, told["social"].uncertain) == (2, 0)
    assert told["numbered"].last is None
    assert told["single"].next is None


def test_the_last_delivery_is_not_what_was_rendered_last(tmp_path: Path) -> None:
    with Sink() as sink:
        desk = mail_desk(tmp_path / "newsroom", sink.port, "most = 1\n")
        desk.subscribe(2)
        sink.answers["CONNECT"] = "421 4.3.2 later"
        desk.publish()
        assert [one.last for one in history.status(newsroom(desk))] == [None], "nothing has arrived"
        sink.answers.clear()
        for state in (State.PENDING, None):
            desk.publish()
            with closing(open_ledger(desk.ledger, desk.root)) as ledger:
                rows = [row for _, row in ledger.dispatches.find([State.DELIVERED])]
                last = replace(max(rows, key=lambda row: row.at or ""), at="2030-01-01T00:00:00Z")
                if state:
                    become(ledger, last)
            ((told,),) = [[one.last for one in history.status(newsroom(desk))]]
            assert (told == "2030-01-01T00:00:00Z") is bool(state)
            assert told


def test_deliveries_and_the_log_by_channel(doubtful: Desk) -> None:
    ((dispatch, row),) = history.delivery_history(newsroom(doubtful), [State.UNCERTAIN], ())
    assert (dispatch.channel, row.unit) == ("single", "ferry.txt")
    assert not list(history.delivery_history(newsroom(doubtful), [State.UNCERTAIN], ("rolling",)))
    assert len(history.dispatch_history(newsroom(doubtful), 10, ("single",))) == 2
    assert not history.dispatch_history(newsroom(doubtful), 10, ("rolling",))


def settle(desk: Desk, chosen: history.Chosen, state: State) -> int:
    """Record what somebody found out."""
    return history.settle_deliveries(newsroom(desk), chosen, state)


def test_somebody_says_what_became_of_it(doubtful: Desk) -> None:
    with pytest.raises(UsageError, match="neither uncertain nor failed"):
        settle(doubtful, history.Chosen(units=("tides.txt",)), State.DELIVERED)
    assert settle(doubtful, history.Chosen(), State.DELIVERED) == 1
    ((_, row),) = (
        pair
        for pair in history.delivery_history(newsroom(doubtful), [State.DELIVERED], ())
        if pair[1].unit == "ferry.txt"
    )
    assert "settled by hand" in str(row.error)
    assert settle(doubtful, history.Chosen(), State.DELIVERED) == 0


def test_it_is_sent_again_if_they_say_so(doubtful: Desk) -> None:
    settle(doubtful, history.Chosen(("single",), units=("ferry.txt",)), State.PENDING)
    (doubtful.root / "out" / "single" / "ferry.txt").unlink()
    doubtful.publish("single")
    assert "out/single/ferry.txt" in doubtful.files()


@pytest.mark.parametrize("again", [False, True])
def test_an_edition_says_how_many_it_reached(desk: Desk, again: bool) -> None:
    desk.publish("numbered")
    if again:
        desk.publish("numbered", reissue=True)
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        notes = [one.note for one in ledger.events.newest(what=["delivered"])]
    assert notes == ["file: 1 delivered"]


def test_pictures_that_were_removed_one_after_the_other_are_one_line(desk: Desk) -> None:
    events = [
        LedgerEvent(
            "removed", "", "site", "1", f"media/{n}.png", "", f"withdrawn: out/media/{n}.png"
        )
        for n in range(30)
    ]
    desk.publish("single")
    page = LedgerEvent("removed", "", "site", "1", "1.html", "", "withdrawn: out/1.html")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        for event in (page, *events, page, events[0]):
            ledger.events.add(event)
    lines = desk.command("history", "-n", "4").stdout.splitlines()
    assert ["media/0.png" in lines[1], "1.html" in lines[2], "1.html" in lines[4]] == [True] * 3
    assert "30 pictures" in lines[3]
    assert "withdrawn" in lines[3]
    assert len(desk.command("history", "-n", "40", "--json").stdout.splitlines()) >= 33
