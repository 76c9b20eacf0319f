"""Every courier in the registry passes the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from syndicate.couriers import COURIERS, courier_class
from syndicate.testing import CourierContract
from tests.couriers.social.thread import draft
from tests.platforms import PLATFORMS
from tests.sink import Sink

ELSEWHERE = {"websub"}  # only takes feeds: tests/couriers/test_websub.py


@pytest.fixture(params=sorted(COURIERS.keys() - ELSEWHERE))
def chosen(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Each courier in turn."""
    test = request.cls
    test.courier = courier_class(request.param, tmp_path)
    test.options, test.unit, test.media_type = {}, "a.txt", "text/plain"
    test.content, test.other = b"words", b"other words"
    with ExitStack() as stack:
        if request.param == "fsspec":
            test.options = {"url": f"file://{tmp_path}/store"}
        if request.param == "smtp":
            sink = stack.enter_context(Sink())
            test.options = {
                "host": "127.0.0.1",
                "port": sink.port,
                "security": "none",
                "to": ["reader@example.net"],
                "from": "desk@example.org",
            }
            test.unit, test.media_type = "reader@example.net", "application/epub+zip"
        if platform := PLATFORMS.get(request.param):
            server = stack.enter_context(platform.server())
            test.options = {platform.place: server.url, **platform.options}
            test.unit, test.media_type = "01", "text/markdown"
            test.content = draft(images=())
            test.other = draft(images=(), posts=("Other words.",))
            for name, value in platform.secrets.items():
                monkeypatch.setenv(name, value)
        yield


@pytest.mark.usefixtures("chosen")
class TestCouriers(CourierContract):
    pass
