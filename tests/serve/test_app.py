"""The unsubscribe page: what ends a subscription, and what never does."""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve.app import MOST_BYTES, PER_MINUTE, application
from syndicate.serve.leaving import LeavingDesk
from syndicate.subscribers import Audience, Entry, Subscribers
from tests.engine.conftest import make_desk

PAGE = "https://gazette.example.org/unsubscribe/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Site:
    """The application under test, its store, and the path of one subscriber's link."""

    client: TestClient
    store: Subscribers
    link: str

    def active(self) -> list[str]:
        return [entry.address for _, entry in self.store.active("email")]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    desk = make_desk(tmp_path / "newsroom")
    newsroom = load_newsroom(desk.root, {})
    with (
        closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger,
        closing(LeavingDesk(newsroom)) as leaving,
    ):
        store = Subscribers(ledger.database, newsroom.state)
        store.put([Entry("email", "ann@example.net"), Entry("email", "ben@example.net")], "test")
        ann, _ = Audience(store, "email", PAGE).active()
        client = TestClient(application(newsroom, leaving), "https://gazette.example.org")
        yield Site(client, store, ann.unsubscribe_url)


def test_one_click_unsubscribes(site: Site) -> None:
    done = site.client.post(site.link, data=ONE_CLICK)
    assert done.status_code == 200
    assert site.active() == ["ben@example.net"]
    (ann,) = [one for one in site.store.entries("email", None) if one.status != "active"]
    assert ann.cause == "one click"
    assert site.client.post(site.link, data=ONE_CLICK).status_code == 200


def test_a_person_is_asked_to_confirm(site: Site) -> None:
    page = site.client.get(site.link)
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "Gazette" in page.text
    assert "ann@" not in page.text
    done = site.client.post(site.link)
    assert "You are unsubscribed" in done.text
    assert site.active() == ["ben@example.net"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_only_a_post_unsubscribes(site: Site, method: str) -> None:
    site.client.request(method, site.link)
    assert len(site.active()) == 2


def test_a_forged_link_changes_nothing(site: Site) -> None:
    number, channel, seal = site.link.partition("?t=")[2].split(".")
    other = str(int(number) + 1)
    alerts = urlsafe_b64encode(b"alerts").decode()
    forged = (f"{other}.{channel}.{seal}", f"{number}.{channel}.{seal[::-1]}",
              f"{number}.{alerts}.{seal}", f"{number}.{seal[:22]}", f"{'9' * 18}.{'A' * 22}",
              "", "1", "x" * 3000, "%00", "../..")  # fmt: skip
    for token in forged:
        for method in ("GET", "POST"):
            answer = site.client.request(method, "/unsubscribe/", params={"t": token})
            assert answer.status_code == 404
    assert len(site.active()) == 2


def test_an_answer_does_not_show_whether_a_number_exists(site: Site) -> None:
    answers = {
        site.client.get("/unsubscribe/", params={"t": f"{number}.{'A' * 22}"}).text
        for number in (1, 2, 999)
    }
    assert len(answers) == 1


@pytest.mark.parametrize("path", ["/unsubscribe/", "/health", "/nowhere"])
def test_every_response_has_the_security_headers(site: Site, path: str) -> None:
    headers = site.client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "max-age" in headers["Strict-Transport-Security"]


def test_a_large_body_is_refused(site: Site) -> None:
    assert site.client.post(site.link, content=b"x" * (MOST_BYTES + 1)).status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    assert site.client.post(site.link, content=chunks()).status_code == 413
    assert len(site.active()) == 2


def test_too_many_requests_are_refused(site: Site) -> None:
    answers = [site.client.get("/health").status_code for _ in range(PER_MINUTE + 20)]
    assert answers[:PER_MINUTE] == [200] * PER_MINUTE
    assert 429 in answers


def test_no_address_or_link_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        site.client.post(site.link, data=ONE_CLICK)
    assert caplog.text == ""
