"""What a database reports, in words: what is wrong, where, and what to do about it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from syndicate.errors import LedgerError, Location
from syndicate.ledger.backups import how_to_restore

_LEAST = 100_000  # bytes; with less, SQLite cannot even make its -shm file
_DAMAGED = "is damaged"
_NEW = re.compile(r"\.[0-9a-f]{8}\.new$")  # of a ledger that is being created
_LATER = "run the command again in a minute"

# Of PostgreSQL (see its manual, "PostgreSQL Error Codes"), or words of what libpq says when it
# cannot connect, since that has no code. {0} is the database, {1} the options that name the server
# and the user to its programs, {2} the user, {3} the options that name the server only.
_SERVER = (
    (
        ("42501", "no pg_hba.conf entry"),
        "the user {2!r} may not use it",
        "as its owner: psql {3} {0} -c 'GRANT ALL ON SCHEMA public TO {2};"
        " GRANT ALL ON ALL TABLES IN SCHEMA public TO {2};"
        " GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {2}'",
    ),
    (
        ("28P01", "password authentication failed", "no password supplied"),
        "the server did not accept the password of {2!r}",
        "give the password: SYNDICATE_LEDGER=postgresql://{2}:PASSWORD@…, or in ~/.pgpass",
    ),
    (
        ("3D000", "database "),
        "there is no such database",
        "create it: createdb {1} {0}",
    ),
    (("28000", "role "), "there is no user {2!r}", "create it: createuser {3} --pwprompt {2}"),
    (
        ("25006",),
        "it can only be read: perhaps the server is a copy of another",
        "name the main server in ledger = \"…\"",
    ),
    (("53100",), "the server's disk is full", "free some space there; " + _LATER),
    (("53300", "too many clients", "remaining connection slots"),
     "the server accepts no more connections", _LATER),
    (("57P03", "starting up", "shutting down", "57P01"), "the server is starting or stopping",
     _LATER),
    (
        ("42703", "42P01"),
        "a table or a column is missing",
        "see which: syndicate doctor; then restore a dump: pg_restore",
    ),
    (
        ("resolve host", "translate host name"),
        "there is no server of that name",
        "check the name in ledger = \"…\"",
    ),
    (
        ("Permission denied",),
        "you may not use the server's socket",
        "name a host: ledger = \"postgresql://{2}@localhost/{0}\"",
    ),
    (
        ("refused", "No such file", "timeout", "timed out", "unreachable", "No route"),
        "no server answers",
        "check host and port in ledger = \"…\", and whether it is running: pg_isready {1}",
    ),
    (
        ("server closed the connection", "connection is closed", "terminating connection",
         "consuming input failed", "SSL SYSCALL"),
        "the connection was lost",
        "run the command again; is the server running? pg_isready {1}",
    ),
)  # fmt: skip


def ledger_error(error: BaseException, url: sa.URL) -> LedgerError | None:
    """What `error` of the database at `url` means; None if it has to be read as it is. No password
    is in it."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        return _of_file(name, str(error), Path(url.database or ""))
    return _of_server(getattr(error, "sqlstate", None) or "", str(error), url)


def is_there(file: Path) -> bool:
    """Whether the ledger `file` exists.

    Raises:
        LedgerError: the user may not look, or it is a link that leads nowhere.
    """
    try:
        if file.exists():
            return True
        if file.is_symlink():
            raise LedgerError(
                f"is a link to {file.readlink()}, which does not exist",
                where=Location(_short(file)),
                hint="is that disk mounted? otherwise put the ledger there, or remove the link",
            )
    except OSError as error:
        raise unusable(file, error) from error
    return False


def unusable(file: Path, error: OSError) -> LedgerError:
    """The error for a ledger `file` that the system does not let this user use."""
    message, hint = _rights(file) or (error.strerror or str(error), "check with: syndicate doctor")
    return LedgerError(message, where=Location(_short(file)), hint=hint)


