"""Separate PDFs of many articles: Syndicate beside WeasyPrint, Chromium and typst.

    python benchmarks/pdf.py [ARTICLES] [CORES]

WeasyPrint is called plainly, in one process, on the very HTML, CSS and pictures that Syndicate
hands to it; Chromium prints the same HTML and CSS; typst sets the same words in its own markup,
untagged but for what it does by itself. Syndicate's time holds all that it does: templates,
setting, tags, metadata and preflight, for the press also separation, boxes and marks.
"""

from __future__ import annotations

import base64
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syndicate.adapters import Edition
    from syndicate.article import Article
    from syndicate.kit import Kit

ROOT = Path(__file__).parents[1]
WORDS = "harbour tide pilot ferry lock gate berth crane rope signal lamp chart wind".split()  # noqa: SIM905
Spent = tuple[float, float]
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def main() -> None:
    """Write the pages once, then time each contender in a process of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    cores = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.write_bytes(pickle.dumps([page(number) for number in range(count)]))
        print(f"{count} articles as separate PDFs, screen profile unless named")
        plain = timed("weasyprint", pages, count, 1)
        line("WeasyPrint, called plainly", plain, plain)
        for name, what, workers, goal in (
            ("syndicate", "Syndicate, one core", 1, "goal 0.75"),
            ("syndicate", f"Syndicate, {cores} cores", cores, "goal 0.45"),
            ("press", f"Syndicate, press, {cores} cores", cores, ""),
            ("chromium", "Chromium", 1, ""),
            ("typst", "typst, its own markup", 1, ""),
        ):
            try:
                line(what, timed(name, pages, count, workers), plain, goal)
            except subprocess.CalledProcessError as error:
                reason = error.stderr.decode().strip().splitlines() or ["failed"]
                print(f"{what:34} {reason[-1][:80]}")


def line(what: str, spent: Spent, plain: Spent, goal: str = "") -> None:
    """One row; processor time tells more than the clock on a machine that has other work."""
    wall, work = spent
    shown = (
        f"{wall:7.2f} s {wall / plain[0]:5.2f} x   processor {work:7.2f} s {work / plain[1]:5.2f} x"
    )
    print(f"{what:28} {shown}   {goal}")


def timed(name: str, pages: Path, count: int, workers: int) -> Spent:
    """Seconds on the clock and of the processors, with the start of the interpreter."""
    command = [sys.executable, "-P", __file__, "--only", name, str(pages), str(count), str(workers)]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, work


def page(number: int) -> tuple[str, tuple[str, ...], dict[str, bytes], str]:
    """What Syndicate hands to WeasyPrint for an article: HTML, CSS, files; and its plain words."""
    from syndicate.adapters.pdf.adapter import PDF
    from syndicate.adapters.pdf.document import lay_out_print
    from syndicate.adapters.pdf.typeset import font_face_css
    from syndicate.article.text import passages

    made = article(number)
    design = PDF(profile="screen").design()
    document = lay_out_print(edition(made), (made,), kit(), design, None)
    files = {f"face:{face.file}": face.path.read_bytes() for face in document.faces}
    css = (font_face_css(document.faces), *document.css)
    text = "\n\n".join(passages(made.body))
    return document.html, css, {**document.files, **files}, f"= {made.title}\n\n{text}"


def article(number: int) -> Article:
    """An article of about 700 words with headings, a callout, a table and questions."""
    from syndicate.article import FAQ, Callout, Heading, QuestionAnswer, Table
    from syndicate.testing.articles import article as make
    from syndicate.testing.articles import para, words

    def passage(part: int, length: int = 90) -> str:
        found = (WORDS[(number * 7 + part * 3 + i * i) % len(WORDS)] for i in range(length))
        return " ".join(found).capitalize() + "."

    rows = tuple((words(WORDS[n]), words(str(number + n))) for n in range(6))
    return make(
        f"report-{number}",
        title=f"Report number {number} on the harbour and its tides",
        subtitle=passage(9, 14),
        section="Waterfront",
        body=(
            para(passage(0)),
            para(passage(1)),
            Heading(content=words("What the gauge said")),
            para(passage(2)),
            Callout(label="Did you know?", blocks=(para(passage(3, 30)),)),
            para(passage(4)),
            Table(header=(words("What"), words("Metres")), rows=rows),
            Heading(content=words("What the pilots say")),
            para(passage(5)),
            para(passage(6)),
            FAQ(
                pairs=tuple(
                    QuestionAnswer(question=words("Why?"), answer=(para(passage(n, 30)),))
                    for n in (7, 8)
                )
            ),
        ),
    )


def edition(*articles: Article) -> Edition:
    """They, as a channel is given them."""
    from syndicate.adapters import Edition
    from syndicate.testing.articles import PUBLICATION

    return Edition(PUBLICATION, "pdf", "https://gazette.example.org/pdf/", articles, NOON)


def kit() -> Kit:
    """The kit of a PDF channel over the templates of this repository."""
    from syndicate.kit import Kit

    return Kit((ROOT / "templates/pdf", ROOT / "templates"), ROOT / "content")


def publish(numbers: range, profile: str) -> None:
    """Render and judge articles, as a rendering process does."""
    from syndicate.adapters.pdf.adapter import PDF

    adapter = PDF.model_validate({"profile": profile})
    for number in numbers:
        given, tools = edition(article(number)), kit()
        artifacts = tuple(adapter.render(given, tools))
        faults = list(adapter.inspect(given, artifacts, tools))
        if faults:
            raise SystemExit(f"{faults[0]}")


def syndicate(count: int, workers: int, profile: str = "screen") -> None:
    """All articles in `workers` processes, spawned as the engine does."""
    if workers == 1:
        publish(range(count), profile)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = [range(n, count, workers * 4) for n in range(workers * 4)]
        list(pool.map(publish, parts, [profile] * len(parts)))


def weasyprint(pages: Path) -> None:
    """The same pages, each by a plain call."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class InMemory(URLFetcher):  # type: ignore[misc]
        def __init__(self, files: dict[str, bytes]) -> None:
            super().__init__()
            self.files = files

        def fetch(self, url: str, headers: object = None) -> object:
            return URLFetcherResponse(url, self.files[url])

    for html, css, files, _ in pickle.loads(pages.read_bytes()):
        fetch, fonts = InMemory(files), FontConfiguration()
        sheets = [CSS(string=one, font_config=fonts, url_fetcher=fetch) for one in css]
        HTML(string=html, url_fetcher=fetch).write_pdf(
            stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True
        )


