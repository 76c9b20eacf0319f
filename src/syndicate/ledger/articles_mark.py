"""The mark of a ledger's articles: a text that the database itself draws anew with every change of
an article, whoever makes it, also the release before this one.

So whether anything has changed is one row to read, however many articles there are. The mark is
drawn at random, since a number would count to the same again after a restore.
"""

from __future__ import annotations

import sqlalchemy as sa

from syndicate.ledger.tables import ABOUT

_FACT = "articles"
_DRAWN = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "md5(random()::text || clock_timestamp()::text || txid_current()::text)",
}
TRIGGERS = {
    "sqlite": ("articles_added", "articles_changed", "articles_deleted"),
    "postgresql": ("articles_changed",),
}
"""What draws the mark, by the names of databases."""


def articles_mark(db: sa.Connection) -> str:
    """The mark of the articles; "" if there has been none."""
    return db.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.key == _FACT)) or ""


def draw_marks(db: sa.Connection) -> None:
    """Let the database draw a mark, now and from now on. It may do so already."""
    draw = f"""
        INSERT INTO ledger (key, value) VALUES ('{_FACT}', {_DRAWN[db.dialect.name]})
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
    """  # noqa: S608 - from constants of ours
    if db.dialect.name == "sqlite":
        for name, change in zip(TRIGGERS["sqlite"], ("INSERT", "UPDATE", "DELETE"), strict=True):
            db.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {change} ON articles BEGIN {draw}; END"
            )
    else:
        db.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION draw_articles_mark() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {draw}; RETURN NULL; END $$"
        )
        db.exec_driver_sql("DROP TRIGGER IF EXISTS articles_changed ON articles")
        db.exec_driver_sql(
            "CREATE TRIGGER articles_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON"
            " articles FOR EACH STATEMENT EXECUTE FUNCTION draw_articles_mark()"
        )
    db.exec_driver_sql(draw)
