"""A real article, pasted from the web, through every channel of a fresh newsroom."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.adapters import Artifact
from syndicate.testing.adapters import text_of
from tests import waiting
from tests.missing import SAMPLE, needs_sample

pytestmark = [needs_sample, pytest.mark.xdist_group("sample")]

MEDIA = {
    ".xml": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/feed+json",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".eml": "message/rfc822",
    ".html": "text/html",
    ".txt": "text/plain",
}
CHANNELS = ("rss", "atom", "jsonfeed", "pdf", "epub", "email")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh newsroom that has published the sample."""
    root = tmp_path_factory.mktemp("sample") / "news"
    env = {k: v for k, v in os.environ.items() if not k.startswith("SYNDICATE_")}
    command = [sys.executable, "-m", "syndicate"]
    waiting.run([*command, "init", str(root)], check=True, env=env)
    shutil.copy(SAMPLE, root / "content")
    done = waiting.run([*command, "publish"], cwd=root, env=env)
    assert done.returncode == 0, done.stderr
    yield root


def folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def lines() -> list[str]:
    return [line for line in SAMPLE.read_text().splitlines() if line.strip()]


def outputs(root: Path, channel: str) -> Iterator[tuple[str, str]]:
    """Each artifact's name and words."""
    for path in sorted((root / "out" / channel).iterdir()):
        if path.suffix in MEDIA:
            yield path.name, text_of(Artifact(path.name, MEDIA[path.suffix], path.read_bytes()))


@pytest.mark.parametrize("channel", CHANNELS)
def test_everything_the_editor_wrote_arrives(root: Path, channel: str) -> None:
    *article, _also, _comment = lines()
    for name, text in outputs(root, channel):
        words = folded(text)
        for line in article:
            line = line.removeprefix("by ").removeprefix("Q: ").removeprefix("A: ").rstrip(":")
            assert folded(line) in words, f"{name}: {line}"


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_litter_of_the_web_page_does_not(root: Path, channel: str) -> None:
    for name, text in outputs(root, channel):
        words = folded(text)
        assert folded("You may also like") not in words, name
        assert folded("Leave a Comment") not in words, name


def test_headings_callouts_and_questions_are_marked_as_such(root: Path) -> None:
    import feedparser

    feed = feedparser.parse((root / "out" / "rss" / "feed.xml").read_bytes())
    (entry,) = feed.entries
    html = entry.content[0].value
    assert html.count("<h2") == 6
    assert html.count('class="callout') == 2
    assert html.count('class="question"') == 4
    assert html.count('class="answer"') == 4
    assert 'class="cta"' in html


@pytest.mark.parametrize("channel", ["x", "mastodon", "bluesky"])
def test_threads_select_and_never_invent(root: Path, channel: str) -> None:
    draft = (root / "drafts" / f"{SAMPLE.stem}.{channel}.md").read_text()
    _, _, posts = draft.split("---\n", 2)
    source = folded(SAMPLE.read_text())
    found = [post.strip() for post in posts.split("\n---\n") if post.strip()]
    assert 3 <= len(found) <= 8
    assert sum("http" in post for post in found) == 1
    for post in found:
        for line in post.splitlines():
            line = line.removeprefix("Q: ").removeprefix("A: ")
            if line.strip() and not line.startswith("http"):
                assert folded(line) in source, line
    assert "15%" in posts
    assert "70,000" in posts
