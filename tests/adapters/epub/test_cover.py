"""The cover: complete for every issue, and without mangled words."""

from __future__ import annotations

import io
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image

from syndicate.article import Article, Figure
from syndicate.article.publication import Publication
from syndicate.kit import lettering
from syndicate.kit.lettering import Lettering
from tests.adapters.epub.books import ARABIC, XHTML, arabic, book, page, picture
from tests.articles import PUBLICATION, article


def cover(
    *articles: Article, content: Path | None = None, publication: Publication = PUBLICATION
) -> Image.Image:
    opened = book(*articles, content=content, publication=publication)
    return Image.open(io.BytesIO(opened.read("EPUB/cover.jpg"))).convert("RGB")


def set_in(text: str, most: int = 3) -> Lettering | None:
    return lettering.set_lettering(text, "serif", (60, 40), lettering.LetteringSpace(600, most))


def test_the_cover_has_the_size_that_shops_require() -> None:
    assert cover(article()).size == (1600, 2560)


def test_the_lead_picture_is_on_the_cover(tmp_path: Path) -> None:
    Image.new("RGB", (1600, 1000), "#00c000").save(tmp_path / "green.png")
    small = picture(tmp_path, "small.png", (200, 100))
    stories = (
        article("none"),
        article("small", lead_image=Figure(src=small)),
        article("green", lead_image=Figure(src="green.png")),
    )
    drawn = cover(*stories, content=tmp_path).crop((0, 600, 1600, 1200))
    red, green, blue = drawn.resize((1, 1)).tobytes()
    assert green > 150
    assert max(red, blue) < 60


def test_the_cover_page_has_its_content_as_text() -> None:
    root = page(book(article(title="First"), article("b", title="Second")), "cover.xhtml")
    (image,) = root.iter(f"{XHTML}img")
    assert image.get("alt") == (
        "Cover: The Harbour Gazette, No. 12 · October 5, 2026. First; Second"
    )


def test_lines_fit_their_width() -> None:
    for text in ("Tide " * 200, "Unbreakable" * 30, "A short one"):
        found = set_in(text)
        assert found is not None
        assert len(found.lines) <= 3
        assert all(found.font.getlength(line) <= 600 for line in found.lines)
        assert ("…" in found.lines[-1]) == (text != "A short one")


def test_emoji_are_left_out_and_unknown_scripts_are_not_drawn() -> None:
    found = set_in("Flood 🌊 again")
    assert found is not None
    assert " ".join(found.lines) == "Flood again"
    assert set_in("港の夜") is None
    assert set_in("🌊") is None


def test_arabic_is_joined_or_left_out() -> None:
    with patch.object(lettering, "_shapes", return_value=False):
        assert set_in("العبّارة الليلية") is None
        assert set_in("Latin") is not None
        assert cover(arabic()).size == (1600, 2560)


@pytest.mark.skipif(not lettering._shapes(), reason="Pillow has no raqm or FriBiDi here")
def test_an_arabic_story_is_right_aligned_on_an_english_cover() -> None:
    ink = cover(arabic(), article()).convert("L").crop((0, 460, 1600, 1900))
    box = ink.point(lambda value: 255 * (value < 100)).getbbox()
    assert box is not None
    assert 1600 - box[2] < box[0]


@pytest.mark.skipif(not lettering._shapes(), reason="Pillow has no raqm or FriBiDi here")
def test_arabic_is_right_aligned() -> None:
    masthead = cover(arabic(), publication=ARABIC).convert("L").crop((0, 60, 1600, 280))
    box = masthead.point(lambda value: 255 * (value < 100)).getbbox()
    assert box is not None
    assert 1600 - box[2] < box[0]
