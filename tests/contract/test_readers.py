"""Every reader in the registry holds to the contract."""

from __future__ import annotations

import pytest

from syndicate.readers import READERS
from syndicate.testing import ReaderContract
from tests.readers.seeds import seeds

OTHER = {"docx", "html", "feed", "wordpress"}
"""Archives, and what names its own encoding or is mended where it is broken."""


@pytest.fixture(params=READERS)
def chosen(request: pytest.FixtureRequest) -> None:
    """One reader after the other."""
    request.cls.suffix, request.cls.sample = seeds()[request.param]
    request.cls.is_utf8 = request.param not in OTHER


@pytest.mark.usefixtures("chosen")
class TestReaders(ReaderContract):
    pass
