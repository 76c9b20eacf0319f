"""The steps from each version of the ledger to the next (see `migrations.py`).

The rule is in tables.py: add first, drop later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from syndicate.ledger.articles_mark import draw_marks
from syndicate.ledger.database import SCHEMA
from syndicate.ledger.edition_rows import edition_as_row, edition_from_row
from syndicate.ledger.events import event_time
from syndicate.ledger.records import GONE_BEFORE
from syndicate.ledger.tables import (
    ABOUT,
    APPEARANCES,
    ARTICLES,
    CONTENTS,
    COPIES,
    DELIVERIES,
    DISPATCHES,
    EDITIONS,
    ERASED,
    EVENTS,
    FOLDERS,
    FORGOTTEN,
    GONE_FILES,
    LAST_VERSIONS,
    LEASES,
    NOTICES,
    PICTURES,
    PURGES,
    RENDERINGS,
    REVIEWS,
    SHOWINGS,
    SUBSCRIBERS,
    VERSIONS,
    WITHDRAWALS,
    WITHDRAWN,
    Long,
)


@dataclass(frozen=True)
class MigrationStep:
    """Upgrades a ledger from the version before to `version`.

    `growth` is the disk space that it needs, as a multiple of the ledger's size.
    """

    version: int
    run: Callable[[sa.Connection], None]
    growth: float = 0


def _to_2(db: sa.Connection) -> None:
    """Turn each old delivery into a dispatch with one delivery.

    Version 1 retried what was pending or had failed. That still happens: such a dispatch gets no
    delivery yet, and a draft gets no dispatch until it is sent. The only courier was `file`.
    """
    old = "deliveries_of_version_1"
    db.exec_driver_sql(f"ALTER TABLE deliveries RENAME TO {old}")
    if db.dialect.name == "postgresql":  # names of keys are unique in the database
        db.exec_driver_sql(f"ALTER TABLE {old} RENAME CONSTRAINT deliveries_pkey TO {old}_pkey")
    SCHEMA.create_all(db, tables=[DISPATCHES, DELIVERIES])
    gone = "d.state IN ('delivered', 'committing', 'uncertain')"
    db.execute(
        sa.text(
            f"""
            INSERT INTO dispatches
                   (channel, run, artifact, courier, digest, at, frozen, "current")
            SELECT d.channel, d.run, d.unit, 'file', d.digest, :at, {gone}, TRUE
              FROM {old} d
              LEFT JOIN artifacts a
                     ON a.channel = d.channel AND a.unit = d.run AND a.name = d.unit
             WHERE {gone} OR NOT COALESCE(a.draft, FALSE)
             ORDER BY d.channel, d.run, d.unit
            """  # noqa: S608 - no value in it comes from outside
        ),
        {"at": event_time()},
    )
    db.exec_driver_sql(
        f"""
        INSERT INTO deliveries (dispatch, unit, state, attempts, remote_id, url, error)
        SELECT p.id, p.artifact, d.state, 1, d.remote_id, d.url, d.error
          FROM dispatches p
          JOIN {old} d ON d.channel = p.channel AND d.run = p.run AND d.unit = p.artifact
         WHERE p.frozen
        """  # noqa: S608 - from constants of ours
    )
    db.exec_driver_sql(f"DROP TABLE {old}")


def _to_3(db: sa.Connection) -> None:
    """Turn approvals into reviews. Version 3 created `reviews` but did not copy them."""
    SCHEMA.create_all(db, tables=[REVIEWS])
    db.exec_driver_sql(
        """
        INSERT INTO reviews (channel, unit, name, digest, "by", verdict, note, at)
        SELECT channel, unit, name, digest, "by", 'approved', '', at FROM approvals WHERE TRUE
            ON CONFLICT DO NOTHING
        """
    )
    db.exec_driver_sql("DROP TABLE approvals")


def _to_4(db: sa.Connection) -> None:
    """Give editions their own columns, and copy earlier reviews into the history."""
    SCHEMA.create_all(db, tables=[ABOUT, EVENTS])
    present = {column["name"] for column in sa.inspect(db).get_columns(EDITIONS.name)}
    for column in EDITIONS.columns:
        if column.name not in present:
            kind = column.type.compile(db.dialect)
            db.exec_driver_sql(f"ALTER TABLE editions ADD COLUMN {column.name} {kind}")
    for row in db.execute(sa.select(EDITIONS)).mappings().all():
        here = (EDITIONS.c.channel == row["channel"]) & (EDITIONS.c.number == row["number"])
        db.execute(EDITIONS.update().where(here).values(edition_as_row(edition_from_row(row))))
    db.exec_driver_sql(
        """
        INSERT INTO events (at, who, what, channel, unit, name, digest, note)
        SELECT at, "by", verdict, channel, unit, name, digest, note FROM reviews ORDER BY at
        """
    )


def _to_5(db: sa.Connection) -> None:
    """Add the leases."""
    SCHEMA.create_all(db, tables=[LEASES])


def _to_6(db: sa.Connection) -> None:
    """Note which versions of articles numbered editions have."""
    SCHEMA.create_all(db, tables=[VERSIONS])
    present = {column["name"] for column in sa.inspect(db).get_columns(RENDERINGS.name)}
    if "pieces" not in present:
        db.exec_driver_sql("ALTER TABLE renderings ADD COLUMN pieces VARCHAR")
    editions = [edition_from_row(row) for row in db.execute(sa.select(EDITIONS)).mappings()]
    held = {digest: a for one in editions for a, digest in (*one.members, *one.revised)}
    rows = [
        {"digest": digest, "article": article, "at": event_time(), "sent": True}
        for digest, article in held.items()
    ]
    if rows:
        db.execute(VERSIONS.insert(), rows)


def _to_7(db: sa.Connection) -> None:
    """Let articles be found by source and slug. Give the numbers of a ledger on PostgreSQL 64 bits;
    SQLite's have them."""
    for index in ARTICLES.indexes - {WITHDRAWN}:  # it is of a column that comes later
        index.create(db, checkfirst=True)
    if db.dialect.name != "postgresql":
        return
    inspector = sa.inspect(db)
    present = [table for table in SCHEMA.sorted_tables if inspector.has_table(table.name)]
    for table in present:
        kinds = {column["name"]: column["type"] for column in inspector.get_columns(table.name)}
        for name in [column.name for column in table.columns if column.type is Long]:
            if isinstance(kinds[name], sa.BigInteger):
                continue
            db.exec_driver_sql(f"ALTER TABLE {table.name} ALTER COLUMN {name} TYPE BIGINT")
            numbers = sa.func.pg_get_serial_sequence(table.name, name)
            if sequence := db.scalar(sa.select(numbers)):
                db.exec_driver_sql(f"ALTER SEQUENCE {sequence} AS BIGINT")


