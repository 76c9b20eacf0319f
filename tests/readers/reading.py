"""How the tests of readers read."""

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
    """A source of the shared publication."""
    data = text if isinstance(text, bytes) else text.encode()
    return Source(PurePosixPath(name), data, MODIFIED, publication)


def read_one(
    text: str | bytes, name: str = "note.md", publication: Publication = PUBLICATION
) -> Reading:
    """The only article in `text`."""
    (reading,) = read(source(text, name, publication))
    return reading


def article_of(text: str | bytes, name: str = "note.md") -> Article:
    """The only article in `text`, without the account of it."""
    return read_one(text, name).article


def refused(text: str | bytes, name: str = "note.md") -> list[SourceError]:
    """What is wrong with `text`, one line each; fails if nothing is."""
    with pytest.raises(SyndicateError) as caught:
        read(source(text, name))
    found = caught.value
    errors = list(found.errors) if isinstance(found, Problems) else [found]
    for error in errors:
        assert isinstance(error, SourceError)
        assert "\n" not in str(error)
    return [error for error in errors if isinstance(error, SourceError)]
