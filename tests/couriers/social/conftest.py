"""Fixtures for the tests of social platforms."""

from __future__ import annotations

import ssl
from functools import cache

import pytest

_context = cache(ssl.create_default_context)


@pytest.fixture(autouse=True)
def one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loads the system's certificates once, since loading them for each client takes longer than a
    post, and no test needs them."""
    monkeypatch.setattr("ssl.create_default_context", _context)
