"""Accents are legible, whatever a publication chose."""

from __future__ import annotations

import pytest

from syndicate.kit.colour import contrast, legible_colour, rgb, visible_colour


@pytest.mark.parametrize("accent", ["#a4161a", "#ffee00", "#ffffff", "#000000", "#003366"])
@pytest.mark.parametrize("ground", ["#ffffff", "#f6f2ea", "#14161a"])
def test_an_accent_reaches_the_ratio(accent: str, ground: str) -> None:
    assert contrast(rgb(legible_colour(accent, ground)), rgb(ground)) >= 4.5


def test_a_legible_accent_is_unchanged() -> None:
    assert legible_colour("#a4161a", "#ffffff") == "#a4161a"


def test_black_on_white_is_21() -> None:
    assert round(contrast((0, 0, 0), (255, 255, 255)), 2) == 21


@pytest.mark.parametrize("accent", ["#a4161a", "#ffee00", "#ffffff", "#000000", "#003366"])
def test_one_shade_is_visible_in_day_sepia_and_night_mode(accent: str) -> None:
    shade = rgb(visible_colour(accent))
    for ground in ("#ffffff", "#f4ecd8", "#14161a", "#000000"):
        assert contrast(shade, rgb(ground)) >= 3
