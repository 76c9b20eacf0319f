"""The studio in a browser: from a post that is too long to its receipt, and accessibility."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.studio.opening import page_to
from tests.chromium import CHROMIUM, in_chromium
from tests.engine.conftest import Desk
from tests.platforms import x
from tests.studio.conftest import Open, studio
from tests.waiting import LIMIT

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright  # noqa: E402

pytestmark = in_chromium
expect.set_options(timeout=1000 * LIMIT)  # five seconds are too few on a busy machine
PAGES = ("/", "/articles/ferry", "/articles/ferry/email", "/drafts/ferry.x", "/plan",
         "/deliveries", "/publishing", "/drafts/none")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as running:
        options = ["--no-sandbox", "--disable-background-networking"]
        browser = running.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def opened(desk: Desk) -> Iterator[Open]:
    """The studio as the real command runs it."""
    with studio(desk.root) as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(1000 * LIMIT)
    yield context
    context.close()


@pytest.fixture
def page(opened: Open, context: BrowserContext) -> Page:
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    page.goto(opened.url)
    return page


def draft_file(desk: Desk) -> Path:
    return desk.root / "drafts" / "ferry.x.md"


def test_the_file_that_review_opens_leads_into_the_studio(
    opened: Open, context: BrowserContext, tmp_path: Path
) -> None:
    """Browsers do not send a strict cookie along when another page leads to a redirect."""
    file = tmp_path / "studio.html"
    file.write_text(page_to(opened.url))
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_url(f"{opened.base}/")
    expect(page.get_by_text("The night ferry returns")).to_be_visible()


def test_a_draft_is_shortened_approved_and_published(
    page: Page, opened: Open, desk: Desk, platform: x.X
) -> None:
    file = draft_file(desk)
    file.write_text(re.sub(r"alt: .*", "alt:", file.read_text()))
    page.get_by_role("link", name="ferry.x").click()
    page.wait_for_load_state()

    # 281 characters of 280, shown while typing; then exactly 280
    first = page.get_by_label("Post 1 of")
    first.fill("a" * 281)
    expect(page.locator("#ring-1 .count")).to_have_text("281/280 too long")
    expect(page.locator("#notes-1 mark")).to_have_text("a")
    first.fill("The night ferry returns." + " Yes." * 51 + "!")
    expect(page.locator("#ring-1 .count")).to_have_text("280/280")
    page.locator("#save").click()
    expect(page.locator("#unsaved")).to_be_hidden()
    page.wait_for_load_state()
    expect(page.locator("#ring-1 .count")).to_have_text("280/280")

    # without alt text, it cannot be approved
    page.locator("#approve").click()
    expect(page.get_by_role("alert")).to_contain_text("has no alt text")
    page.get_by_label("Alt text of").fill("The headline on a card")
    page.locator("#save").click()
    page.locator("#note").fill("Read twice")
    page.locator("#approve").click()
    expect(page.locator(".word-approved")).to_be_visible()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    expect(page.locator(".reviews")).to_contain_text("approved by Ines for this text")
    expect(page.locator(".reviews [title]")).to_have_attribute("title", re.compile(digest))
    (review,) = find_draft(load_newsroom(desk.root, {}), "ferry.x").reviews
    assert (review.digest, review.note) == (digest, "Read twice")

    # someone edits the file: the open page shows that the approval no longer counts, and why
    file.write_text(file.read_text().replace("70,000", "70,000 or more"))
    expect(page.locator("#fallen")).to_contain_text("The approval by Ines no longer counts")
    expect(page.locator(".words-diff ins")).to_contain_text("or more")

    # two people edit the same draft
    page.wait_for_load_state()
    page.get_by_label("Post 1 of").fill("Mine of the night ferry.")
    file.write_text(file.read_text().replace("70,000 or more", "70,000"))
    page.locator("#save").click()
    expect(page.get_by_role("heading", name="Two versions of ferry.x.md")).to_be_visible()
    assert "Mine of the night ferry." not in file.read_text()
    page.get_by_role("button", name="Save your version instead").click()
    expect(page.get_by_label("Post 1 of")).to_have_value("Mine of the night ferry.")
    assert "Mine of the night ferry." in file.read_text()

    # approve it again, publish it from the plan, and find the receipts on the page
    page.locator("#approve").click()
    expect(page.locator(".word-approved")).to_be_visible()
    page.get_by_role("link", name="Plan").click()
    expect(page.locator(".steps")).to_contain_text("approved")
    page.locator("#publish").click()
    expect(page.locator(".event-done")).to_be_visible()
    posts = platform.thread()
    assert posts[0] == "Mine of the night ferry."
    page.goto(f"{opened.base}/drafts/ferry.x")
    expect(page.locator(".word-posted")).to_be_visible()
    receipts = page.locator(".receipts a")
    expect(receipts).to_have_count(len(posts))
    expect(receipts.first).to_have_attribute(
        "href", f"https://x.com/gazette/status/{platform.posts[0].id}"
    )
    assert platform.posts[0].alts == ("The headline on a card",)
    page.goto(f"{opened.base}/deliveries")
    expect(page.get_by_text(f"/status/{platform.posts[0].id}")).to_be_visible()


def test_an_open_page_updates_when_files_change(page: Page, desk: Desk) -> None:
    """The page shows the change and keeps its scroll position."""
    for number in range(12):
        desk.write(f"more-{number}.md", f"# More {number}\n\nWords.\n")
    expect(page.get_by_role("link", name="More 11")).to_be_visible()
    page.evaluate("scrollTo(0, 300)")
    desk.write("ferry.md", "# The night ferry is late\n\nWords.\n")
    expect(page.get_by_role("link", name="The night ferry is late")).to_be_attached()
    assert page.evaluate("scrollY") == 300


def test_the_studio_works_with_the_keyboard_alone(page: Page, desk: Desk) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The night ferry returns")
    page.get_by_role("link", name="Read ferry.x").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/ferry.x")
    page.wait_for_load_state()
    first = page.get_by_label("Post 1 of").input_value()
    page.get_by_label("Post 1 of").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_label("Post 2 of")).to_have_value(first)
    page.wait_for_load_state()
    page.get_by_label("Post 1 of").focus()
    page.keyboard.press("End")
    page.keyboard.type(" Indeed.")
    expect(page.locator("#unsaved")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator("#unsaved")).to_be_hidden()
    assert "Indeed." in draft_file(desk).read_text()


def test_unsaved_text_survives_a_reload(page: Page, opened: Open) -> None:
    page.goto(f"{opened.base}/drafts/ferry.x")
    page.get_by_label("Post 1 of").fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Post 1 of")).to_have_value("Half a thought")


def test_forms_work_without_javascript(browser: Browser, opened: Open, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(opened.url)
        page.goto(f"{opened.base}/drafts/ferry.x")
        page.get_by_label("Post 1 of").fill("Plain words.")
        page.locator("#save").click()
        expect(page.get_by_label("Post 1 of")).to_have_value("Plain words.")
        page.goto(f"{opened.base}/articles/ferry")
        page.get_by_role("link", name="Show the preview for rss").click()
        assert "frame" in page.content()
    finally:
        context.close()
    assert "Plain words." in draft_file(desk).read_text()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_every_page_is_accessible(browser: Browser, opened: Open, desk: Desk, scheme: str) -> None:
    """Axe finds no violation on any page, and no page is wider than a phone of 320 pixels."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.goto(opened.url)
        desk.write("tides.md", "# Reading the tide\n\nTables are averages of averages.\n")
        for path in PAGES:
            page.set_viewport_size({"width": 320, "height": 800})
            page.goto(f"{opened.base}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
            found = axe.Axe().run(page, options=options)
            assert found.violations_count == 0, (path, found.generate_report())
    finally:
        context.close()
