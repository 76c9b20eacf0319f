"""Colours are legible, whatever accent a publication has."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.adapters.email.palette import mail_contrast, mail_palette
from tests.adapters.email.mails import TEMPLATES

BRAND = (TEMPLATES / "brand.css").read_text()


def test_contrast_is_computed_as_in_wcag() -> None:
    assert mail_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert mail_contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_brands_own_accent_is_kept() -> None:
    colours = mail_palette(BRAND, "#A4161A")
    assert colours["accent"].lower() == "#a4161a"
    assert colours["dark_accent"] == "#ff8a80"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_every_text_is_legible_on_its_background(accent: int) -> None:
    colours = mail_palette(BRAND, f"#{accent:06x}")
    for scheme in ("", "dark_"):
        for ground in ("paper", "tint"):
            for text in ("ink", "muted", "accent"):
                assert mail_contrast(colours[scheme + text], colours[scheme + ground]) >= 4.5
