"""The benchmarks run; what they measure is read by people, not by tests."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from tests import waiting

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SMALL = {
    "archive.py": ("3",),
    "archives.py": ("3", "6"),
    "delivery.py": ("20", "2000"),
    "epub.py": ("3", "50", "2"),
    "extraction.py": (),
    "feeds.py": ("8", "50"),
    "ledger_migration.py": ("500",),
    "newscopy.py": ("", "1"),
    "newsletter.py": ("3", "20"),
    "pdf.py": ("1", "2"),
    "publish.py": ("3",),
    "readers.py": ("1", "20", "1"),
    "reading.py": (),
    "side_by_side.py": ("200", "3"),
    "studio.py": ("3", "1"),
    "subscribers.py": ("30", "3"),
    "tags.py": (),
    "threads.py": ("5", "100"),
    "withdraw.py": ("20",),
}


LONG = {"archive.py", "pdf.py", "publish.py", "side_by_side.py", "studio.py", "subscribers.py"}


@pytest.mark.parametrize("name", sorted(LONG))
def test_the_long_ones_load(name: str) -> None:
    """What they import is there. `make slow` runs them."""
    assert callable(runpy.run_path(str(BENCHMARKS / name), run_name=name)["main"])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.name, marks=[pytest.mark.slow] if path.name in LONG else [])
        for path in sorted(BENCHMARKS.glob("*.py"))
    ],
)
def test_it_runs(name: str) -> None:
    command = [sys.executable, str(BENCHMARKS / name), *SMALL[name]]
    done = waiting.run(command)
    assert done.returncode == 0, done.stderr
    assert done.stdout