def _of_file(name: str, text: str, file: Path) -> LedgerError | None:
    file = file.with_name(_NEW.sub("", file.name))
    where = Location(_short(file))
    found: tuple[str, str] | None = None
    if name == "SQLITE_FULL" or (name.startswith("SQLITE_IOERR") and _free(file) < _LEAST):
        room = "free some space there and run the command again; nothing is lost"
        found = "the disk is full", room
    elif name.startswith("SQLITE_IOERR"):
        hint = "check the disk, and how large a file may be there (quota, ulimit -f)"
        found = f"the disk does not take it ({text})", hint
    elif name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        found = _rights(file)
        if found is None and name.startswith("SQLITE_READONLY"):
            found = "it can only be read", 'take mode=ro out of ledger = "…" (in syndicate.toml)'
    elif name == "SQLITE_NOTADB":
        found = "is not a ledger: something else is in the file", how_to_restore(file)
    elif name.startswith("SQLITE_CORRUPT"):
        found = _DAMAGED, how_to_restore(file)
    elif text.startswith(("no such column", "no such table", "table ")):
        found = f"{_DAMAGED}: {text}", how_to_restore(file)
    return LedgerError(found[0], where=where, hint=found[1]) if found else None


def _rights(file: Path) -> tuple[str, str] | None:
    """Why `file` cannot be opened or written, and what to do."""
    folder, shown = file.parent, shlex.quote(_short(file))
    if os.path.isdir(file):  # noqa: PTH112 - a Path raises an error for a closed folder
        return "is a folder", 'name a file: ledger = "…" (in syndicate.toml)'
    exists = os.access(file, os.F_OK)
    if exists and not os.access(file, os.R_OK):
        return "you may not read it", _let(file, shown, "u+rw")
    if exists and not os.access(file, os.W_OK):
        return "it can only be read", _let(file, shown, "u+w")
    for place in (folder, *folder.parents):
        if os.access(place, os.F_OK):
            break
    if not os.access(place, os.W_OK | os.X_OK):
        where = shlex.quote(_short(place))
        return f"the folder {where} can only be read", _let(place, where, "u+rwx")
    for suffix in ("-wal", "-shm"):
        beside = file.with_name(file.name + suffix)
        if os.access(beside, os.F_OK) and not os.access(beside, os.R_OK | os.W_OK):
            shown = shlex.quote(_short(beside))
            return f"you may not write {shown}", _let(beside, shown, "u+rw")
    return None


def _let(path: Path, shown: str, change: str) -> str:
    """How to get rights to `path`."""
    try:
        owner = path.stat().st_uid
        if os.statvfs(path).f_flag & os.ST_RDONLY:
            return "mount the disk so that it can be written"
    except OSError:
        return f"chmod {change} {shown}"
    if owner == os.geteuid():
        return f"chmod {change} {shown}"
    try:
        import pwd

        user = pwd.getpwuid(owner).pw_name
    except KeyError:
        user = str(owner)
    return (
        f"it belongs to {user}: run the command as {user} (sudo -u {user} syndicate …), or share"
        ' the newsroom: share = "group" (in syndicate.toml)'
    )


def _of_server(code: str, text: str, url: sa.URL) -> LedgerError | None:
    host = url.host or str(url.query.get("host", ""))
    port = f":{url.port}" if url.port else ""
    where = Location(f"database {url.database or ''!r} on {host or 'this machine'}{port}")
    options = [("-h", host), ("-p", url.port), ("-U", url.username)]
    given = [f"{name} {shlex.quote(str(one))}" for name, one in options if one]
    server = " ".join(one for one in given if not one.startswith("-U"))
    words = (url.database or "postgres", " ".join(given), url.username or "", server)
    for signs, message, hint in _SERVER:
        if code in signs or (not code and any(sign in text for sign in signs)):
            return LedgerError(message.format(*words), where=where, hint=hint.format(*words))
    if code:
        return None
    return LedgerError(" ".join(text.split()), where=where, hint='check ledger = "…"')


def _free(file: Path) -> int:
    try:
        return shutil.disk_usage(file.parent).free
    except OSError:
        return _LEAST


def _short(path: Path) -> str:
    """`path` as a person would name it from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def explain(context: Any) -> None:
    """Listener for SQLAlchemy's `handle_error`: raise what the error means. Where somebody else has
    locked the database, whoever waits for it says so."""
    error = context.original_exception
    text = str(error)
    if "lock" in text or getattr(error, "sqlstate", None) == "55P03" or context.engine is None:
        return
    if isinstance(error, context.dialect.loaded_dbapi.Error):
        told = ledger_error(error, context.engine.url)
        if told is not None:
            raise told from error
