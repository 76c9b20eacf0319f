"""The book in Ace, which judges how accessible it is, and in epub.js, which many readers are built
on. Both come from npm, once, into a cache folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syndicate.adapters.epub import EPUB
from syndicate.article import Figure
from tests.adapters.epub.books import ARABIC, arabic, bound, edition, hostile, kit, picture, printed
from tests.articles import article, every_block, para

CHROMIUM = Path("/usr/bin/chromium")
PACKAGES = ("@daisy/ace@1.4.6", "epubjs@0.3.93")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
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
        pytest.skip("npm is not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "syndicate-tests" / "ace-1.4.6-epubjs-0.3.93"
    if not (folder / "node_modules" / "epubjs").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install the reading systems: {done.stderr[-300:]}")
    return folder


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three books."""
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
    }
    for name, (adapter, issue) in made.items():
        (folder / f"{name}.epub").write_bytes(bound(adapter, issue, kit(folder)))
    return folder


@pytest.mark.parametrize("name", ["digest", "hostile", "single"])
def test_ace_finds_no_barrier(npm: Path, books: Path, tmp_path: Path, name: str) -> None:
    ace = npm / "node_modules" / ".bin" / "ace-puppeteer"
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": str(CHROMIUM)}
    command = [str(ace), "-f", "-s", "-o", str(tmp_path), str(books / f"{name}.epub")]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_bytes())
    found = [one for page in report["assertions"] for one in page.get("assertions", ())]
    assert found == []
    assert report["earl:result"]["earl:outcome"] == "pass"


class Quiet(SimpleHTTPRequestHandler):
    """A file server that keeps its log to itself."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def served(npm: Path, books: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a page that opens the digest in epub.js."""
    (tmp_path / "node_modules").symlink_to(npm / "node_modules")
    (tmp_path / "books").symlink_to(books)
    (tmp_path / "reader.html").write_text(READER, "utf-8")
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/reader.html"
        server.shutdown()


def test_epub_js_opens_and_turns_every_page(served: str) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM))
        page = browser.new_page(viewport={"width": 430, "height": 640})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(served)
        assert wrong == []
        page.evaluate("rendition.display()")
        labels = page.evaluate("book.loaded.navigation.then(n => n.toc.map(e => e.label.trim()))")
        assert labels[0] == "Dear reader"
        seen = ""
        for _ in range(60):
            seen += page.evaluate("shown()")
            if page.evaluate("rendition.currentLocation().atEnd"):
                break
            page.evaluate("rendition.next()")
        assert page.evaluate("rendition.currentLocation().atEnd")
        for passage in ("Contents", "Dear reader.", "العبّارة الليلية", "Colophon"):
            assert passage in seen
        assert page.evaluate("book.coverUrl()")
        assert page.evaluate("book.packaging.metadata.title").startswith("The Harbour Gazette")
        browser.close()
    assert wrong == []
