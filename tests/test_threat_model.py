"""The threat model names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "threat-model.md"


def test_every_test_that_it_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE.read_text())
    assert len(named) > 40
    for file, name in named:
        path = ROOT / file
        assert path.is_file(), file
        source = path.read_text()
        assert not name or re.search(rf"^(?:def|class) {name}\b", source, re.MULTILINE), name


def test_every_line_of_its_tables_has_a_test() -> None:
    for line in PAGE.read_text().splitlines():
        if line.startswith("|") and not line.startswith(("| ---", "| they want", "| what happens")):
            assert "`tests/" in line, line
