"""Wrong passwords: how many are checked, and who is not kept out by them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from syndicate.serve.front import Addresses
from syndicate.studio.access import Access
from syndicate.studio.app import application
from syndicate.studio.sign_in import AT_ONCE, PER_ADDRESS, PER_NAME, WAITING, SignIn, ThrottledError
from tests.app_server import serving
from tests.engine.conftest import Desk

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "correct horse battery"
PEOPLE = {name: QUICK.hash(PASSWORD) for name in ("Ann", "Ben")}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Watched(Access):
    """Notes how many passwords are checked: in all, right now, and at once at most."""

    counts: list[int] = field(default_factory=lambda: [0, 0, 0])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def admits(self, name: str, password: str) -> bool:
        with self.lock:
            self.counts[0] += 1
            self.counts[1] += 1
            self.counts[2] = max(self.counts[1:])
        try:
            return super().admits(name, password)
        finally:
            with self.lock:
                self.counts[1] -= 1


async def tried(
    sign_in: SignIn, name: str, password: str, client: str, browser: str | None = None
) -> bool | None:
    """Whether it lets the person in; None if it was not checked."""
    try:
        return await sign_in.admits(name, password, client, browser)
    except ThrottledError:
        return None


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def test_an_address_has_a_few_tries_whatever_the_names() -> None:
    async def work() -> None:
        clock = Clock()
        sign_in = SignIn(Access("Ines", PEOPLE), clock)
        same_network = [f"2001:db8:1:2::{number:x}" for number in range(PER_ADDRESS)]
        for number, client in enumerate(same_network):
            assert await tried(sign_in, f"name {number}", "guess", client) is False
        assert await tried(sign_in, "Ann", PASSWORD, "2001:db8:1:2::ffff") is None
        assert await tried(sign_in, "Ann", PASSWORD, "2001:db8:1:3::1") is True
        with pytest.raises(ThrottledError) as refused:
            await sign_in.admits("Ann", PASSWORD, "2001:db8:1:2::1", None)
        clock.now += refused.value.seconds
        assert await tried(sign_in, "Ann", PASSWORD, "2001:db8:1:2::1") is True

    run(work())


def test_a_name_has_a_few_tries_whatever_the_addresses() -> None:
    async def work() -> None:
        sign_in = SignIn(Access("Ines", PEOPLE), Clock())
        for number in range(PER_NAME):
            assert await tried(sign_in, "Ann", "guess", f"192.0.2.{number}") is False
        assert await tried(sign_in, "Ann", PASSWORD, "198.51.100.1") is None
        assert await tried(sign_in, "Ben", PASSWORD, "198.51.100.1") is True
        # Nobody is there of that name, and it is not told.
        for number in range(PER_NAME):
            assert await tried(sign_in, "Cleo", "guess", f"203.0.113.{number}") is False
        assert await tried(sign_in, "Cleo", "guess", "198.51.100.2") is None

    run(work())


def test_nobody_is_kept_out_of_a_browser_in_which_they_have_signed_in() -> None:
    access = Access("Ines", PEOPLE)
    cookie = access.browser("Ann")
    known = Access("Ines", PEOPLE).known_browser("Ann", cookie)  # also after a restart
    assert known
    for name, mark in (("Ben", cookie), ("Ann", cookie[:-1]), ("Ann", ""), ("Ann", "."),
                       ("Ann", "\u00e9." + "\u00e9" * 64), ("nobody", cookie)):  # fmt: skip
        assert access.known_browser(name, mark) is None
    changed = Access("Ines", {"Ann": QUICK.hash(PASSWORD)})
    assert changed.known_browser("Ann", cookie) is None

    async def work() -> None:
        sign_in = SignIn(access, Clock())
        for number in range(PER_NAME + 5):
            await tried(sign_in, "Ann", "guess", f"192.0.2.{number}")
        for _ in range(PER_ADDRESS + 5):
            await tried(sign_in, "Ben", "guess", "198.51.100.1")
        assert await tried(sign_in, "Ann", PASSWORD, "198.51.100.1") is None
        assert await tried(sign_in, "Ann", PASSWORD, "198.51.100.1", known) is True
        # A stolen cookie does not help to guess.
        answers = [await tried(sign_in, "Ann", "guess", "192.0.2.1", known) for _ in range(99)]
        assert answers.count(False) == PER_ADDRESS

    run(work())


def test_few_passwords_are_checked_at_once_and_few_wait() -> None:
    async def work() -> None:
        access = Watched("Ines", PEOPLE)
        sign_in = SignIn(access, Clock())
        many = (tried(sign_in, "Ann", "guess", f"192.0.{n}.1") for n in range(60))
        answers = await asyncio.gather(*many)
        checked, _, at_once = access.counts
        assert answers.count(False) == checked == AT_ONCE + WAITING
        assert answers.count(None) == 60 - checked
        assert at_once <= AT_ONCE
        assert await tried(sign_in, "Ben", PASSWORD, "198.51.100.1") is True

    run(work())


def test_right_passwords_do_not_count() -> None:
    async def work() -> None:
        sign_in = SignIn(Access("Ines", PEOPLE), Clock())
        for _ in range(3 * PER_NAME):
            assert await tried(sign_in, "Ann", PASSWORD, "192.0.2.1") is True

    run(work())


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.serve.guards._MOST_KEYS", 50)

    async def work() -> None:
        sign_in = SignIn(Access("Ines", PEOPLE), Clock())
        for number in range(120):
            await tried(sign_in, "x" * 1000 + str(number), "guess", f"192.0.{number}.1")
        for allowance in (sign_in._names, sign_in._addresses):
            assert len(allowance._left) == 50
            assert max(map(len, allowance._left)) <= 64

    run(work())


def test_an_unknown_name_takes_the_same_work() -> None:
    """The hash that stands in for it has the same parameters, and is never right."""
    access = Access("Ines", PEOPLE)
    known, stand_in = PEOPLE["Ann"], access._stand_in
    assert stand_in.rpartition("$")[0] == known.rpartition("$")[0]
    assert len(stand_in) == len(known)
    assert stand_in != known
    assert not access.admits("nobody", PASSWORD)


def test_the_page_says_when_to_try_again(desk: Desk) -> None:
    def app(port: int) -> Any:
        names = frozenset({f"127.0.0.1:{port}"})
        return application(desk.root, Access("Ines", PEOPLE), Addresses(names), "studio")

    with serving(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        right = {"name": "Ann", "password": PASSWORD}
        assert client.post("/enter", data=right).status_code == 303
        cookies = dict(client.cookies)
        client.cookies.clear()
        for _ in range(PER_ADDRESS):
            wrong = client.post("/enter", data={"name": "Ben", "password": "guess"})
            assert wrong.status_code == 401
        # An address that anyone can write changes nothing.
        elsewhere = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1"}
        throttled = client.post("/enter", data=right, headers=elsewhere)
        assert throttled.status_code == 429
        assert 0 < int(throttled.headers["retry-after"]) <= 60
        assert "Too many wrong passwords. Try again in 1 minute." in throttled.text
        assert "content-security-policy" in throttled.headers
        known = {"Cookie": f"studio-known={cookies['studio-known']}"}
        assert client.post("/enter", data=right, headers=known).status_code == 303
