"""Functions that read a source, for the tests of readers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.errors import Problems, SourceError, SyndicateError
from syndicate.readers import Reading, Source, read
from tests.articles import PUBLICATION

MODIFIED = datetime(2026, 10, 7, 8, 0, 30, 999, tzinfo=UTC)


def source(
    text: str | bytes, name: str = "note.md", publication: Publication = PUBLICATION
) -> Source:
    """A source with the text `text` in the file `name`."""
    data = text if isinstance(text, bytes) else text.encode()
    return Source(PurePosixPath(name), data, MODIFIED, publication)


def read_one(
    text: str | bytes, name: str = "note.md", publication: Publication = PUBLICATION
) -> Reading:
    """The reading of `text`, which must contain exactly one article."""
    (reading,) = read(source(text, name, publication))
    return reading


def article_of(text: str | bytes, name: str = "note.md") -> Article:
    """The only article in `text`."""
    return read_one(text, name).article


def refused(text: str | bytes, name: str = "note.md") -> list[SourceError]:
    """The errors for `text`, each of one line; fails if there are none."""
    with pytest.raises(SyndicateError) as caught:
        read(source(text, name))
    found = caught.value
    errors = list(found.errors) if isinstance(found, Problems) else [found]
    for error in errors:
        assert isinstance(error, SourceError)
        assert "\n" not in str(error)
    return [error for error in errors if isinstance(error, SourceError)]
