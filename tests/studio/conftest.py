"""A newsroom with one article and a thread for the fake X, and the studio open on it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.engine.conftest import SETTINGS, Desk
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


@dataclass
class Open:
    """The studio, running: its address without the token, the token, and its process."""

    base: str
    token: str
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"{self.base}/?token={self.token}"

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Somebody who has come in."""
        with httpx.Client(base_url=self.base, follow_redirects=True, timeout=20) as client:
            assert client.get(f"/?token={self.token}").status_code == 200
            yield client


@contextmanager
def studio(root: Path, *words: str) -> Iterator[Open]:
    """`syndicate review` in a process of its own."""
    words = words or ("review",)
    command = [sys.executable, "-m", "syndicate", *words, "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "SYNDICATE_USER": "Ines"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    url = urlsplit(process.stdout.readline().strip())
    token = parse_qs(url.query).get("token", [""])[0]
    base = f"{url.scheme}://{url.netloc}"
    try:
        for _ in range(100):
            try:
                httpx.get(base, timeout=5)
                break
            except httpx.TransportError:
                continue
        yield Open(base, token, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[x.X]:
    for name, value in x.SECRETS.items():
        monkeypatch.setenv(name, value)
    with x.X() as platform:
        yield platform


@pytest.fixture
def desk(tmp_path: Path, platform: x.X) -> Desk:
    root = tmp_path / "newsroom"
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    desk = Desk(root)
    for name, toml in CHANNELS.items():
        desk.channel(name, toml.replace("{api}", platform.url))
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    return desk


@pytest.fixture
def opened(desk: Desk) -> Iterator[Open]:
    with studio(desk.root) as opened:
        yield opened


def field(html: str, name: str) -> str:
    """The value of the first hidden field called `name`."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]
