"""The studio renders in threads of its own; templates that do too much end there as well."""

from __future__ import annotations

import pytest

from syndicate.kit import allowance
from tests.engine.conftest import Desk
from tests.engine.rendering.test_hostile_templates import add_hostile
from tests.hostile_templates import FEW, SOME
from tests.studio.conftest import Open


@pytest.mark.parametrize("names", [FEW, pytest.param(tuple(SOME), marks=pytest.mark.slow)])
def test_the_page_says_where_and_the_studio_goes_on(
    opened: Open, desk: Desk, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "STEPS", 50_000)
    monkeypatch.setattr(allowance, "SECONDS", 0.1)
    channels = add_hostile(desk, names)
    with opened.client() as client:
        for channel in channels:
            shown = client.get(f"/articles/ferry/{channel}").text
            assert f"templates/{channel}/blocks.html.j2" in shown
            assert "stopped: it " in shown
        assert "The night ferry" in client.get("/articles/ferry/rss/0/frame").text
