"""What a container or load balancer is told."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve import health
from syndicate.serve.app import application
from syndicate.serve.front import Addresses
from syndicate.serve.leaving import LeavingDesk
from syndicate.studio import app as studio
from syndicate.studio.access import Access
from tests.engine.conftest import make_desk

AWAY = "postgresql://desk:secret@127.0.0.1:1/news"  # nothing listens there
HOST = {"Host": "10.1.2.3:8080"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_GOOD_FOR", 0.0)


def studio_at(root: Path) -> TestClient:
    return TestClient(studio.application(root, Access("Ines"), Addresses(frozenset()), "studio"))


def test_the_studio_is_well_while_its_ledger_can_be_used(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    client = studio_at(desk.root)
    before = client.get("/health", headers=HOST)
    assert (before.status_code, before.text) == (200, "ok\n")
    assert not (desk.root / desk.ledger).exists()
    desk.publish()
    assert client.get("/health", headers=HOST).status_code == 200
    (desk.root / desk.ledger).write_bytes(b"not a database" * 100)
    broken = client.get("/health", headers=HOST)
    assert (broken.status_code, broken.text) == (503, "unavailable\n")
    (desk.root / desk.ledger).unlink()
    assert client.get("/health").status_code == 503
    assert client.post("/health").status_code == 405
    assert "content-security-policy" in broken.headers


def test_the_studio_says_nothing_about_a_database_that_is_away(tmp_path: Path) -> None:
    answer = studio_at(make_desk(tmp_path / "newsroom", AWAY).root).get("/health")
    assert (answer.status_code, answer.text) == (503, "unavailable\n")


def test_an_error_in_the_settings_is_shown_on_the_pages(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    (desk.root / "channels" / "single.toml").write_text("nonsense")
    assert studio_at(desk.root).get("/health").status_code == 200


def test_serve_is_well_while_it_can_save_requests(tmp_path: Path) -> None:
    """A load balancer that took it away would lose those who unsubscribe."""
    newsroom = load_newsroom(make_desk(tmp_path / "newsroom", AWAY).root, {})
    newsroom.state.mkdir(exist_ok=True)
    with closing(LeavingDesk(newsroom)) as desk:
        assert TestClient(application(newsroom, desk)).get("/health").text == "ok\n"


def test_the_ledger_is_asked_once_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    now = [0.0]

    def works() -> bool:
        asked.append(1)
        return len(asked) == 1

    monkeypatch.setattr(health, "_GOOD_FOR", 2.0)
    from starlette.applications import Starlette
    from starlette.routing import Route

    answer = health.Health(works, lambda: now[0]).answer
    client = TestClient(Starlette(routes=[Route("/health", answer)]))
    assert [client.get("/health").status_code for _ in range(5)] == [200] * 5
    assert len(asked) == 1
    now[0] = 2.0
    assert client.get("/health").status_code == 503
