"""The history of a ledger: who did what, with which bytes, and when; nothing is taken away."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from syndicate.engine.review.verdicts import approve_draft, reject_draft
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.subscribers import Status, Subscribers
from tests.engine.conftest import Desk, desk

__all__ = ["desk"]


def events(desk: Desk, *what: str) -> list[LedgerEvent]:
    """Newest first."""
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        return list(ledger.events.newest(what=what))  # type: ignore[arg-type]


def test_an_approval_stays_in_the_history_when_it_is_dropped(desk: Desk) -> None:
    desk.publish("social")
    newsroom = load_newsroom(desk.root, {})
    approved = approve_draft(newsroom, "ferry.txt", "Ines Okafor", note="fine")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    desk.publish("social")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        assert ledger.reviews() == ()
    fell, given = events(desk, "approved", "dropped")
    assert (given.who, given.name, given.digest) == ("Ines Okafor", "ferry.txt", approved.digest)
    assert given.note == "fine"
    assert (fell.what, fell.who, fell.digest) == ("dropped", "", approved.digest)
    assert fell.note == "approved by Ines Okafor; the draft was replaced"


def test_a_changed_mind_is_two_events(desk: Desk) -> None:
    desk.publish("social")
    newsroom = load_newsroom(desk.root, {})
    approve_draft(newsroom, "ferry.txt", "Ines Okafor")
    reject_draft(newsroom, "ferry.txt", "Ines Okafor", note="not yet")
    assert [one.what for one in events(desk, "approved", "rejected")] == ["rejected", "approved"]


def test_a_delivery_is_one_event_when_all_of_it_has_arrived(desk: Desk) -> None:
    desk.publish("single")
    told = {(one.name, one.note) for one in events(desk, "delivered")}
    assert told == {("ferry.txt", "file: 1 delivered"), ("tides.txt", "file: 1 delivered")}
    assert len(events(desk, "rendered")) == 2
    desk.publish("single")
    assert len(events(desk, "delivered", "rendered")) == 4


def test_who_is_suppressed_is_not_named(desk: Desk) -> None:
    """The history outlasts a wish to be forgotten."""
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        people = Subscribers(ledger.database, desk.root / ".syndicate")
        people.suppress("ann@example.net", Status.BOUNCED, "550 <ann@example.net> unknown")
    (told,) = events(desk, "suppressed")
    assert told.note == "bounced"
    assert told.name.isdigit()
    assert "ann@" not in str(told)


def test_they_are_read_a_page_at_a_time(tmp_path: Path) -> None:
    with closing(open_ledger("ledger.sqlite", tmp_path)) as ledger:
        for number in range(10):
            ledger.events.add(LedgerEvent("rendered", channel="rss", rendering=str(number)))
        with patch("syndicate.ledger.events.PAGE", 3):
            found = [one.rendering for one in ledger.events.newest(["rss"])]
        assert found == [str(number) for number in reversed(range(10))]
        assert list(ledger.events.newest(["pdf"])) == []


def test_the_command_shows_who_approved_what(desk: Desk) -> None:
    desk.publish("social")
    assert desk.command("drafts", "approve", "ferry.txt", "--by", "Ines Okafor").returncode == 0
    first, second = desk.command("history").stdout.splitlines()[:2]
    assert first.split() == ["TIME", "WHO", "WHAT", "CHANNEL", "NAME", "NOTE"]
    assert "Ines Okafor  approved" in second
    lines = desk.command("history", "--json", "--channels", "social").stdout.splitlines()
    told = [json.loads(line) for line in lines]
    assert [one["what"] for one in told] == ["approved", "rendered", "rendered"]
    assert desk.command("history", "--channels", "nowhere").returncode == 2
