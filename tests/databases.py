"""A PostgreSQL of the tests' own, and where it is missing a clear reason."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests import waiting

USERS = ("postgres", "nobody")  # the server refuses to run as root


@cache
def programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").is_file()), None)


def run(program: str, *words: str, user: str | None) -> None:
    """Run one of PostgreSQL's programs, as `user` if the tests run as root."""
    place = programs()
    assert place is not None
    done = waiting.run(
        [str(place / program), *words],
        user=user,
        group=None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr}")


@contextmanager
def cluster() -> Iterator[str]:
    """A server in a folder of its own, reached by a socket there; gives its URL without a database.

    It is skipped where PostgreSQL is not installed.
    """
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'psycopg[binary]'")
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    user = None
    if os.geteuid() == 0:
        import pwd

        known = {entry.pw_name for entry in pwd.getpwall()}
        user = next((name for name in USERS if name in known), None)
        if user is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other user")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        shutil.chown(folder, user)
    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "syndicate", "--no-sync", user=user)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start", user=user)
        try:
            yield f"postgresql+psycopg://syndicate@/%s?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop", user=user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: str) -> Iterator[str]:
    """An empty database on the server at `server`."""
    import sqlalchemy as sa

    name = f"t{uuid.uuid4().hex}"
    engine = sa.create_engine(server % "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield server % name
