"""A ledger belongs to one newsroom and refuses every other.

A newsroom is identified by `id` in syndicate.toml, or else by the id in `.syndicate/newsroom`,
which the first run writes, or else (in a fresh checkout) by the host of `base_url`. With an id, the
title and the host may change. See docs/decisions/0007-whose-ledger.md.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from syndicate.atomic import write_whole
from syndicate.errors import LedgerError, Location
from syndicate.ledger.backups import how_to_restore
from syndicate.ledger.database import Database
from syndicate.ledger.database_errors import is_there
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.migrations import about_ledger
from syndicate.ledger.tables import ABOUT, ARTICLES
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.root import SETTINGS

_log = logging.getLogger(__name__)


def claim_ledger(database: Database, newsroom: Newsroom) -> None:
    """Check that the ledger in `database` belongs to `newsroom`. If it has no newsroom yet, it gets
    this one.

    Raises:
        LedgerError: it belongs to another newsroom.
    """
    with database.transaction() as db:
        said = about_ledger(db)
    if "newsroom" not in said:
        said = _join(database, newsroom)
    check_owner(said, newsroom)
    present = _names(newsroom)
    if any(said.get(key) != value for key, value in present.items()):
        with database.transaction() as db:
            rows = [{"key": key, "value": value} for key, value in present.items()]
            database.put(db, ABOUT, rows)
    _remember(newsroom, said["newsroom"])


def own_id(newsroom: Newsroom) -> str:
    """The id of `newsroom`, "" if it has none yet."""
    return newsroom.id or _remembered(newsroom)


def has_had_ledger(newsroom: Newsroom) -> bool:
    """Whether `newsroom` has had a ledger in this checkout."""
    return bool(_remembered(newsroom))


def refuse_lost_ledger(newsroom: Newsroom, file: Path) -> None:
    """Raise LedgerError if the ledger `file` does not exist, although `newsroom` has had a ledger.
    With a new one, everything would be published and sent again."""
    if is_there(file) or not has_had_ledger(newsroom):
        return
    name = _file(newsroom).relative_to(newsroom.root)
    raise LedgerError(
        f"{file}: there is no ledger, although this newsroom has had one",
        hint=f'{how_to_restore(file)}; if it is in another place, name that: ledger = "…" (in'
        f" {SETTINGS}); to start over and send everything again, delete {name}",
    )


def _join(database: Database, newsroom: Newsroom) -> dict[str, str]:
    """Give the ledger to `newsroom`, unless another process was faster. Returns its facts."""
    mine, title = own_id(newsroom) or secrets.token_hex(8), newsroom.publication.title
    rows = [{"key": key, "value": value} for key, value in _names(newsroom).items()]
    with database.transaction() as db:
        insert = database.insert(ABOUT).on_conflict_do_nothing()
        db.execute(insert.values(key="newsroom", value=mine))
        first = about_ledger(db)["newsroom"] == mine
        if first:
            database.put(db, ABOUT, rows)
            note_event(db, LedgerEvent("joined", note=f"{title} ({mine})"))
        used = db.scalar(sa.select(sa.exists(sa.select(ARTICLES.c.id))))
        said = about_ledger(db)
    if first and used:
        _log.warning("the ledger now belongs to %s; other newsrooms cannot use it", title)
    return said


def check_owner(said: dict[str, str], newsroom: Newsroom) -> None:
    """Raise LedgerError if a ledger with these facts does not belong to `newsroom`."""
    mine, its = own_id(newsroom), said["newsroom"]
    if mine == its or (not mine and said.get("host") == newsroom.publication.authority):
        return
    theirs = f"{said.get('title', '?')!r} ({said.get('host', '?')}, id {its})"
    title, host = newsroom.publication.title, newsroom.publication.authority
    ours = f"{title!r} ({host}{f', id {mine}' if mine else ''})"
    raise LedgerError(
        f"the ledger belongs to the newsroom {theirs}; this one is {ours}",
        where=Location(SETTINGS),
        hint='give this newsroom its own ledger: ledger = "…"; if it is the same newsroom, add'
        f' id = "{its}" (in {SETTINGS}, above [publication])',
    )


def _names(newsroom: Newsroom) -> dict[str, str]:
    return {"title": newsroom.publication.title, "host": newsroom.publication.authority}


def _remember(newsroom: Newsroom, id_: str) -> None:
    """Write the id to `.syndicate/newsroom`, so that the title and the host may change, and a
    ledger that is lost is missed."""
    if _remembered(newsroom) == id_:
        return
    with suppress(OSError):  # the host is enough
        write_whole(_file(newsroom), f"{id_}\n".encode())


def _remembered(newsroom: Newsroom) -> str:
    with suppress(OSError):
        return _file(newsroom).read_text().strip()
    return ""


def _file(newsroom: Newsroom) -> Path:
    return newsroom.state / "newsroom"
