"""What all tests share: `--update-golden` writes what is found instead of comparing with it."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A busy machine is no failure; a change is judged on examples that every run of it sees.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the tests that run"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--update-golden"))
