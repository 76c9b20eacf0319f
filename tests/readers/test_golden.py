"""Inputs and the golden files of what they are read as; `pytest --update-golden` rewrites those."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syndicate.article import Article
from tests.articles import every_block
from tests.readers.reading import read_one

GOLDEN = Path(__file__).parents[1] / "golden" / "readers"
INPUTS = sorted(path for path in GOLDEN.iterdir() if path.suffix in (".md", ".txt"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_each_input_is_read_as_its_golden_file_says(path: Path, update_golden: bool) -> None:
    reading = read_one(path.read_bytes(), path.name)
    found = {
        "article": reading.article.model_dump(mode="json", exclude_defaults=False),
        "given": sorted(reading.given),
        "notes": [[note.line, note.kind, note.what] for note in reading.notes],
    }
    golden = path.with_suffix(".json")
    if update_golden:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(golden.read_text("utf-8"))
    assert Article.model_validate(found["article"]) == reading.article


def test_every_block_and_inline_can_be_written_in_markdown() -> None:
    path = GOLDEN / "every-block.md"
    assert read_one(path.read_bytes(), path.name).article == every_block()
