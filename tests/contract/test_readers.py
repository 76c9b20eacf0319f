"""Every reader in the registry passes the contract suite."""

from __future__ import annotations

import pytest

from syndicate.readers import READERS
from syndicate.testing import ReaderContract
from tests.readers.seeds import seeds

OTHER = {"docx", "odt", "zip", "rtf", "eml", "html", "feed", "wordpress", "wire"}
"""Archives, and formats that name their own encoding or whose invalid bytes are repaired."""


@pytest.fixture(params=READERS)
def chosen(request: pytest.FixtureRequest) -> None:
    """Each reader in turn."""
    request.cls.suffix, request.cls.sample = seeds()[request.param]
    request.cls.is_utf8 = request.param not in OTHER


@pytest.mark.usefixtures("chosen")
class TestReaders(ReaderContract):
    pass
