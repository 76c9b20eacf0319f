"""The subscribers in SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.ledger.ledger import open_ledger
from syndicate.subscribers import Audience, Entry, Status, Subscribers
from syndicate.subscribers.links import subscriber_number_in

PAGE = "https://gazette.example.org/unsubscribe/"
ANN = Entry("email", "ann@example.net", {"name": "Ann"}, ("ferry", "tides"))
BEN = Entry("email", "ben@example.net")


@pytest.fixture
def store(ledger_url: str, tmp_path: Path) -> Iterator[Subscribers]:
    with closing(open_ledger(ledger_url, tmp_path)) as ledger:
        yield Subscribers(ledger.database, tmp_path)


def active(store: Subscribers, channel: str = "email") -> list[str]:
    return [one.address for one in Audience(store, channel, PAGE).active()]


def statuses(store: Subscribers, address: str) -> set[tuple[str, str]]:
    found = store.entries(None, None)
    return {(one.channel, one.status) for one in found if one.address == address}


def test_fields_and_tags_of_a_subscriber_reach_the_letter(store: Subscribers) -> None:
    assert store.put([ANN, BEN], "test") == 2
    ann, ben = Audience(store, "email", PAGE, "news@gazette.example.org").active()
    assert (ann.address, ann.fields) == ("ann@example.net", {"name": "Ann"})
    assert ann.tags == {"ferry", "tides"}
    assert ann.unsubscribe_url.startswith(PAGE + "?t=")
    assert ann.unsubscribe_mailto.startswith("mailto:news@gazette.example.org?subject=unsubscribe")
    assert ann.unsubscribe_url != ben.unsubscribe_url
    assert "ann" not in ann.unsubscribe_url


def test_a_second_import_updates_fields_and_reactivates_no_one(store: Subscribers) -> None:
    store.put([ANN, BEN], "test")
    store.unsubscribe("email", "ann@example.net", "one click")
    assert store.put([Entry("email", "ann@example.net", {"name": "Anne"}), BEN], "again") == 0
    assert active(store) == ["ben@example.net"]
    (ann,) = store.entries("email", Status.UNSUBSCRIBED)
    assert (ann.fields, ann.cause) == ({"name": "Anne"}, "one click")


def test_unsubscribing_is_for_one_channel_and_suppression_for_all(store: Subscribers) -> None:
    store.put([ANN, Entry("alerts", "ann@example.net")], "test")
    store.unsubscribe("email", "ann@example.net", "test")
    assert (active(store), active(store, "alerts")) == ([], ["ann@example.net"])
    store.suppress("ann@example.net", Status.COMPLAINED, "reported: abuse")
    assert active(store, "alerts") == []
    store.put([Entry("third", "ann@example.net")], "a list from somewhere")
    assert active(store, "third") == []
    assert statuses(store, "ann@example.net") == {
        ("email", "unsubscribed"),
        ("alerts", "complained"),
        ("*", "complained"),
        ("third", "active"),
    }


def test_a_person_can_activate_an_address_again(store: Subscribers) -> None:
    store.put([ANN], "test")
    store.suppress("ann@example.net", Status.BOUNCED, "5.1.1")
    store.activate("email", "ann@example.net", "by hand")
    assert active(store) == ["ann@example.net"]


def test_an_address_can_be_suppressed_before_it_subscribes(store: Subscribers) -> None:
    store.suppress("ann@example.net", Status.SUPPRESSED, "by hand")
    store.put([ANN], "test")
    assert active(store) == []


def test_a_removed_subscription_is_deleted(store: Subscribers) -> None:
    store.put([ANN], "test")
    assert store.remove("email", "ann@example.net")
    assert not store.remove("email", "ann@example.net")
    assert list(store.entries(None, None)) == []


def test_a_link_is_only_valid_for_its_own_subscription(store: Subscribers, tmp_path: Path) -> None:
    store.put([ANN, BEN], "test")
    tokens = {
        one.address: one.unsubscribe_url.partition("?t=")[2]
        for one in Audience(store, "email", PAGE).active()
    }
    ann, ben = tokens["ann@example.net"], tokens["ben@example.net"]
    found = store.behind(ann)
    assert found
    assert found.address == "ann@example.net"
    number, seal = ann.split(".")
    other = ben.split(".")[0]
    forged = [
        f"{other}.{seal}",
        f"{number}.{'A' * 22}",
        f"{number}.",
        number,
        "",
        ann[:-1],
        ann + "A",
        ann + " ",
        "-1." + seal,
        "9" * 30 + "." + seal,
        "١." + seal,
    ]
    for token in forged:
        assert store.behind(token) is None, token
    assert subscriber_number_in("12.x") == 12


def test_links_of_another_newsroom_are_invalid(tmp_path: Path) -> None:
    tokens = []
    for name in ("one", "two"):
        with closing(open_ledger("ledger.sqlite", tmp_path / name)) as ledger:
            store = Subscribers(ledger.database, tmp_path / name)
            store.put([ANN], "test")
            (person,) = Audience(store, "email", PAGE).active()
            tokens.append(person.unsubscribe_url)
            assert (tmp_path / name / "secret").stat().st_mode & 0o777 == 0o600
    assert tokens[0] != tokens[1]
