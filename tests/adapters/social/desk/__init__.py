"""Articles of many kinds, written for these tests, as a newsroom receives them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from syndicate.article import Article
from syndicate.readers import Source, reader_for
from tests.articles import PUBLICATION

FOLDER = Path(__file__).parent
NAMES = sorted(file.stem for file in FOLDER.glob("*.md"))


def read(name: str) -> Article:
    """The article in the file `name`.md."""
    file = FOLDER / f"{name}.md"
    modified = datetime(2026, 1, 1, tzinfo=UTC)
    source = Source(PurePosixPath(file.name), file.read_bytes(), modified, PUBLICATION)
    reader = reader_for(source)
    assert reader is not None
    return next(iter(reader.read(source))).article
