"""Erases the words of an article from a ledger: its title and sketch, and what people wrote about
it. Digests, times, places and names of people stay.

It asks a database which columns it has, so it also works on backups, which are of older versions.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import Database
from syndicate.ledger.dispatch import SETTLED, State
from syndicate.ledger.events import LedgerEvent, event_time, note_event
from syndicate.ledger.known_articles import mark_withdrawn
from syndicate.ledger.notices import notice_key
from syndicate.ledger.tables import (
    APPEARANCES,
    ARTICLES,
    ARTIFACTS,
    COPIES,
    DISPATCHES,
    DRAFTS,
    EDITIONS,
    ERASED,
    EVENTS,
    NOTICES,
    PICTURES,
    RENDERINGS,
    REVIEWS,
    SHOWINGS,
    VERSIONS,
)

Rendering = tuple[str, str]
"""A channel, and the key of one of its renderings."""
_KEYED = {
    "renderings": "unit", "artifacts": "unit", "dispatches": "run", "reviews": "unit",
    "drafts": "unit", "copies": "rendering", "events": "unit",
}  # fmt: skip
"""The tables that are about renderings, and the column that has the key."""
_WRITTEN = ("approved", "rejected", "dropped", "closed", "resolved")
"""The events whose notes people have written."""


class ErasedTexts:
    """The articles of a ledger whose text was erased. Every method raises LedgerError if the
    database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, article: str, by: str) -> None:
        """Note that the text of an article is being erased. From now on it is not read again."""
        at = event_time()
        with self._database.turn() as db:
            row = self._database.insert(ERASED).values(article=article, at=at)
            if db.execute(row.on_conflict_do_nothing()).rowcount:
                note_event(db, LedgerEvent("erased", by, rendering=article))
            else:
                db.execute(ERASED.update().where(ERASED.c.article == article).values(done=None))

    def end(self, article: str) -> None:
        """Note that nothing is left of the text of an article."""
        here = ERASED.c.article == article
        with self._database.transaction() as db:
            db.execute(ERASED.update().where(here).values(done=event_time()))

    def unfinished(self) -> tuple[str, ...]:
        """The ids of the articles of which something may be left."""
        query = sa.select(ERASED.c.article).where(ERASED.c.done.is_(None))
        with self._database.transaction() as db:
            return tuple(db.scalars(query))

    def take_over(self, articles: Iterable[str]) -> None:
        """Note that the text of `articles` was erased, after this ledger was backed up. They are
        withdrawn, whatever it knows of that."""
        at = event_time()
        with self._database.transaction() as db:
            for article in articles:
                row = self._database.insert(ERASED).values(article=article, at=at)
                db.execute(row.on_conflict_do_nothing())
                mark_withdrawn(db, article, at)

    def all(self) -> tuple[str, ...]:
        """The ids of all these articles."""
        with self._database.transaction() as db:
            return tuple(db.scalars(sa.select(ERASED.c.article)))


@dataclass(frozen=True)
class TextPlaces:
    """Where the text of an article is or was.

    Args:
        own: its own renderings, and those of notices about it.
        issues: the numbered editions that contain it.
        feeds: the parts of rolling channels that have shown it; `showing` are those that still do.
    """

    own: frozenset[Rendering]
    issues: frozenset[Rendering]
    feeds: frozenset[Rendering]
    showing: frozenset[Rendering]

    @classmethod
    def of(cls, db: sa.Connection, article: str) -> TextPlaces:
        """Where the text of `article` is or was, as far as the ledger knows."""
        columns = _columns(db)
        own: set[Rendering] = set()
        for table, key in _KEYED.items():
            if {"channel", key} <= columns.get(table, set()):
                here = sa.table(table, sa.column("channel"), sa.column(key))
                query = sa.select(here.c.channel, here.c[key]).where(here.c[key] == article)
                own |= {(channel, rendering) for channel, rendering in db.execute(query)}
        issues = set()
        members = sa.select(EDITIONS.c.channel, EDITIONS.c.number, EDITIONS.c.members)
        for channel, number, held in db.execute(members) if "editions" in columns else ():
            if json.dumps(article) in held:
                issues.add((channel, str(number)))
        feeds, showing = set(), set()
        if "appearances" in columns:
            here_too = APPEARANCES.c.article == article
            for row in db.execute(sa.select(APPEARANCES).where(here_too)):
                feeds.add((row.channel, row.rendering))
                if row.shown:
                    showing.add((row.channel, row.rendering))
            feeds |= set(_undivided(db))
        if "showings" in columns:
            here_too = SHOWINGS.c.article == article
            for row in db.execute(sa.select(SHOWINGS).where(here_too)):
                shown = (row.channel, row.rendering)
                if shown not in own | issues:
                    feeds.add(shown)
                    if row.until is None:
                        showing.add(shown)
        if "notices" in columns:
            about = sa.select(NOTICES.c.channel, NOTICES.c.id).where(NOTICES.c.article == article)
            own |= {(channel, notice_key(id_)) for channel, id_ in db.execute(about)}
        return cls(frozenset(own), frozenset(issues), frozenset(feeds), frozenset(showing))

    @property
    def containing(self) -> frozenset[Rendering]:
        """The renderings whose present bytes contain the text."""
        return self.own | self.issues | self.showing


