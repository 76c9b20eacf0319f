"""Every courier in the registry passes the contract suite."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from syndicate.couriers import COURIERS, Courier, courier_class
from syndicate.testing import CourierContract
from tests.couriers.social.thread import draft
from tests.platforms import PLATFORMS
from tests.platforms.platform import Platform
from tests.sink import Sink

ELSEWHERE = {"websub"}  # only takes feeds: tests/couriers/test_websub.py
_POSTS = ("The night ferry is back.", "Fares rise by 15%.")


@pytest.fixture(params=sorted(COURIERS.keys() - ELSEWHERE))
def chosen(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each courier in turn."""
    test = request.cls
    test.name, test.courier = request.param, courier_class(request.param, tmp_path)
    test.options, test.unit, test.media_type, test.artifact = {}, "a.txt", "text/plain", ""
    test.content, test.other = b"words", b"other words"
    if request.param == "smtp":
        test.unit, test.media_type = "reader@example.net", "application/epub+zip"
        test.artifact = "a.epub"
    if platform := PLATFORMS.get(request.param):
        test.unit, test.media_type, test.artifact = "01", "text/markdown", "ferry.md"
        test.content = draft(images=(), posts=_POSTS)
        test.other = draft(images=(), posts=("Other words.",))
        for name, value in platform.secrets.items():
            monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)  # between attempts


class EveryCourier(CourierContract):
    """The suite, with a destination of its own for each attempt."""

    name: ClassVar[str]
    there: ClassVar[Sink | Platform | None] = None

    @contextmanager
    def at_work(self) -> Iterator[tuple[Courier, Path]]:
        test = type(self)
        with ExitStack() as stack:
            test.there = None
            if self.name == "smtp":
                sink = test.there = stack.enter_context(Sink())
                test.options = {
                    "host": "127.0.0.1",
                    "port": sink.port,
                    "security": "none",
                    "to": ["reader@example.net"],
                    "from": "desk@example.org",
                    "wait": 0.01,
                    "retries": 1,
                    "timeout": 2,
                }
            if platform := PLATFORMS.get(self.name):
                server = test.there = stack.enter_context(platform.server())
                test.options = {platform.place: server.url, **platform.options}
            if self.name == "fsspec":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                test.options = {"url": f"file://{folder}/store"}
            yield stack.enter_context(super().at_work())

    def arrived(self) -> int | None:
        if isinstance(self.there, Sink):
            return len(self.there.mails)
        return len(self.there.posts) if self.there else None


@pytest.mark.usefixtures("chosen")
class TestCouriers(EveryCourier):
    pass


@pytest.mark.slow
@pytest.mark.usefixtures("chosen")
class TestEveryFault(EveryCourier):
    faults = range(1, 2000)