def chromium(pages: Path) -> None:
    """The same pages, printed by one browser."""
    from playwright.sync_api import sync_playwright

    path = next((p for p in ("/usr/bin/chromium",) if Path(p).exists()), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        tab = browser.new_page()
        for html, css, files, _ in pickle.loads(pages.read_bytes()):
            whole = html.replace("</head>", f"<style>{''.join(css)}</style></head>")
            for url, data in files.items():
                whole = whole.replace(url, f"data:;base64,{base64.b64encode(data).decode()}")
            tab.set_content(whole)
            tab.pdf(prefer_css_page_size=True, tagged=True, outline=True)
        browser.close()


def typst(pages: Path) -> None:
    """The same words in three columns."""
    import typst as compiler

    for *_, text in pickle.loads(pages.read_bytes()):
        head = '#set page(paper: "a4", columns: 3)\n#set text(size: 9.2pt, lang: "en")\n'
        compiler.compile((head + text).encode(), format="pdf")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        name, source, count, workers = sys.argv[2], Path(sys.argv[3]), *map(int, sys.argv[4:])
        sys.path.insert(0, str(ROOT))
        os.environ.setdefault("TYPST_IGNORE_SYSTEM_FONTS", "1")
        if name in ("syndicate", "press"):
            syndicate(count, workers, "press" if name == "press" else "screen")
        else:
            {"weasyprint": weasyprint, "chromium": chromium, "typst": typst}[name](source)
    else:
        main()
