"""What all tests share: `--update-golden` writes what is found instead of comparing with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from syndicate.private import keep_private
from tests import missing, waiting
from tests.databases import cluster, database

HERE = Path(__file__).parent

# What tests create in their own process is private, as what a command creates.
keep_private("none")

# No deadline: a busy machine must not fail the tests. CI uses the same examples in every run.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
# A test worker has one core. Tests that need parallel processes pass `--jobs`.
os.environ["SYNDICATE_JOBS"] = "1"
# The tests start hundreds of processes; they must not all compile the package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# With this variable, output that is never flushed would appear in the tests but not for users.
os.environ.pop("PYTHONUNBUFFERED", None)
sys.dont_write_bytecode = False
waiting.ZYGOTE.environment = dict(os.environ)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the tests that run"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that no core is idle at the end."""
    items.sort(key=lambda item: item.path.parent != HERE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once what was skipped, why, and how to get what it needs."""
    if lines := missing.summary(terminalreporter.getreports("skipped")):
        terminalreporter.section("skipped")
        terminalreporter.write("".join(f"{line}\n" for line in lines))


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server for this run of the tests."""
    with cluster() as server:
        yield server


# One worker starts the server, not each.
_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))


@pytest.fixture(params=["sqlite", _POSTGRESQL])
def ledger_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What `ledger` may say in `syndicate.toml`, for each kind of database; it is empty."""
    if request.param == "sqlite":
        yield ".syndicate/ledger.sqlite"
    else:
        with database(request.getfixturevalue("postgresql")) as url:
            yield url
