"""The social card shows the whole of any headline."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from syndicate.adapters.social.card import draw_card
from tests.articles import PUBLICATION, article


def drawn(title: str, language: str = "en") -> Image.Image:
    one = article(title=title, section="Harbour", language=language)
    return Image.open(io.BytesIO(draw_card(one, PUBLICATION)))


def test_a_card_is_a_png_of_the_size_that_platforms_show() -> None:
    assert drawn("Night ferry returns").size == (1200, 630)
    assert drawn("Night ferry returns").format == "PNG"


@pytest.mark.parametrize("title", ["Tide " * 200, "Unbreakable" * 30, "港", "🚢"])
def test_every_headline_stays_within_the_margins(title: str) -> None:
    card = drawn(title).convert("RGB")
    paper = card.getpixel((5, 300))
    for left in (0, 1200 - 60):
        strip = card.crop((left, 30, left + 60, 630))
        assert strip.getcolors() == [(60 * 600, paper)]


def test_right_to_left_text_is_aligned_right() -> None:
    card = drawn("عودة العبّارة", "ar").convert("L").crop((72, 90, 1128, 450))
    dark = card.point(lambda value: 255 if value < 100 else 0)
    box = dark.getbbox()
    assert box is not None
    assert box[2] > 1000
    assert box[0] > 300


def test_the_same_headline_gives_the_same_pixels() -> None:
    assert drawn("One").tobytes() == drawn("One").tobytes()
    assert drawn("One").tobytes() != drawn("Two").tobytes()
