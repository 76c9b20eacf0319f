"""The PDF channel from the command line: faults are reported and stop publication."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting
from tests.adapters.pdf.pages import ROOT

ARTICLE = """# The night ferry

By Ines Okafor

It sails again, says [the office](https://ferry.example.org/timetable).

![The pier](pier.png)
"""


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A newsroom with one article and a channel for the press."""
    from PIL import Image

    root = tmp_path / "newsroom"
    assert command(root, "init", str(root)).returncode == 0
    for channel in (root / "channels").glob("*.toml"):
        channel.unlink()
    (root / "channels" / "pdf.toml").write_text('profile = "press"\n')
    (root / "content" / "ferry.md").write_text(ARTICLE)
    Image.linear_gradient("L").resize((900, 600)).convert("RGB").save(root / "content/pier.png")
    return root


def command(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`syndicate`, run in the newsroom."""
    return waiting.run(
        [sys.executable, "-m", "syndicate", *words],
        cwd=root if root.is_dir() else None,
    )


def test_a_page_for_the_press_is_published_under_strict(newsroom: Path) -> None:
    done = command(newsroom, "publish", "--strict")
    assert done.returncode == 0, done.stderr
    assert (newsroom / "out/pdf/ferry.pdf").read_bytes().startswith(b"%PDF")


def test_check_names_page_and_element_and_fails(newsroom: Path) -> None:
    style = newsroom / "templates/pdf/broadsheet.css"
    style.parent.mkdir(parents=True, exist_ok=True)
    own = (ROOT / "templates/pdf/broadsheet.css").read_text()
    style.write_text(own + "h1 { color: #ff0000 }\n")
    message = "page 1: text is painted in RGB (1 0 0)"
    done = command(newsroom, "check", "--channel", "pdf")
    assert done.returncode == 1
    assert message in done.stdout
    report = command(newsroom, "check", "--channel", "pdf", "--json")
    assert report.returncode == 1
    findings = [json.loads(line) for line in report.stdout.splitlines()]
    (found,) = (one for one in findings if one.get("rule") == "pdf/rgb-paint")
    assert found["severity"] == "error"
    assert message in found["message"]
    assert command(newsroom, "publish").returncode != 0
    assert not list(newsroom.glob("out/pdf/*.pdf"))
