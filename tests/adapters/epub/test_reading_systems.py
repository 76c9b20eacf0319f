"""The book in Ace, which checks accessibility, and in epub.js, the base of many reading apps.

Both are installed once from npm, into a cache folder.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from syndicate.adapters.epub.adapter import EPUB
from syndicate.article import Figure
from tests import waiting
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
from tests.articles import article, every_block, para
from tests.chromium import CHROMIUM, needs_chromium
from tests.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

PACKAGES = ("@daisy/ace@1.4.6", "epubjs@0.3.93")
pytestmark = [
    pytest.mark.slow,
    needs_chromium,
]

READER = """<!DOCTYPE html><html><body style="margin:0"><div id="area"></div>
<script src="node_modules/jszip/dist/jszip.min.js"></script>
<script src="node_modules/epubjs/dist/epub.min.js"></script>
<script>
const book = ePub("/books/digest.epub");
const size = {width: 430, height: 640, flow: "paginated", allowScriptedContent: false};
const rendition = book.renderTo("area", size);
rendition.themes.register("night", {body: {background: "#14161a", color: "#e9e6e0"}});
rendition.themes.select("night");
const shown = () => rendition.getContents().map(c => c.document.body.innerText).join(" ");
</script></body></html>"""


@pytest.fixture(scope="module")
def npm() -> Path:
    """The folder in which the packages are installed."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed: apt-get install npm")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "syndicate-tests" / "ace-1.4.6-epubjs-0.3.93"
    if not (folder / "node_modules" / "epubjs").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
        done = waiting.run(command, cwd=folder, limit=600)
        if done.returncode:
            pytest.skip(f"npm cannot install the reading systems: {done.stderr[-300:]}")
    return folder


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four books."""
    folder = tmp_path_factory.mktemp("books")
    lead = Figure(src=picture(folder, "pier.jpg"), alt="A pier")
    letter = article(
        "letter", title="Dear reader", section="Editor’s note", body=(para("Dear reader."),)
    )
    pictured = every_block().model_copy(update={"lead_image": lead})
    made = {
        "digest": (EPUB(), printed(edition(pictured, letter, article("second"), arabic()))),
        "hostile": (EPUB(fonts=False, access="all"), edition(*hostile(folder))),
        "single": (EPUB(scope="article"), edition(arabic(), number=None, publication=ARABIC)),
        "samples": (EPUB(access="all"), edition(*samples())),
    }
    for name, (adapter, issue) in made.items():
        content = CONTENT if name == "samples" else folder
        (folder / f"{name}.epub").write_bytes(bound(adapter, issue, kit(content)))
    return folder


@pytest.mark.parametrize("name", ["digest", "hostile", "single", "samples"])
def test_ace_finds_nothing(npm: Path, books: Path, tmp_path: Path, name: str) -> None:
    ace = npm / "node_modules" / ".bin" / "ace-puppeteer"
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": CHROMIUM}
    command = [str(ace), "-f", "-s", "-o", str(tmp_path), str(books / f"{name}.epub")]
    waiting.run(command, env=environment, check=True, limit=300)
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_bytes())
    found = [one for page in report["assertions"] for one in page.get("assertions", ())]
    assert found == []
    assert report["earl:result"]["earl:outcome"] == "pass"


class Quiet(SimpleHTTPRequestHandler):
    """A file server without a log."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def served(npm: Path, books: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a page that opens the digest in epub.js."""
    (tmp_path / "node_modules").symlink_to(npm / "node_modules")
    (tmp_path / "books").symlink_to(books)
    (tmp_path / "reader.html").write_text(READER, "utf-8")
    handler = partial(Quiet, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server) as address:
        yield f"{address}/reader.html"


@pytest.fixture
def reader(served: str) -> Iterator[Page]:
    """epub.js with the digest open; requests to other hosts and errors fail the test."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    here = served.rpartition("/")[0] + "/"
    wrong: list[str] = []
    elsewhere: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.removeprefix("blob:").startswith((here, "data:")):
            elsewhere.append(request.url)

    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": 430, "height": 640})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", asked)
        page.goto(served)
        yield page
        browser.close()
    assert wrong == []
    assert elsewhere == []


def test_epub_js_opens_and_turns_every_page(reader: Page) -> None:
    reader.evaluate("rendition.display()")
    labels = reader.evaluate("book.loaded.navigation.then(n => n.toc.map(e => e.label.trim()))")
    assert labels[0] == "Dear reader"
    seen = ""
    for _ in range(60):
        seen += reader.evaluate("shown()")
        if reader.evaluate("rendition.currentLocation().atEnd"):
            break
        reader.evaluate("rendition.next()")
    assert reader.evaluate("rendition.currentLocation().atEnd")
    for passage in ("Contents", "Dear reader.", "العبّارة الليلية", "Colophon"):
        assert passage in seen
    assert reader.evaluate("book.coverUrl()")
    assert reader.evaluate("book.packaging.metadata.title").startswith("The Harbour Gazette")


def test_epub_js_goes_from_the_contents_to_a_chapter_and_to_a_note_and_back(reader: Page) -> None:
    chapter = reader.frame_locator("iframe")

    def sees(selector: str) -> bool:
        box = chapter.locator(selector).first.bounding_box()
        return box is not None and 0 <= box["x"] < 430 and 0 <= box["y"] < 640

    def wait_for(selector: str) -> None:
        waiting.until(
            f"{selector} on the page that is shown",
            lambda: chapter.locator(selector).count() and sees(selector),
        )

    reader.evaluate("rendition.display('contents.xhtml')")
    chapter.get_by_role("link", name="What a tide table cannot tell you").click()
    wait_for("h1#headline")
    assert chapter.locator("[role=doc-subtitle]").inner_text() == "A harbour pilot explains"
    reader.evaluate("rendition.display('chapter-001.xhtml#mark-1')")
    wait_for("#mark-1")
    assert not sees("#note-1")
    chapter.locator("#mark-1").click()
    wait_for("#note-1")
    assert not sees("#mark-1")
    assert chapter.locator("#note-1").inner_text().split(maxsplit=1)[0] == "1"
    chapter.locator("#note-1 [role=doc-backlink]").first.click()
    wait_for("#mark-1")


def test_epub_js_lists_the_printed_pages(reader: Page) -> None:
    listed = "book.loaded.navigation.then(() => book.pageList.pageList.map(p => p.page))"
    assert reader.evaluate(listed) == [3, 5]
