"""The ledger's version, and the steps from each version to the next.

The first process that opens an old ledger upgrades it under a lock, in one transaction; on SQLite a
backup is written first. Ledgers older than version 4 have no version number and are recognised by
their tables.

| version | since |
| --- | --- |
| 1 | files: one delivery an artifact |
| 2 | dispatches, each with its deliveries; subscribers; schedules |
| 3 | approvals became reviews, which may also reject |
| 4 | the version itself, events, whose ledger it is; editions in columns of their own |
| 5 | leases |
| 6 | versions of articles, heads of drafts, and what a rendering keeps for the next one |
| 7 | articles are found by source and slug; ids and sizes of 64 bits on PostgreSQL |
| 8 | the inventory of copies; what each feed has shown, whose folder is whose; withdrawals |
| 9 | a mark of the articles, drawn by the database; which versions were shown and sent; notices;
  the last good version of each article, and whether it is kept without its file |
| 9 | what a withdrawal asks for; what caches have to be told |
| 9 | people who were forgotten, texts that were erased |

The rule for steps is in tables.py: add first, drop later.
"""

from __future__ import annotations

import logging
import secrets
import shlex
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from syndicate import __version__
from syndicate.errors import LedgerError, Location
from syndicate.ledger.articles_mark import TRIGGERS, draw_marks
from syndicate.ledger.backups import (
    HOW_TO_RESTORE,
    back_up,
    check_room_for_backup,
    how_to_restore,
    keep_last_backups,
)
from syndicate.ledger.database import SCHEMA, Database
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.migration_steps import STEPS
from syndicate.ledger.pseudonyms import KEY as PSEUDONYM_KEY
from syndicate.ledger.tables import ABOUT, ARTICLES

VERSION = 9
USABLE_FROM = 3
"""The oldest version whose release can still use a ledger of `VERSION`."""
# One query each: this runs whenever a ledger is opened.
_COLUMNS_OF_SQLITE = """
    SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
     WHERE t.type = 'table'
     UNION ALL SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'
"""
_COLUMNS_OF_POSTGRESQL = """
    SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
       AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
    SELECT c.relname, t.tgname FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
"""
_log = logging.getLogger(__name__)


def about_ledger(db: sa.Connection) -> dict[str, str]:
    """The facts in the table `ledger`; empty before version 4."""
    if not sa.inspect(db).has_table(ABOUT.name):
        return {}
    return {row.key: row.value for row in db.execute(sa.select(ABOUT))}


def version_of(db: sa.Connection) -> int:
    """The version of a ledger; 0 if it has no tables.

    Raises:
        LedgerError: it should state its version, and does not.
    """
    if stated := about_ledger(db).get("version"):
        return _number(stated)
    inspector = sa.inspect(db)
    names = set(inspector.get_table_names())
    if ABOUT.name in names:  # since version 4
        raise LedgerError(
            "the ledger does not say which version it has: a row of its table 'ledger' is missing",
            hint=HOW_TO_RESTORE,
        )
    if not names & set(SCHEMA.tables):
        return 0
    if "deliveries" in names:
        columns = {column["name"] for column in inspector.get_columns("deliveries")}
        if "run" in columns and "dispatch" not in columns:
            return 1
    return 2 if "approvals" in names else 3


def prepare(database: Database, keep_backup: bool = True) -> None:
    """Upgrade the ledger in `database` to the newest version, if it is older.

    Args:
        keep_backup: whether to write a backup first; False for a ledger that is itself a copy.

    Raises:
        LedgerError: it is too new for this program, a table or column is missing, or the disk has
            no space for a backup.
        LockedError: another process has been upgrading it for a minute.
    """
    with database.transaction() as db:
        refuse_marked(db, database.path)
        stated = about_ledger(db)
        refuse_newer_ledger(stated)
        if stated.get("version") == str(VERSION):
            _check_complete(db, VERSION, database.path)
            return
    if _number(stated.get("version", "0")) < VERSION:
        _upgrade(database, keep_backup)


def refuse_newer_ledger(stated: dict[str, str]) -> None:
    """Raise LedgerError if a ledger with these facts (see `about`) is too new for this program."""
    if _number(stated.get("usable_from", "0")) > VERSION:
        made_by = stated.get("program", "a newer release")
        raise LedgerError(
            f"the ledger has version {stated['version']}, from syndicate {made_by}; this is"
            f" syndicate {__version__}, which can use versions up to {VERSION}",
            hint=f"upgrade syndicate to {made_by} or newer",
        )


def _number(stated: str) -> int:
    """A version as the ledger states it."""
    if stated.isascii() and stated.isdigit():
        return int(stated)
    raise LedgerError(
        f"the ledger says that its version is {stated!r}, which is no number",
        hint=HOW_TO_RESTORE,
    )


def refuse_marked(db: sa.Connection, file: Path | None) -> None:
    """Raise LedgerError if something else than this program has given the SQLite ledger in `file` a
    version."""
    if file is None or not (marked := db.exec_driver_sql("PRAGMA user_version").scalar_one()):
        return
    raise LedgerError(
        f"the ledger has the version {marked} of another program (user_version)",
        where=Location(str(file)),
        hint="if you know that it is the ledger: sqlite3"
        f" {shlex.quote(str(file))} 'PRAGMA user_version = 0'; else {how_to_restore(file)}",
    )


