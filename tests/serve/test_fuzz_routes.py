"""Whatever is sent to the unsubscribe page: it answers, never with an error of its own. A second
in the suite, a minute in the slow tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve.app import application
from syndicate.serve.leaving import LeavingDesk
from syndicate.subscribers import Audience, Entry, Subscribers
from tests.asgi import Asked, Asking, asking, requests
from tests.engine.conftest import make_desk

MINUTE = 60.0
PAGE = "https://gazette.example.org/unsubscribe/"
PATHS = ("/unsubscribe/", "/unsubscribe/?t={}", "/unsubscribe/{}", "/health", "/{}")
HEADERS = (b"host", b"cookie", b"origin", b"range", b"x-forwarded-for", b"content-length", b"te")


@pytest.fixture
def asked_page(
    tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Asking, str]]:
    """The page on either database, and a valid token of it."""
    monkeypatch.setattr("syndicate.serve.app.PER_MINUTE", 1 << 40)
    newsroom = load_newsroom(make_desk(tmp_path / "newsroom", ledger_url).root, {})
    with (
        closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger,
        closing(LeavingDesk(newsroom)) as leaving,
    ):
        store = Subscribers(ledger.database, newsroom.state)
        store.put([Entry("email", "ann@example.net")], "test")
        (ann,) = Audience(store, "email", PAGE).active()
        with asking(application(newsroom, leaving)) as page:
            yield page, ann.unsubscribe_url.partition("t=")[2]


def attack(page: Asking, token: str, examples: int) -> None:
    """Send so many requests, some with a token that is nearly valid."""
    near = st.tuples(st.integers(0, len(token)), st.text(max_size=3)).map(
        lambda cut: token[: cut[0]] + cut[1] + token[cut[0] + 1 :]
    )
    numbers = st.integers(-(1 << 80), 1 << 80).map(lambda number: f"{number}.{token[-20:]}")

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(asked=requests(PATHS, ("t", "List-Unsubscribe"), HEADERS), odd=st.one_of(near, numbers))
    def attempt(asked: Asked, odd: str) -> None:
        assert page.ask(asked)[0] < 500, asked
        path = b"/unsubscribe/?t=" + odd.encode("utf-8", "replace").replace(b" ", b"+")
        for method in ("GET", "POST"):
            assert page.ask(Asked(method, path, ()))[0] in (200, 404), path

    attempt()


def test_no_request_breaks_the_page(asked_page: tuple[Asking, str]) -> None:
    attack(*asked_page, 15)


@pytest.mark.slow
def test_no_request_breaks_the_page_for_a_minute(asked_page: tuple[Asking, str]) -> None:
    began = time.process_time()
    while time.process_time() - began < MINUTE:
        attack(*asked_page, 200)