def _to_8(db: sa.Connection) -> None:
    """Add the inventory and what is known of feeds. What stands already is taken in by the first
    run, which knows the channels (engine/delivery/inventory.py, engine/planning/past_parts.py)."""
    SCHEMA.create_all(db, tables=[COPIES, FOLDERS, APPEARANCES])
    for table, new in (("renderings", ("date",)), ("articles", ("text", "withdrawn"))):
        present = {column["name"] for column in sa.inspect(db).get_columns(table)}
        for column in new:
            if column not in present:
                db.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR")


def _to_9_kept(db: sa.Connection) -> None:
    """Note the last good version of each article. What no feed shows may have lost its file long
    ago: that is not missed. The first run that finds its file corrects it."""
    SCHEMA.create_all(db, tables=[VERSIONS, PICTURES, APPEARANCES, LAST_VERSIONS])
    _add_columns(db, ARTICLES, "kept")
    WITHDRAWN.create(db, checkfirst=True)
    _add_columns(db, PICTURES, "stored")
    newest = (
        sa.select(VERSIONS.c.digest)
        .where(VERSIONS.c.article == ARTICLES.c.id)
        .order_by(VERSIONS.c.at.desc(), VERSIONS.c.digest)
        .limit(1)
    )
    known = sa.select(ARTICLES.c.id, newest.scalar_subquery().label("digest")).subquery()
    noted = sa.exists().where(LAST_VERSIONS.c.article == known.c.id)
    last = sa.select(known.c.id, known.c.digest).where(known.c.digest.is_not(None), ~noted)
    db.execute(LAST_VERSIONS.insert().from_select(["article", "digest"], last))
    shown = sa.exists().where(APPEARANCES.c.article == ARTICLES.c.id, APPEARANCES.c.shown)
    unseen = ARTICLES.c.withdrawn.is_(None) & ~shown
    db.execute(ARTICLES.update().where(unseen).values(kept=GONE_BEFORE))


def _add_columns(db: sa.Connection, table: sa.Table, *names: str) -> None:
    present = {column["name"] for column in sa.inspect(db).get_columns(table.name)}
    for name in names:
        if name not in present:
            kind = table.c[name].type.compile(db.dialect)
            db.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {name} {kind}")


def _to_9(db: sa.Connection) -> None:
    """Let the database draw a mark whenever an article changes. Add what is told to people who have
    a wrong version; which versions went to people before this is found out from editions and times
    (ledger/notices.py)."""
    draw_marks(db)
    SCHEMA.create_all(db, tables=[CONTENTS, NOTICES])


def _to_9_showings(db: sa.Connection) -> None:
    """Add which versions renderings were made from. Of those made before, only the bytes and the
    numbered editions say that."""
    SCHEMA.create_all(db, tables=[SHOWINGS])


def _withdrawals_to_9(db: sa.Connection) -> None:
    """Add what a withdrawal asks for, and what caches have to be told. Of the withdrawals before
    this, people were told what somebody wanted to tell them."""
    SCHEMA.create_all(db, tables=[WITHDRAWALS, GONE_FILES, PURGES])
    db.exec_driver_sql(
        """
        INSERT INTO withdrawals (article, "by", reason, note, delete_posts, announced,
                                 notice, legal, page, language)
        SELECT id, '', '', '', FALSE, TRUE, FALSE, FALSE, '', ''
          FROM articles WHERE withdrawn IS NOT NULL
        """
    )


def _to_9_erasures(db: sa.Connection) -> None:
    """Add what is known of people who were forgotten and of texts that were erased."""
    SCHEMA.create_all(db, tables=[FORGOTTEN, ERASED, SUBSCRIBERS])
    for index in SUBSCRIBERS.indexes:
        index.create(db, checkfirst=True)


STEPS = (
    MigrationStep(2, _to_2, growth=4),
    MigrationStep(3, _to_3),
    MigrationStep(4, _to_4),
    MigrationStep(5, _to_5),
    MigrationStep(6, _to_6, growth=0.5),
    MigrationStep(7, _to_7),
    MigrationStep(8, _to_8),
    MigrationStep(9, _to_9_kept),  # before marks are drawn for each change
    MigrationStep(9, _to_9),
    MigrationStep(9, _to_9_showings),
    MigrationStep(9, _withdrawals_to_9),
    MigrationStep(9, _to_9_erasures),
)
