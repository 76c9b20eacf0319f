"""The studio renders in threads of its own; templates that do too much end there as well."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from syndicate.kit import allowance
from syndicate.studio.frames import pdf_page_to_preview
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


def test_a_page_of_a_mile_is_shown_small() -> None:
    made = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(14_000, 14_000)
        document.save(made)
    width, height = Image.open(io.BytesIO(pdf_page_to_preview(made.getvalue(), 1))).size
    assert 4000 < width == height < 5000
