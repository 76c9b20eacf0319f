"""What the tests of platforms share."""

from __future__ import annotations

import ssl
from functools import cache

import pytest

_context = cache(ssl.create_default_context)


@pytest.fixture(autouse=True)
def one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """To read all certificates anew for each client takes longer than a post; none is asked for."""
    monkeypatch.setattr("ssl.create_default_context", _context)
