"""Newsrooms as older commits left them: golden/ledgers/README.md says how they were made."""

from __future__ import annotations

import re
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import database
from tests.engine.conftest import Desk

GOLDEN = Path(__file__).parents[1] / "golden" / "ledgers"


@dataclass(frozen=True)
class Era:
    """A commit, the version of its ledger, whom it mailed, and what was approved before its end:
    what has left of that, and what has not."""

    commit: str
    version: int
    mails: bool
    posts: bool
    gone: str
    approved: str


ERAS = (
    Era("1a65aff", 1, False, False, "ferry.txt", "tides.txt"),
    Era("9cd3621", 2, True, False, "full-boat.x.md", "night-ferry.x.md"),
    Era("75f1340", 3, True, True, "full-boat.x.md", "night-ferry.x.md"),
    Era("c447f78", 3, True, True, "full-boat.x.md", "night-ferry.x.md"),
)


def restore_newsroom(
    era: Era, folder: Path, smtp: int = 9, api: str = "http://127.0.0.1:9"
) -> Desk:
    """The newsroom of `era` below `folder`, its ledger a file; mail and posts go to loopback."""
    with tarfile.open(GOLDEN / era.commit / "newsroom.tar.gz") as archive:
        if hasattr(tarfile, "data_filter"):  # Python 3.11.4
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder)
    desk = Desk(folder / "newsroom")
    ledger = desk.root / desk.ledger
    ledger.parent.mkdir(exist_ok=True)
    dump = (GOLDEN / era.commit / "ledger.sql").read_text().replace("/newsroom", str(desk.root))
    with closing(sqlite3.connect(ledger)) as database:
        database.executescript(dump)
    for channel in (desk.root / "channels").glob("*.toml"):
        text = re.sub(r"(?m)^port = \d+$", f"port = {smtp}", channel.read_text())
        channel.write_text(re.sub(r'(?m)^api = ".*"$', f'api = "{api}"', text))
    return desk


def move_to_server(desk: Desk, url: str) -> None:
    """Move the ledger of `desk` to the empty database at `url`, table by table as it is."""
    here, there = sa.create_engine(f"sqlite:///{desk.root / desk.ledger}"), sa.create_engine(url)
    schema = sa.MetaData()
    schema.reflect(here)
    for table in schema.tables.values():
        table.dialect_options["sqlite"]["with_rowid"] = True
        for index in list(table.indexes):
            if index.dialect_options["sqlite"]["where"] is not None:
                table.indexes.remove(index)
    with here.connect() as old, there.begin() as new:
        schema.create_all(new)
        for table in schema.sorted_tables:
            rows = [dict(row) for row in old.execute(sa.select(table)).mappings()]
            if rows:
                new.execute(table.insert(), rows)
            if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
                new.exec_driver_sql(
                    f"SELECT setval('{table.name}_id_seq', (SELECT max(id) FROM {table.name}))"
                )
    here.dispose()
    there.dispose()
    (desk.root / desk.ledger).unlink()
    settings = desk.root / "syndicate.toml"
    settings.write_text(f'ledger = "{url}"\n{settings.read_text()}')
    desk.ledger = url


EACH = pytest.mark.parametrize("era", ERAS, ids=lambda era: era.commit)
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    """Makes the newsroom of an era, its ledger on either database."""
    with ExitStack() as stack:

        def restored(era: Era, **ports: object) -> Desk:
            desk = restore_newsroom(era, tmp_path, **ports)  # type: ignore[arg-type]
            if request.param == "postgresql":
                server = request.getfixturevalue("postgresql")
                move_to_server(desk, stack.enter_context(database(server)))
            return desk

        yield restored