def _undivided(db: sa.Connection) -> Iterator[Rendering]:
    """The renderings of rolling channels that are not divided, such as site maps: it is not known
    what they have shown."""
    editions = sa.exists().where(EDITIONS.c.channel == RENDERINGS.c.channel)
    divided = sa.exists().where(APPEARANCES.c.channel == RENDERINGS.c.channel)
    single = sa.exists().where(ARTICLES.c.id == RENDERINGS.c.rendering)
    query = sa.select(RENDERINGS.c.channel, RENDERINGS.c.rendering)
    for row in db.execute(query.where(~editions, ~divided, ~single)):
        yield row.channel, row.rendering


def present_digests(db: sa.Connection) -> frozenset[str]:
    """The digests of what undivided rolling channels show now, and of what they keep for their next
    rendering."""
    keys = list(_undivided(db))
    shown = set(_digests(db, ARTIFACTS, ARTIFACTS.c.digest, keys))
    return frozenset(shown | set(_digests(db, RENDERINGS, RENDERINGS.c.pieces, keys)))


def digests_with_text(db: sa.Connection, article: str) -> frozenset[str]:
    """The digests of all that the ledger names and that contains the text of `article`, or its
    pictures, and that nothing else needs."""
    places = TextPlaces.of(db, article)
    versions = sa.select(VERSIONS.c.digest).where(VERSIONS.c.article == article)
    found = set(db.scalars(versions))
    found |= set(db.scalars(sa.select(PICTURES.c.digest).where(PICTURES.c.version.in_(versions))))
    for table, column in _OF_RENDERINGS:
        found |= set(_digests(db, table, column, places.containing | places.feeds))
    return frozenset(found - _needed_by_others(db, article, places))


_OF_RENDERINGS: tuple[tuple[sa.Table, sa.Column[Any]], ...] = (
    (ARTIFACTS, ARTIFACTS.c.digest),
    (RENDERINGS, RENDERINGS.c.pieces),
    (DISPATCHES, DISPATCHES.c.digest),
    (REVIEWS, REVIEWS.c.digest),
    (DRAFTS, DRAFTS.c.head),
    (COPIES, COPIES.c.digest),
    (EVENTS, EVENTS.c.digest),
)


def _needed_by_others(db: sa.Connection, article: str, places: TextPlaces) -> frozenset[str]:
    """The digests that the ledger needs for something else than `article`."""
    others: set[str] = set()
    mine = sa.select(VERSIONS.c.digest).where(VERSIONS.c.article == article)
    others |= set(db.scalars(sa.select(VERSIONS.c.digest).where(VERSIONS.c.article != article)))
    others |= set(db.scalars(sa.select(PICTURES.c.digest).where(PICTURES.c.version.not_in(mine))))
    for table, column in _OF_RENDERINGS[:5]:
        is_now = table in (ARTIFACTS, RENDERINGS)  # what feeds have been since does not have it
        mine_too = places.containing if is_now else places.containing | places.feeds
        query = sa.select(table.c.channel, table.c.rendering, column).where(column.is_not(None))
        others |= {
            digest
            for channel, rendering, digest in db.execute(query)
            if (channel, rendering) not in mine_too
        }
    return frozenset(others)


