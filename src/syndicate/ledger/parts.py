"""What the ledger knows of the documents of a channel that show many articles, such as a feed for
each tag."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.records import RecordedPart
from syndicate.ledger.tables import (
    APPEARANCES,
    ARTIFACTS,
    COPIES,
    DISPATCHES,
    DRAFTS,
    FOLDERS,
    PURGES,
    RENDERINGS,
    REVIEWS,
    SHOWINGS,
)

_OF_CHANNELS = (
    FOLDERS, APPEARANCES, RENDERINGS, ARTIFACTS, COPIES, DISPATCHES, REVIEWS, DRAFTS, SHOWINGS,
    PURGES,
)  # fmt: skip


@dataclass(frozen=True)
class PastParts:
    """The parts that a channel has had: the `folders` with their subjects, the `dates` of the
    contents of each part (RFC 3339; None if that is not known) by its key, and the keys of the
    parts in which an article has `appeared`, by the article's id."""

    folders: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str | None] = field(default_factory=dict)
    appeared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Parts:
    """The parts in a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def past(self, channel: str, articles: Collection[str]) -> PastParts:
        """What parts `channel` has had, and in which of them `articles` have appeared."""
        folders = sa.select(FOLDERS).where(FOLDERS.c.channel == channel)
        rendered = sa.select(RENDERINGS.c.rendering, RENDERINGS.c.date)
        appeared: dict[str, tuple[str, ...]] = {}
        rest = iter(articles)
        with self._database.transaction() as db:
            named = {row.folder: row.subject for row in db.execute(folders)}
            found = db.execute(rendered.where(RENDERINGS.c.channel == channel))
            dates = {row.rendering: row.date for row in found}
            while some := list(islice(rest, PAGE // 2)):
                here = (APPEARANCES.c.channel == channel) & APPEARANCES.c.article.in_(some)
                for row in db.execute(sa.select(APPEARANCES).where(here)):
                    appeared[row.article] = (*appeared.get(row.article, ()), row.rendering)
        return PastParts(named, dates, appeared)

    def showing(self, article: str) -> set[tuple[str, str]]:
        """The parts, as (channel, key), that show `article` now."""
        here = (APPEARANCES.c.article == article) & APPEARANCES.c.shown
        with self._database.transaction() as db:
            rows = db.execute(sa.select(APPEARANCES).where(here)).all()
        return {(row.channel, row.rendering) for row in rows}

    def shown(self, channel: str, key: str) -> frozenset[str]:
        """The articles that the part of `channel` with this key shows now."""
        here = (APPEARANCES.c.channel == channel) & (APPEARANCES.c.rendering == key)
        with self._database.transaction() as db:
            query = sa.select(APPEARANCES.c.article).where(here, APPEARANCES.c.shown)
            return frozenset(db.scalars(query))

    def all_shown(self) -> frozenset[str]:
        """The articles that some part of a channel shows now."""
        query = sa.select(APPEARANCES.c.article).where(APPEARANCES.c.shown).distinct()
        with self._database.transaction() as db:
            return frozenset(db.scalars(query))

    def showed(self, article: str) -> set[tuple[str, str]]:
        """The parts, as (channel, key), that have shown `article` and no longer do."""
        here = (APPEARANCES.c.article == article) & ~APPEARANCES.c.shown
        with self._database.transaction() as db:
            rows = db.execute(sa.select(APPEARANCES).where(here)).all()
        return {(row.channel, row.rendering) for row in rows}

    def has_rendered(self, channel: str) -> bool:
        """Whether anything of `channel` was ever rendered."""
        query = sa.select(RENDERINGS.c.rendering).where(RENDERINGS.c.channel == channel).limit(1)
        with self._database.transaction() as db:
            return db.execute(query).first() is not None

    def rename(self, old: str, new: str) -> None:
        """Let what the channel `old` has rendered, delivered and shown be that of `new`, which was
        never rendered: also its drafts, what was approved of them, and what caches must be told."""
        with self._database.turn() as db:
            for table in _OF_CHANNELS:
                db.execute(table.delete().where(table.c.channel == new, _has(table, old)))
                db.execute(table.update().where(table.c.channel == old).values(channel=new))

    def with_articles(self, articles: Iterable[str]) -> dict[tuple[str, str], dict[str, bool]]:
        """The parts, as (channel, key), that have shown any of `articles`: which, and whether it
        still does."""
        found: dict[tuple[str, str], dict[str, bool]] = {}
        rest = iter(articles)
        with self._database.transaction() as db:
            while some := list(islice(rest, PAGE // 2)):
                here = APPEARANCES.c.article.in_(some)
                for row in db.execute(sa.select(APPEARANCES).where(here)):
                    found.setdefault((row.channel, row.rendering), {})[row.article] = row.shown
        return found

    def add(self, channel: str, parts: Iterable[tuple[str, RecordedPart]]) -> None:
        """Take in the parts with these keys, that were rendered before this was kept."""
        with self._database.transaction() as db:
            for key, part in parts:
                record_part(self._database, db, channel, key, part)


def _has(table: sa.Table, channel: str) -> sa.ColumnElement[bool]:
    """Whether `channel` has a row with the same key, but for the channel."""
    other = table.alias()
    names = (one.key for one in table.primary_key if one.key != "channel")
    same = (other.c[name] == table.c[name] for name in names)
    return sa.exists().where(other.c.channel == channel, *same)


def record_part(
    database: Database, db: sa.Connection, channel: str, key: str, part: RecordedPart
) -> None:
    """Within a transaction: keep what is known of `part`."""
    if part.folder:
        folder = {"channel": channel, "folder": part.folder, "subject": part.subject}
        database.put(db, FOLDERS, [folder])
    here = (RENDERINGS.c.channel == channel) & (RENDERINGS.c.rendering == key)
    db.execute(RENDERINGS.update().where(here).values(date=part.date))
    here = (APPEARANCES.c.channel == channel) & (APPEARANCES.c.rendering == key)
    shown = set(db.scalars(sa.select(APPEARANCES.c.article).where(here, APPEARANCES.c.shown)))
    rows = [  # a list of the whole newsroom is long, and little of it changes
        {"channel": channel, "rendering": key, "article": article, "shown": is_shown}
        for articles, is_shown in (
            (shown.difference(part.articles), False),
            (set(part.articles) - shown, True),
        )
        for article in sorted(articles)
    ]
    database.put(db, APPEARANCES, rows)
