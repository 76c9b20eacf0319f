"""The mail in a browser engine, on small and large screens, in light and dark mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from syndicate.adapters.email.adapter import Email
from syndicate.article import Figure, Table
from tests.adapters.email.mails import body, parsed, render
from tests.articles import article, every_block, para, words
from tests.chromium import in_chromium, offline_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = in_chromium

WIDE = Table(rows=(tuple(words(f"Column number {n}") for n in range(9)),))
LONG = article(
    "long",
    title="Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikant",
    lead_image=Figure(src="https://gazette.example.org/x.jpg", alt="A cap", width=1600, height=800),
    body=(para("https://gazette.example.org/" + "x" * 300), WIDE),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with offline_browser() as browser:
        yield browser


@pytest.mark.parametrize("theme", ["broadsheet", "magazine", "letter"])
@pytest.mark.parametrize("kind", ["full", "summary"])
def test_the_mail_fits_every_screen_in_both_schemes(
    browser: Browser, theme: str, kind: str
) -> None:
    adapter = Email.model_validate({"theme": theme, "body": kind})
    articles = (every_block(), LONG, article("a"), article("b"), article("c"))
    html = body(parsed(render(*articles, adapter=adapter)["0012.eml"].content), "html")
    for scheme, ground, ink in (
        ("light", "rgb(255, 255, 255)", "rgb(22, 24, 29)"),
        ("dark", "rgb(20, 22, 26)", "rgb(233, 230, 224)"),
    ):
        page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_content(html, wait_until="domcontentloaded")
        for width in (320, 375, 600):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        style = "e => getComputedStyle(e)"
        assert page.eval_on_selector(".paper", f"{style}.backgroundColor") == ground
        assert page.eval_on_selector(".headline", f"{style}.color") == ink
        page.close()
