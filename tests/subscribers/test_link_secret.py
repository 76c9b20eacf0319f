"""The links in mail from any checkout work at every other one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import CredentialsError, UsageError
from syndicate.ledger.database import Database
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.subscribers import Audience, Entry, Subscribers
from syndicate.subscribers.link_secret import LinkSecret, SecretOnTrial
from syndicate.subscribers.signing_secrets import OLD_VARIABLE, VARIABLE

PAGE = "https://gazette.example.org/unsubscribe/"
ANN = Entry("email", "ann@example.net")
ONE, TWO = "the secret of one machine", "the secret of another one"


@pytest.fixture
def ledger(ledger_url: str, tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(ledger_url, tmp_path)) as opened:
        Subscribers(opened.database, tmp_path).put([ANN], "test")
        yield opened


def signed(database: Database, state: Path) -> str:
    """The token in a mail that the checkout with this `state` sends to Ann."""
    (ann,) = Audience(Subscribers(database, state), "email", PAGE).active()
    return ann.unsubscribe_url.partition("?t=")[2]


def known(database: Database, state: Path, token: str) -> bool:
    """Whether `serve` in the checkout with this `state` knows the link, after it has started."""
    LinkSecret(database, state).share()
    store = Subscribers(database, state)
    store.check_secret()
    return store.behind(token) is not None


def test_a_second_checkout_signs_what_the_first_one_knows(ledger: Ledger, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    first, second = signed(ledger.database, one), signed(ledger.database, two)
    assert first == second
    assert (one / "secret").read_text() == (two / "secret").read_text()
    assert all(known(ledger.database, state, second) for state in (one, two, tmp_path / "three"))


@pytest.mark.parametrize("mails_first", ["one", "two"])
def test_links_that_checkouts_signed_with_secrets_of_their_own_work_everywhere(
    ledger: Ledger, tmp_path: Path, mails_first: str
) -> None:
    """Releases before this one did that."""
    other = {"one": "two", "two": "one"}[mails_first]
    before = {}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret").write_text(f"the secret of checkout {name}")
        unconnected = tmp_path / f"{name}.sqlite"
        with closing(open_ledger(str(unconnected), tmp_path)) as alone:
            Subscribers(alone.database, tmp_path / name).put([ANN], "test")
            before[name] = signed(alone.database, tmp_path / name)
    assert before["one"] != before["two"]
    signed(ledger.database, tmp_path / mails_first)
    signed(ledger.database, tmp_path / other)
    for state in ("one", "two", "three"):
        for token in before.values():
            assert known(ledger.database, tmp_path / state, token)


def test_links_go_on_working_when_the_secret_is_rotated(ledger: Ledger, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    tokens = [signed(ledger.database, one)]
    running = Subscribers(ledger.database, two)  # `serve`, all the time
    running.check_secret()
    for state in (one, two):
        LinkSecret(ledger.database, state).rotate("ann")
        tokens.append(signed(ledger.database, one))
        running.check_secret()
        assert all(running.behind(token) for token in tokens)
    assert len(set(tokens)) == 3
    events = [event for event in ledger.events.newest() if event.what == "new secret"]
    assert [event.who for event in events] == ["ann", "ann"]


def test_a_secret_in_the_environment_is_not_written_down(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, ONE)
    token = signed(ledger.database, tmp_path / "one")
    assert known(ledger.database, tmp_path / "two", token)
    assert not list(tmp_path.rglob("secret"))
    database = tmp_path.rglob("*.sqlite*")
    assert not any(ONE.encode() in file.read_bytes() for file in database)


@pytest.mark.parametrize("here", [None, TWO])
def test_without_the_secret_in_the_environment_of_others_nothing_is_signed_or_served(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str | None
) -> None:
    monkeypatch.setenv(VARIABLE, ONE)
    first = signed(ledger.database, tmp_path / "one")
    monkeypatch.setenv(VARIABLE, here) if here else monkeypatch.delenv(VARIABLE)
    two = tmp_path / "two"
    for refused in (
        lambda: signed(ledger.database, two),
        Subscribers(ledger.database, two).check_secret,
        LinkSecret(ledger.database, two).permit,
        SecretOnTrial(ledger.database, two).permit,
    ):
        with pytest.raises(CredentialsError) as error:
            refused()
        assert f"another secret ({VARIABLE} on " in str(error.value)
        assert error.value.hint == (
            f"set {VARIABLE} to the same value here; if it is lost: syndicate secret adopt"
        )
    assert LinkSecret(ledger.database, two).adopt("ann")
    assert not LinkSecret(ledger.database, two).adopt("ann")
    assert signed(ledger.database, two) != first
    monkeypatch.setenv(VARIABLE, ONE)
    with pytest.raises(CredentialsError):
        signed(ledger.database, tmp_path / "one")


def test_a_variable_on_one_machine_does_not_replace_the_secret_of_all(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signed(ledger.database, tmp_path / "one")
    monkeypatch.setenv(VARIABLE, TWO)
    two = tmp_path / "two"
    with pytest.raises(CredentialsError) as error:
        signed(ledger.database, two)
    assert error.value.hint == (
        f"unset {VARIABLE} here; or, to use it on every machine: syndicate secret adopt"
    )
    assert known(ledger.database, two, token)
    LinkSecret(ledger.database, two).adopt("ann")
    assert signed(ledger.database, two) != token
    assert known(ledger.database, two, token), "links of the secret before go on working"


def test_a_secret_in_the_environment_is_rotated_by_naming_the_one_before(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, ONE)
    first = signed(ledger.database, tmp_path / "one")
    with pytest.raises(UsageError, match=VARIABLE):
        LinkSecret(ledger.database, tmp_path / "one").rotate("ann")
    monkeypatch.setenv(VARIABLE, TWO)
    monkeypatch.setenv(OLD_VARIABLE, f"{ONE}\n")
    second = signed(ledger.database, tmp_path / "one")
    assert first != second
    assert all(known(ledger.database, tmp_path / "two", token) for token in (first, second))


def test_a_rehearsal_records_nothing(ledger: Ledger, tmp_path: Path) -> None:
    database, state = ledger.database, tmp_path / "laptop"
    store = Subscribers(database, state, SecretOnTrial(database, state))
    assert list(Audience(store, "email", PAGE).active())
    token = signed(database, tmp_path / "server")
    assert known(database, tmp_path / "server", token)
    assert json.loads(ledger.facts.get("signing_secrets") or "") == [
        (tmp_path / "server" / "secret").read_text()
    ]
