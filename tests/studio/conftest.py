"""A newsroom with one article and a thread for the fake X server, opened in the studio."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.types import ASGIApp

from syndicate.serve.front import Addresses
from syndicate.studio.access import Access
from syndicate.studio.app import application
from tests import waiting
from tests.app_server import serving
from tests.engine.conftest import SETTINGS, Desk, loaded
from tests.platforms import x

ARTICLE = """\
---
title: The night ferry returns
summary: After eleven years a ship sails to the islands by night again.
---

Fares rise by 15% from Friday. “We waited too long,” said harbour master Marit Vane.

The ferry carried 70,000 people in its last year, more than in any before it.
"""
CHANNELS = {
    "rss": "",
    "email": "",
    "x": 'review = true\n[deliver]\nvia = "x"\napi = "{api}"\n',
}


NO_BROWSER = ("--no-browser",)
__all__ = ["loaded"]


@dataclass
class Open:
    """A running studio: its address without the token, and the token."""

    base: str
    token: str

    @property
    def url(self) -> str:
        return f"{self.base}/?token={self.token}"

    def visitor(self) -> httpx.Client:
        """A client that is not signed in."""
        return Client(base_url=self.base, follow_redirects=True, timeout=waiting.LIMIT)

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """A client that is signed in."""
        with self.visitor() as client:
            assert client.get(f"/?token={self.token}").status_code == 200
            yield client


class Client(httpx.Client):
    """An HTTP client that names the request if it gets no answer."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        with waiting.waiting_for(f"an answer to {request.method} {request.url}"):
            return super().send(request, **options)


@dataclass
class Started(Open):
    """A studio in a process of its own."""

    process: waiting.Running


@contextmanager
def studio(root: Path, *words: str) -> Iterator[Started]:
    """`syndicate review` in a process of its own."""
    words = words or ("review",)
    command = [sys.executable, "-m", "syndicate", *words, "--port", "0", *NO_BROWSER]
    environment = {**os.environ, "SYNDICATE_USER": "Ines"}
    with waiting.Running(command, cwd=root, env=environment) as process:
        url = urlsplit(process.line("the studio's address").strip())
        token = parse_qs(url.query).get("token", [""])[0]
        try:
            yield Started(f"{url.scheme}://{url.netloc}", token, process)
        finally:
            process.send_signal(signal.SIGTERM)
            stderr = process.ended().stderr
            assert "Traceback" not in stderr, stderr


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[x.X]:
    for name, value in x.SECRETS.items():
        monkeypatch.setenv(name, value)
    with x.X() as platform:
        yield platform


@pytest.fixture
def desk(tmp_path: Path, platform: x.X) -> Desk:
    return studio_desk(tmp_path / "newsroom", platform.url)


def studio_desk(root: Path, api: str) -> Desk:
    """A newsroom in `root` that posts to X at `api`."""
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    desk = Desk(root)
    for name, toml in CHANNELS.items():
        desk.channel(name, toml.replace("{api}", api))
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    return desk


@pytest.fixture
def opened(desk: Desk, caplog: pytest.LogCaptureFixture) -> Iterator[Open]:
    """The pages that `review` opens for Ines, served from a thread of this process."""
    access = Access("Ines")

    def make(port: int) -> ASGIApp:
        addresses = Addresses(frozenset({f"127.0.0.1:{port}"}))
        return application(desk.root, access, addresses, "studio")

    with serving(make) as port:
        yield Open(f"http://127.0.0.1:{port}", access.token)
    assert "Traceback" not in caplog.text


def field(html: str, name: str) -> str:
    """The value of the first hidden field called `name`."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]
