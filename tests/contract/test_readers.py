"""Every reader in the registry holds to the contract."""

from __future__ import annotations

import pytest

from syndicate.readers import READERS, SUFFIXES
from syndicate.testing import ReaderContract
from syndicate.testing.articles import article

SAMPLES = {
    "markdown": b"# Notes from the harbour\n\nThe night ferry sails again.\n",
    "newscopy": b"Notes from the harbour\n\nBy Ines Okafor\n\nThe night ferry sails again.\n",
    "json": article("harbour-notes").model_dump_json().encode(),
}


@pytest.fixture(params=READERS)
def chosen(request: pytest.FixtureRequest) -> None:
    """One reader after the other."""
    request.cls.sample = SAMPLES[request.param]
    request.cls.suffix = next(s for s, name in SUFFIXES.items() if name == request.param)


@pytest.mark.usefixtures("chosen")
class TestReaders(ReaderContract):
    pass
