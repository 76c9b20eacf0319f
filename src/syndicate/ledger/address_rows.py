"""Erases the addresses of people who were forgotten, in every text of every table.

Nothing needs to know where addresses are: in an error of a mail server, in the cause of a bounce,
in a path. So this also works on backups, which are of older versions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import State
from syndicate.ledger.pseudonyms import addresses_in, with_pseudonyms

Names = Callable[[Collection[str]], Mapping[str, str]]
"""The pseudonyms of those among some addresses that are forgotten."""
NO_LONGER = "no longer subscribed"
"""Why nothing is sent to somebody who does not want it."""
_ANY = ("%@%", r"%\%40%")
_AT_ONCE = 500  # rows
_GONE = {"subscribers": "address", "copies": "unit"}
"""The tables of which a row goes that is about somebody who was forgotten, with the column that has
the address: their own feeds are removed with their copies."""


@dataclass(frozen=True)
class _TextTable:
    """A table with texts, as it is in the database."""

    table: sa.TableClause
    keys: tuple[str, ...]
    texts: tuple[str, ...]

    def __getitem__(self, name: str) -> sa.ColumnClause[Any]:
        return self.table.c[name]

    def row(self, key: Mapping[Any, Any]) -> sa.ColumnElement[bool]:
        """The condition that a row has this key."""
        return sa.and_(*(self[name] == key[name] for name in self.keys))


def erase_addresses(database: Database, names: Names, alike: str = "") -> int:
    """Put pseudonyms in place of the addresses that have one in `names`. What was still to leave to
    them never does. A crash leaves the rest for the next time. Returns how many rows have changed.

    Args:
        alike: letters or digits that each of these addresses has before its @; only rows with them
            are looked at.
    """
    with database.transaction() as db:
        tables = list(_text_tables(db))
    return sum(_erase(database, one, names, alike) for one in tables)


def _text_tables(db: sa.Connection) -> Iterator[_TextTable]:
    inspector = sa.inspect(db)
    for name in inspector.get_table_names():
        columns = [sa.column(one["name"], one["type"]) for one in inspector.get_columns(name)]
        keys = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
        texts = tuple(one.name for one in columns if isinstance(one.type, sa.String))
        if keys and texts:
            yield _TextTable(sa.table(name, *columns), keys, texts)


def _erase(database: Database, one: _TextTable, names: Names, alike: str) -> int:
    patterns = [f"%{alike}%"] if alike else list(_ANY)
    contains = sa.or_(
        *(
            one[text].like(pattern, escape="\\")
            if database.is_sqlite  # there it does not care for capitals
            else one[text].ilike(pattern, escape="\\")
            for text in one.texts
            for pattern in patterns
        )
    )
    key = [one[name] for name in one.keys]
    found = database.stream(sa.select(one.table).where(contains), *key)
    number = 0
    while page := list(islice(found, _AT_ONCE)):
        candidates = {
            address
            for row in page
            for text in one.texts
            for address in addresses_in(row._mapping[text] or "")
        }
        known = names(candidates)
        if not known:
            continue
        with database.turn() as db:
            number += sum(_change(db, one, row._mapping, known) for row in page)
    return number


def _change(
    db: sa.Connection, one: _TextTable, seen: sa.RowMapping, names: Mapping[str, str]
) -> bool:
    """Change a row that was `seen`, as it is now. Whether there was something to change."""
    if not any(
        with_pseudonyms(seen[text] or "", names) != (seen[text] or "") for text in one.texts
    ):
        return False
    here = one.row(seen)
    row = db.execute(sa.select(one.table).where(here).with_for_update()).mappings().first()
    if row is None:  # another process was faster
        return False
    if row[_GONE.get(one.table.name, one.keys[0])] in names and one.table.name in _GONE:
        db.execute(one.table.delete().where(here))
        return True
    new = {text: with_pseudonyms(row[text], names) for text in one.texts if row[text]}
    new = {text: value for text, value in new.items() if value != row[text]}
    if one.table.name == "deliveries" and row["state"] == State.PENDING and "unit" in new:
        new |= {"state": State.FAILED.value, "error": NO_LONGER}
    _keep_apart(db, one, row, new)
    db.execute(one.table.update().where(here).values(new))
    return True


def _keep_apart(
    db: sa.Connection, one: _TextTable, row: Mapping[Any, Any], new: dict[str, Any]
) -> None:
    """Number what would be the same: one person may have had two spellings of an address."""
    changed = next((name for name in one.keys if name in new), None)
    if changed is None:
        return
    plain, number = new[changed], 1
    while db.execute(sa.select(one[changed]).where(one.row({**row, **new}))).first():
        number += 1
        new[changed] = f"{plain}-{number}"