def _digests(
    db: sa.Connection, table: sa.Table, column: sa.Column[Any], keys: Collection[Rendering]
) -> Iterator[str]:
    for channel, rendering in keys:
        here = (table.c.channel == channel) & (table.c.rendering == rendering)
        yield from db.scalars(sa.select(column).where(here, column.is_not(None), column != ""))


def draft_names(db: sa.Connection, article: str) -> frozenset[str]:
    """The names of the drafts of `article`, and of issues with it, that no other rendering has."""
    places = TextPlaces.of(db, article).containing
    mine: set[str] = set()
    others: set[str] = set()
    for table in (ARTIFACTS, DRAFTS):
        query = sa.select(table.c.channel, table.c.rendering, table.c.name)
        if table is ARTIFACTS:
            query = query.where(ARTIFACTS.c.draft)
        for channel, rendering, name in db.execute(query):
            (mine if (channel, rendering) in places else others).add(name)
    return frozenset(mine - others)


def kept_pictures(db: sa.Connection, article: str) -> frozenset[str]:
    """What is called `src` of the pictures that came inside other articles' sources."""
    mine = sa.select(VERSIONS.c.digest).where(VERSIONS.c.article == article)
    return frozenset(db.scalars(sa.select(PICTURES.c.src).where(PICTURES.c.version.not_in(mine))))


def erase_words(database: Database, article: str) -> int:
    """Erase what a ledger has in words of `article`. Returns how many rows have changed."""
    with database.turn() as db:
        columns, places = _columns(db), TextPlaces.of(db, article)
        number = _set(db, columns, "articles", {"title": "", "sketch": "[]"}, id=article)
        number += _set(db, columns, "notices", {"notes": "[]"}, article=article)
        number += _set(db, columns, "notices", {"current": False}, article=article)
        for channel, rendering in places.own | places.issues | places.feeds:
            key = {"channel": channel, "unit": rendering}
            number += _set(db, columns, "reviews", {"note": ""}, **key)
            number += sum(
                _set(db, columns, "events", {"note": ""}, **key, what=what) for what in _WRITTEN
            )
        for channel, rendering in places.own:  # a platform may quote what it refuses
            number += _set(
                db, columns, "copies", {"error": None}, channel=channel, rendering=rendering
            )
            number += _erase_errors(db, columns, channel, rendering)
        if "pictures" in columns:
            versions = sa.select(VERSIONS.c.digest).where(VERSIONS.c.article == article)
            number += db.execute(PICTURES.delete().where(PICTURES.c.version.in_(versions))).rowcount
    return number


def _erase_errors(
    db: sa.Connection, columns: dict[str, set[str]], channel: str, rendering: str
) -> int:
    """Erase what destinations have answered to deliveries of a rendering."""
    number = 0
    if "run" in columns.get("dispatches", ()):
        here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == rendering)
        for id_ in db.scalars(sa.select(DISPATCHES.c.id).where(here)).all():
            for state in State:
                told = f"{SETTLED}: the text was erased"
                values = {"error": told if state is State.FAILED else None}
                number += _set(db, columns, "deliveries", values, dispatch=id_, state=state.value)
    return number


def _columns(db: sa.Connection) -> dict[str, set[str]]:
    """The columns of each table of a ledger, as it is."""
    inspector = sa.inspect(db)
    return {
        name: {column["name"] for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
    }


def _set(
    db: sa.Connection,
    columns: dict[str, set[str]],
    table: str,
    values: Mapping[str, str | bool | None],
    **where: Any,
) -> int:
    """Set `values` where the columns are as in `where`, if this ledger has them. Returns how many
    rows have changed."""
    names = {*values, *where}
    if not names <= columns.get(table, set()):
        return 0
    rows = sa.table(table, *(sa.column(name) for name in names))
    here = [rows.c[name] == value for name, value in where.items()]
    is_other = sa.or_(*(rows.c[name].is_distinct_from(value) for name, value in values.items()))
    return db.execute(rows.update().where(*here, is_other).values(values)).rowcount
