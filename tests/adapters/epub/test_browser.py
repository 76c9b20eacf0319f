"""The book's pages in a browser engine as reading apps show them, in light and dark mode."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from syndicate.adapters.epub.adapter import EPUB
from syndicate.article import Figure, Table
from tests.adapters.epub.books import arabic, bound, edition, kit, picture
from tests.articles import article, every_block, para, words
from tests.chromium import in_chromium, offline_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = in_chromium

PAGES = (
    "cover",
    "halftitle",
    "contents",
    "note",
    "chapter-001",
    "chapter-002",
    "chapter-003",
    "chapter-005",
)
# How reading apps apply a theme: it overrides the page's own styles.
NIGHT = "html, body { background: #14161a !important; color: #e9e6e0 !important; }"
# How reading apps divide a chapter into pages.
PAGED = "html { height: 100vh; columns: 100vw; column-gap: 0 } body { margin: 0 !important }"
LONG = Table(rows=tuple((words(f"Row {n}"), words("1"), words("2")) for n in range(120)))
WIDE = Table(
    header=tuple(words(f"Column number {n}") for n in range(9)),
    rows=(tuple(words("123,456,789") for _ in range(9)),),
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an unpacked book with everything in it."""
    folder = tmp_path_factory.mktemp("book")
    lead = Figure(src=picture(folder, "pier.jpg"), alt="A pier")
    issue = edition(
        every_block().model_copy(update={"lead_image": lead}),
        article("letter", section="Editor’s note", body=(para("Dear reader."),)),
        arabic(),
        article("wide", title="Donaudampfschifffahrtsgesellschaft" * 2, body=(WIDE,)),
        article(
            "tall", lead_image=Figure(src=picture(folder, "mast.jpg", (800, 2400)), alt="A mast")
        ),
        article("long", body=(LONG, WIDE.model_copy(update={"rows": WIDE.rows * 80}))),
    )
    ZipFile(io.BytesIO(bound(EPUB(), issue, kit(folder)))).extractall(folder)
    return folder / "EPUB"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with offline_browser() as browser:
        yield browser


@pytest.fixture
def shown(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    yield page
    page.close()
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_every_screen_and_loads_its_files(
    shown: Page, unpacked: Path, name: str
) -> None:
    shown.goto((unpacked / f"{name}.xhtml").as_uri())
    for width in (320, 430, 900):
        shown.set_viewport_size({"width": width, "height": 640})
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    shown.evaluate("document.fonts.ready")
    assert not shown.evaluate("[...document.fonts].filter(face => face.status == 'error').length")


def test_the_text_is_set_in_the_books_fonts(shown: Page, unpacked: Path) -> None:
    shown.goto((unpacked / "chapter-001.xhtml").as_uri())
    shown.evaluate("document.fonts.ready")
    loaded = "[...document.fonts].filter(face => face.status == 'loaded').map(f => f.family)"
    assert {"Source Serif", "Source Sans"} <= {
        family.strip('"') for family in shown.evaluate(loaded)
    }


@pytest.mark.parametrize("name", PAGES[1:])
def test_a_dark_theme_applies_to_every_word(shown: Page, unpacked: Path, name: str) -> None:
    shown.goto((unpacked / f"{name}.xhtml").as_uri())
    shown.add_style_tag(content=NIGHT)
    inks = shown.evaluate(
        "[...new Set([...document.querySelectorAll('body *')]"
        ".filter(e => e.textContent.trim()).map(e => getComputedStyle(e).color))]"
    )
    assert inks == ["rgb(233, 230, 224)"]


def test_a_wide_table_scrolls_in_a_box(shown: Page, unpacked: Path) -> None:
    shown.set_viewport_size({"width": 320, "height": 640})
    shown.goto((unpacked / "chapter-003.xhtml").as_uri())
    box = shown.locator(".scroll")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth")
    assert box.evaluate("e => getComputedStyle(e).overflowX") == "auto"


def test_a_long_table_continues_on_the_next_page(shown: Page, unpacked: Path) -> None:
    shown.set_viewport_size({"width": 430, "height": 640})
    shown.goto((unpacked / "chapter-005.xhtml").as_uri())
    shown.add_style_tag(content=PAGED)
    bottoms = "rows => rows.map(row => row.getBoundingClientRect().bottom)"
    rows = shown.locator("section > table tr").evaluate_all(bottoms)
    assert len(rows) == 120
    assert max(rows) <= 640
    box = shown.locator(".scroll")
    assert box.evaluate("e => e.getBoundingClientRect().bottom") <= 640
    assert box.evaluate("e => e.scrollHeight > e.clientHeight")  # the rest can be scrolled to


def test_a_tall_picture_fits_its_page(shown: Page, unpacked: Path) -> None:
    shown.set_viewport_size({"width": 430, "height": 640})
    shown.goto((unpacked / "chapter-004.xhtml").as_uri())
    shown.add_style_tag(content=PAGED)
    box = shown.locator("img").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 640
    assert round(box["height"] / box["width"], 1) == 3  # in its own proportions


def test_notes_link_there_and_back(shown: Page, unpacked: Path) -> None:
    shown.goto((unpacked / "chapter-001.xhtml").as_uri())
    mark = shown.locator("[role=doc-noteref]").first
    mark.click()
    note = shown.locator("[role=doc-footnote]:target")
    assert note.count() == 1
    note.locator("[role=doc-backlink]").first.click()
    assert shown.locator("[role=doc-noteref]:target").count() == 1


def test_arabic_is_set_right_to_left(shown: Page, unpacked: Path) -> None:
    shown.goto((unpacked / "chapter-002.xhtml").as_uri())
    heading = shown.locator("h1")
    assert heading.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert shown.locator("span[dir=ltr]").evaluate("e => getComputedStyle(e).direction") == "ltr"
