"""Whatever a browser, or what pretends to be one, sends to the studio: it answers, and never with
an error of its own. A second in the suite, a minute for each route in the slow tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.serve.front import Addresses
from syndicate.studio.access import Access
from syndicate.studio.app import application
from tests.asgi import Asked, Asking, asking, requests
from tests.engine.conftest import Desk

MINUTE = 60.0
HOST = "127.0.0.1:8026"
READ = (
    *("/", "/articles/{}", "/articles/ferry/{}", "/articles/{}/{}/{}/frame"),
    *("/articles/ferry/rss/{}/{}.png", "/articles/ferry/email/0/frame", "/drafts/{}"),
    *("/drafts/ferry.x/pictures/{}", "/drafts/{}/letter", "/plan", "/plan/changes", "/deliveries"),
    *("/publishing", "/publishing/events", "/live", "/font/{}", "/static/{}", "/{}"),
)
WRITE = (
    *("/drafts/ferry.x", "/drafts/{}", "/drafts/ferry.x/count", "/drafts/{}/count"),
    *("/drafts/{}/approve", "/drafts/ferry.x/reject", "/drafts/{}/close", "/deliveries"),
)
ENTER = ("/enter", "/", "/?token={}")
ROUTES = {"read": READ, "write": WRITE, "enter": ENTER}
FIELDS = (
    *("sheet", "channel", "unit", "seen", "before", "page", "theme", "width", "at", "frame"),
    *("do", "confirm", "stale", "digest", "note", "post", "alt", "schedule", "as", "artifact"),
    *("csrf", "token", "name", "password", "q", "next"),
)
HEADERS = (b"accept", b"accept-language", b"range", b"if-none-match", b"if-modified-since")
GUARDED = (*HEADERS, b"cookie", b"origin", b"host", b"referer", b"x-forwarded-for", b"hx-request")


@dataclass
class Studio:
    """The studio as it is asked; `session` is that of an editor who is signed in."""

    asking: Asking
    access: Access
    session: str

    def signed_in(self, asked: Asked) -> Asked:
        """The same request from that editor's browser."""
        headers = (
            (b"host", HOST.encode()),
            (b"cookie", f"studio={self.session}".encode()),
            (b"origin", f"http://{HOST}".encode()),
        )
        form = f"csrf={self.access.csrf(self.session)}&".encode()
        return replace(asked, headers=(*headers, *asked.headers), body=form + asked.body)


@pytest.fixture
def studio(desk: Desk) -> Iterator[Studio]:
    access = Access("Ines")
    with asking(application(desk.root, access, Addresses(frozenset({HOST})), "studio")) as asked:
        yield Studio(asked, access, access.session("Ines"))


def attack(studio: Studio, kind: str, examples: int) -> None:
    """Send so many requests to the routes of `kind`."""
    guarded = GUARDED if kind == "enter" else HEADERS

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(asked=requests(ROUTES[kind], FIELDS, guarded), is_signed_in=st.booleans())
    def attempt(asked: Asked, is_signed_in: bool) -> None:
        if kind != "enter" or is_signed_in:
            asked = studio.signed_in(asked)
        if kind == "write":
            asked = replace(asked, method="POST")
        status, _ = studio.asking.ask(asked)
        assert status < 500, asked

    attempt()


@pytest.mark.parametrize("kind", ROUTES)
def test_no_request_breaks_the_studio(studio: Studio, kind: str) -> None:
    attack(studio, kind, 25)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROUTES)
def test_no_request_breaks_the_studio_for_a_minute(studio: Studio, kind: str) -> None:
    began = time.process_time()
    while time.process_time() - began < MINUTE:
        attack(studio, kind, 200)
