"""The subscribers in SQLite and PostgreSQL."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.ledger.ledger import open_ledger
from syndicate.subscribers import Audience, Entry, Status, Subscribers
from syndicate.subscribers.links import Signature
from syndicate.subscribers.signing_secrets import load_secrets
from syndicate.subscribers.spool import Spool

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


def test_an_export_shows_one_moment(store: Subscribers) -> None:
    store.put([ANN, BEN, replace(ANN, channel="alerts")], "test")
    with store.with_fields("email", Status.ACTIVE) as (fields, entries):
        store.put([Entry("email", "zoe@example.net", {"town": "Köln"})], "meanwhile")
        assert fields == ["name"]
        assert [one.address for one in entries] == ["ann@example.net", "ben@example.net"]


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


def test_people_are_listed_in_the_order_in_which_one_looks_for_them(store: Subscribers) -> None:
    names = ["Zoe", "ann", "Ben", "ANN", "cal"]
    channels = ("email", "alerts")
    store.put([Entry(one, f"{name}@example.net") for one in channels for name in names], "test")
    listed = [one.address.partition("@")[0] for one in store.alphabetical("email", None)]
    assert listed == ["ANN", "ann", "Ben", "cal", "Zoe"]
    everybody = [(one.channel, one.address) for one in store.alphabetical(None, Status.ACTIVE)]
    assert [channel for channel, _ in everybody] == ["alerts"] * 5 + ["email"] * 5
    assert sorted(everybody) == [(one.channel, one.address) for one in store.entries(None, None)]


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
    number, channel, seal = ann.split(".")
    other = ben.split(".")[0]
    forged = [
        f"{other}.{channel}.{seal}",
        f"{number}.YWxlcnRz.{seal}",
        f"{number}.%.{seal}",
        f"{number}.{channel}.{channel}.{seal}",
        f"{number}.{'A' * 22}",
        f"{number}.",
        number,
        "",
        ann[:-1],
        ann + "A",
        ann + " ",
        f"-1.{channel}.{seal}",
        f"{'9' * 30}.{channel}.{seal}",
        f"١.{channel}.{seal}",
    ]
    for token in forged:
        assert store.behind(token) is None, token


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


def old_token(store: Subscribers, state: Path, address: str, channel: str = "email") -> str:
    """A token as releases before 0.2 signed it."""
    key = hashlib.sha256(b"syndicate unsubscribe\0" + load_secrets(state)[0].encode()).digest()
    number = next(n for n, one in store.active(channel) if one.address == address)
    mac = hmac.digest(key, f"{number}\0{channel}\0{address}".encode(), "sha256")[:16]
    return f"{number}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def test_links_in_mails_of_older_releases_still_work(store: Subscribers, tmp_path: Path) -> None:
    store.put([ANN, replace(ANN, channel="alerts")], "test")
    found = store.behind(old_token(store, tmp_path, ANN.address))
    assert found
    assert (found.channel, found.address) == (ANN.channel, ANN.address)


def test_a_link_is_for_its_channel_alone(store: Subscribers, tmp_path: Path) -> None:
    store.put([ANN, replace(ANN, channel="alerts")], "test")
    (person,) = Audience(store, "alerts", PAGE).active()
    token = person.unsubscribe_url.partition("t=")[2]
    found = store.behind(token)
    assert found
    assert found.channel == "alerts"
    store.remove("alerts", ANN.address)
    assert store.behind(token) is None


def test_a_spooled_request_is_carried_out_once(store: Subscribers, tmp_path: Path) -> None:
    store.put([ANN], "test")
    spool, signature = Spool(tmp_path), Signature(tmp_path)
    (person,) = Audience(store, ANN.channel, PAGE).active()
    token = person.unsubscribe_url.partition("t=")[2]
    assert spool.put(token, "one click", signature)
    (file,) = (tmp_path / "unsubscribed").iterdir()
    kept = file.read_bytes()
    store.apply_spooled()
    assert not list(Audience(store, ANN.channel, PAGE).active())
    assert not file.exists()
    # Killed before the file was removed, and Ann asked to be subscribed again since.
    file.write_bytes(kept.replace(b'"at": "2', b'"at": "1'))
    store.activate(ANN.channel, ANN.address, "by hand")
    store.apply_spooled()
    assert [one.address for one in Audience(store, ANN.channel, PAGE).active()] == [ANN.address]
    assert not file.exists()


def test_a_spooled_request_waits_for_its_secret(
    store: Subscribers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put([ANN], "test")
    monkeypatch.setenv("SYNDICATE_SECRET", "the secret of serve, long enough")
    token = old_token(store, tmp_path, ANN.address)
    assert Spool(tmp_path).put(token, "one click", Signature(tmp_path))
    monkeypatch.delenv("SYNDICATE_SECRET")
    store.apply_spooled()
    assert len(list(store.active(ANN.channel))) == 1
    monkeypatch.setenv("SYNDICATE_SECRET", "the secret of serve, long enough")
    Subscribers(store._database, tmp_path).apply_spooled()
    assert not list(store.active(ANN.channel))


def test_a_forged_request_is_not_spooled_or_not_carried_out(
    store: Subscribers, tmp_path: Path
) -> None:
    store.put([ANN], "test")
    token = old_token(store, tmp_path, ANN.address)
    spool, signature = Spool(tmp_path), Signature(tmp_path)
    assert not spool.put(f"1.ZW1haWw.{'A' * 33}", "one click", signature)
    assert not spool.put("1", "one click", signature)
    assert spool.put(token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "one click", signature)
    store.apply_spooled()
    assert len(list(store.active(ANN.channel))) == 1
    assert not list((tmp_path / "unsubscribed").iterdir())