def missing_columns(db: sa.Connection, version: int = VERSION) -> Iterator[str]:
    """Names the tables, columns and triggers that a ledger of `version` should have and lacks."""
    query = _COLUMNS_OF_SQLITE if db.dialect.name == "sqlite" else _COLUMNS_OF_POSTGRESQL
    present: dict[str, set[str]] = {}
    for table, column in db.exec_driver_sql(query):
        present.setdefault(table, set()).add(column)
    for table, columns in _expected(version).items():
        if table not in present:
            yield f"table {table!r}"
            continue
        for column in sorted(columns - present[table]):
            yield f"column {column!r} of table {table!r}"
    for name in TRIGGERS[db.dialect.name] if version >= 9 else ():
        if name not in present.get(ARTICLES.name, ()):
            yield f"trigger {name!r} of table {ARTICLES.name!r}"


def _expected(version: int) -> dict[str, set[str]]:
    """The columns of each table in a ledger of `version`."""
    tables = {name: {column.name for column in t.columns} for name, t in SCHEMA.tables.items()}
    if version < 9:
        del tables["showings"], tables["contents"], tables["notices"], tables["last_versions"]
        tables["articles"] -= {"kept"}
        tables["pictures"] -= {"stored"}
        del tables["withdrawals"], tables["gone_files"], tables["purges"]
        del tables["forgotten"], tables["erased"]
    if version < 8:
        del tables["copies"], tables["folders"], tables["appearances"]
        tables["renderings"] -= {"date"}
        tables["articles"] -= {"text", "withdrawn"}
    if version < 6:
        del tables["versions"], tables["pictures"], tables["drafts"]
        tables["renderings"] -= {"pieces"}
    if version < 5:
        del tables["leases"]
    if version < 4:
        for name in ("ledger", "events", "doubts"):
            del tables[name]
        tables["editions"] -= {"articles", "since", "revised", "pages_of", "pages"}
    if version < 3:
        del tables["reviews"]
        tables["approvals"] = {"channel", "unit", "name", "digest", "by", "at"}
    if version < 2:
        for name in ("dispatches", "slots", "subscribers"):
            del tables[name]
        old = {"channel", "run", "unit", "digest", "state", "remote_id", "url", "error"}
        tables["deliveries"] = old
    return tables


def refuse_empty(db: sa.Connection, file: Path | None) -> None:
    """Raise LedgerError if the database has none of the ledger's tables, which were there before.
    With new ones, everything would be published and sent again.

    Args:
        file: the ledger's file, None if it is on a server.
    """
    if version_of(db) == 0:
        gone = "the file" if file else ".syndicate/newsroom"
        raise LedgerError(
            "the ledger's tables are gone"
            if file
            else "there is no ledger in the database, although this newsroom has had one",
            where=Location(str(file)) if file else None,
            hint=f"{how_to_restore(file)}; to start over and send everything again, delete {gone}",
        )


def _upgrade(database: Database, keep_backup: bool) -> None:
    saved: list[Path] = []
    try:
        with database.alone() as db:
            found = version_of(db)
            if found >= VERSION:  # another process has just done it
                return
            file = database.path if keep_backup and found else None
            told = _upgraded(database, db, found, file, saved)
    except BaseException:
        for backup in saved:  # the ledger is as it was; a better backup must not make way for this
            backup.unlink(missing_ok=True)
        raise
    if saved and database.path:
        keep_last_backups(database.path)
    if found:
        _log.warning("the ledger was upgraded from %s", told)


def _upgraded(
    database: Database, db: sa.Connection, found: int, file: Path | None, saved: list[Path]
) -> str:
    """Upgrade a ledger of the version `found`, or create it if that is 0. Returns what to tell.

    Args:
        file: the ledger's file, if it is to be backed up.
        saved: the backup is added to it.
    """
    if found:
        # With an empty table in place of a lost one, everything would be sent again.
        _check_complete(db, found, database.path)
    steps = [step for step in STEPS if step.version > found] if found else []
    told = f"version {found} to {VERSION}"
    if steps and file:
        refuse_damaged(db, file)
        check_room_for_upgrade(file, found)
        saved.append(back_up(file, found))
        told += f"; backup: {saved[0].name}"
    for step in steps:
        step.run(db)
    SCHEMA.create_all(db)
    if not found:
        draw_marks(db)
    _check_complete(db, VERSION, database.path)
    _stamp(database, db)
    created = LedgerEvent("created", note=f"version {VERSION}")
    note_event(db, LedgerEvent("upgraded", note=told) if found else created)
    return told


def check_room_for_upgrade(file: Path, version: int) -> None:
    """Raise LedgerError if the disk has no space to upgrade the ledger in `file` from `version`."""
    growth = sum(step.growth for step in STEPS if step.version > version)
    check_room_for_backup(file, 1 + growth)


def refuse_damaged(db: sa.Connection, file: Path) -> None:
    """Raise LedgerError if SQLite finds pages of the ledger in `file` damaged."""
    if db.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
        where = Location(str(file))
        raise LedgerError("the ledger is damaged", where=where, hint=how_to_restore(file))


def _check_complete(db: sa.Connection, version: int, file: Path | None) -> None:
    if lost := ", ".join(missing_columns(db, version)):
        raise LedgerError(f"missing from the ledger: {lost}", hint=how_to_restore(file))


def _stamp(database: Database, db: sa.Connection) -> None:
    key = database.insert(ABOUT).values(key=PSEUDONYM_KEY, value=secrets.token_hex(32))
    db.execute(key.on_conflict_do_nothing())
    says = {"version": str(VERSION), "usable_from": str(USABLE_FROM), "program": __version__}
    database.put(db, ABOUT, [{"key": key, "value": value} for key, value in says.items()])
