"""How soon the studio shows a page: the desk, and one article that has just changed.

    python benchmarks/studio.py [ARTICLES] [RUNS]

The real server is asked over HTTP. Each preview stands beside the bare rendering of the same
article in this process, in milliseconds, and as their ratio.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from syndicate.engine.rendering.preview import preview
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.studio.frames import pdf_page_to_preview, preview_frames
from syndicate.studio.views import article_to_preview

WORDS = "harbour tide pilot ferry lock gate berth crane rope signal lamp chart wind".split()  # noqa: SIM905
GOALS = {"rss": 300, "email": 300, "x": 300, "pdf": 1500}


def main(count: int = 1000, runs: int = 5) -> None:
    """Time the pages of a newsroom of `count` articles."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "news"
        syndicate = [sys.executable, "-m", "syndicate"]
        subprocess.run([*syndicate, "init", str(root)], check=True, stdout=-3, stderr=-3)
        for number in range(count):
            write(root, number)
        publish = [*syndicate, "publish", "--channels", "rss", "--root", str(root)]
        subprocess.run(publish, check=True, stdout=-3, stderr=-3)
        command = [*syndicate, "review", "--port", "0", "--no-browser", "--root", str(root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            try:
                measure(root, process.stdout.readline().strip(), count, runs)
            finally:
                process.terminate()


def measure(root: Path, url: str, count: int, runs: int) -> None:
    """Print a line for each page."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    with httpx.Client(base_url=base, follow_redirects=True, timeout=60) as client:
        while True:
            try:
                client.get(url).raise_for_status()  # it reads all articles for the first time
                break
            except httpx.TransportError:
                time.sleep(0.05)
        desk = median(lambda: client.get("/"), runs)
        print(f"desk of {count} articles        {desk:7.0f} ms   goal 300")
        for channel, goal in GOALS.items():
            shown, bare = [], []
            for run in range(runs):
                write(root, 0, f"Edited for {channel}, {run}. ")
                shown.append(seconds(lambda name=channel: look(client, name)))  # type: ignore[misc]
                bare.append(seconds(lambda name=channel: render(root, name)))  # type: ignore[misc]
            took, alone = statistics.median(shown) * 1000, statistics.median(bare) * 1000
            ratio = f"{took / alone:5.2f} x {alone:.0f} ms, the bare rendering"
            print(f"{channel:6} of one changed article {took:7.0f} ms   goal {goal}   {ratio}")


def look(client: httpx.Client, channel: str) -> None:
    """What a person looks at first: the frame, or page one."""
    part = client.get(f"/articles/report-00000/{channel}").raise_for_status()
    place = "0/1.png" if channel == "pdf" else "0/frame"
    if place in part.text:
        client.get(f"/articles/report-00000/{channel}/{place}").raise_for_status()


def render(root: Path, channel: str) -> None:
    """The same without a server."""
    newsroom = load_newsroom(root)
    article, _ = article_to_preview(newsroom, "report-00000")
    found = newsroom.channels[channel]
    shown = next(iter(preview_frames(preview(newsroom, found, article).artifacts, found.url)))
    if shown.kind == "pages":
        pdf_page_to_preview(shown.artifact.content, 1)


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], runs: int) -> float:
    """Milliseconds."""
    return statistics.median(seconds(work) for _ in range(runs)) * 1000


def write(root: Path, number: int, more: str = "") -> None:
    """One article of about 400 words, the same for the same number."""
    text = " ".join(WORDS[(number * 7 + i * i) % len(WORDS)] for i in range(100))
    paragraphs = "\n\n".join(f"{more}Part {part}. {text.capitalize()}." for part in range(4))
    day = f"2026-{1 + number % 9:02}-{1 + number % 28:02}T08:{number % 60:02}:00Z"
    head = f"---\ntitle: Report number {number}\ndate: {day}\nauthor: Ines Okafor\n---\n"
    (root / "content" / f"report-{number:05}.md").write_text(head + paragraphs + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
