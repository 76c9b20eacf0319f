"""The hub is notified of every change of a feed, once, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.jsonfeed import JSONFeed
from syndicate.adapters.feeds.rss import RSS
from syndicate.couriers import Delivery
from syndicate.couriers.websub import WebSubCourier
from syndicate.errors import DeliveryError, RefusedError
from syndicate.ledger.dispatch import State
from syndicate.testing.faults import HOW, Faults
from syndicate.testing.settling import desk
from tests.adapters.feeds.feeds import edition, files
from tests.adapters.feeds.test_history import Desk
from tests.articles import article
from tests.serving import serving


class Hub(HTTPServer):
    """A hub on this machine that answers with `status`."""

    def __init__(self) -> None:
        self.heard: list[dict[str, list[str]]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), HubHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class HubHandler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(parse_qs(body.decode()))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    with serving(server):
        yield server


def delivery(tmp_path: Path, kind: type[RSS | Atom | JSONFeed], hub: str | None) -> Delivery:
    feed = kind.model_validate({"hub": hub})
    artifact = files(feed, edition(article()))[feed.file]
    path = tmp_path / "bytes"
    path.write_bytes(artifact.content)
    name = artifact.name
    return Delivery("feed", name, artifact.media_type, artifact.digest, path, artifact=name)


@pytest.mark.parametrize("kind", [RSS, Atom, JSONFeed])
def test_the_hub_is_notified(tmp_path: Path, hub: Hub, kind: type[RSS | Atom | JSONFeed]) -> None:
    one = delivery(tmp_path, kind, hub.url)
    courier = WebSubCourier()
    assert list(courier.addresses(one, ())) == [one.artifact]
    committed = list[int]()
    receipt = courier.deliver(one, lambda: committed.append(len(hub.heard)))
    assert committed == [0]
    topic = f"https://gazette.example.org/feed/{one.artifact}"
    assert receipt.url == topic
    assert hub.heard == [{"hub.mode": ["publish"], "hub.url": [topic], "hub.topic": [topic]}]


def test_feeds_without_a_hub_and_pictures_are_skipped(tmp_path: Path) -> None:
    assert not list(WebSubCourier().addresses(delivery(tmp_path, RSS, None), ()))
    picture = Delivery("feed", "a.jpg", "image/jpeg", "", tmp_path / "none", artifact="a.jpg")
    assert not list(WebSubCourier().addresses(picture, ()))


@pytest.mark.parametrize(("status", "error"), [(503, DeliveryError), (404, RefusedError)])
def test_the_answer_of_the_hub_decides_the_error(
    tmp_path: Path, hub: Hub, status: int, error: type[DeliveryError]
) -> None:
    hub.status = status
    with pytest.raises(error, match=str(status)) as raised:
        WebSubCourier().deliver(delivery(tmp_path, RSS, hub.url), lambda: None)
    assert type(raised.value) is error


def test_redirects_are_not_followed(tmp_path: Path, hub: Hub) -> None:
    hub.status = 302
    with pytest.raises(RefusedError, match="302"):
        WebSubCourier().deliver(delivery(tmp_path, RSS, hub.url), lambda: None)
    assert len(hub.heard) == 1


def test_a_hub_that_is_down_is_tried_again_later(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="cannot be reached"):
        WebSubCourier().deliver(delivery(tmp_path, RSS, "http://127.0.0.1:1/"), lambda: None)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_whatever_fails_the_hub_is_notified_in_the_end(
    tmp_path: Path, hub: Hub, after: bool
) -> None:
    """It may be notified again: it fetches the feed, and passes on what has changed."""
    for how, at in product(HOW, (1, 3)):
        hub.heard.clear()
        with desk(delivery(tmp_path, RSS, hub.url), tmp_path) as at_desk:
            faults = Faults(at, how, after, tmp_path)
            with faults.injected():
                states = at_desk.run(WebSubCourier())
            assert states.keys() <= {State.PENDING, State.DELIVERED}, faults
            assert not states[State.DELIVERED] or hub.heard, faults
            for _ in range(2):
                assert at_desk.run(WebSubCourier()) == {State.DELIVERED: 1}, faults
            assert 1 <= len(hub.heard) <= 2, faults


def test_each_change_sends_one_notice(tmp_path: Path, hub: Hub) -> None:
    channel = f'hub = "{hub.url}"\n[[deliver]]\n[[deliver]]\nvia = "websub"\n'
    news = Desk(tmp_path / "news", rss=channel)
    news.write("a", "2026-01-10T12:00:00Z")
    news.publish()
    news.publish()
    assert len(hub.heard) == 1
    news.write("b", "2026-02-10T12:00:00Z")
    news.publish()
    assert len(hub.heard) == 2
