"""What all tests share: `--update-golden` writes what is found instead of comparing with it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.databases import cluster, database

# A busy machine is no failure; a change is judged on examples that every run of it sees.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
# A worker has one core. Where processes side by side are what matters, a test says `--jobs`.
os.environ["SYNDICATE_JOBS"] = "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the tests that run"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server for this run of the tests."""
    with cluster() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What `ledger` may say in `syndicate.toml`, for each kind of database; it is empty."""
    if request.param == "sqlite":
        yield ".syndicate/ledger.sqlite"
    else:
        with database(request.getfixturevalue("postgresql")) as url:
            yield url
