"""What was public, and when: which rendering showed which version of an article, and what of it was
delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.delivery_rows import HAS_ARRIVED
from syndicate.ledger.events import event_time
from syndicate.ledger.tables import (
    ARTIFACTS,
    CONTENTS,
    COPIES,
    DELIVERIES,
    DISPATCHES,
    EVENTS,
    REVIEWS,
    SHOWINGS,
    VERSIONS,
)

Key = tuple[str, str]
"""A channel, and the key of one of its renderings."""


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version of an article that is kept: the `digest` of its JSON, and `at` which time it was
    first published (RFC 3339)."""

    digest: str
    article: str
    at: str


@dataclass(frozen=True, slots=True)
class Showing:
    """A rendering was made from `version` of `article` at the time `since`, and from another or
    from none at the time `until` (RFC 3339); None if that is the newest."""

    channel: str
    rendering: str
    article: str
    version: str
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class PastDelivery:
    """What of one dispatch was delivered: `number` units, from the time `first` to `last` (RFC
    3339). `standing`: the inventory says that some of it is where it was put. `replaced` is when
    something else was put there, None if nothing was."""

    dispatch: int
    channel: str
    rendering: str
    artifact: str
    courier: str
    digest: str
    at: str
    number: int
    first: str
    last: str
    url: str | None
    standing: bool
    replaced: str | None


@dataclass(frozen=True, slots=True)
class PastPost:
    """A post that was public from the time `at` (RFC 3339), and either is `standing` or was edited
    or removed at the time `until`, as far as that is known."""

    unit: str
    at: str | None
    url: str | None
    standing: bool
    until: str | None


class Traces:
    """What a ledger knows of what was public. Every method raises LedgerError if the database gives
    up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self) -> Iterator[KeptVersion]:
        """Every version of an article that is kept, in a stream."""
        query = sa.select(VERSIONS.c.digest, VERSIONS.c.article, VERSIONS.c.at)
        rows = self._database.stream(query, VERSIONS.c.digest)
        return (KeptVersion(row.digest, row.article, row.at) for row in rows)

    def number_of_versions(self) -> tuple[int, int, str | None]:
        """How many versions of how many articles are kept, and since when."""
        articles = sa.func.count(sa.distinct(VERSIONS.c.article))
        query = sa.select(sa.func.count(), articles, sa.func.min(VERSIONS.c.at))
        with self._database.transaction() as db:
            number, of, since = db.execute(query.select_from(VERSIONS)).one()
        return number, of, since

    def showings(self, versions: Iterable[str]) -> Iterator[Showing]:
        """The renderings that were made from one of `versions` (digests)."""
        rest = iter(versions)
        while some := list(islice(rest, PAGE // 2)):
            query = sa.select(SHOWINGS).where(SHOWINGS.c.version.in_(some))
            with self._database.transaction() as db:
                rows = db.execute(query).mappings().all()
            yield from (Showing(**row) for row in rows)

    def sent_with(self, articles: Iterable[str], versions: Collection[str]) -> frozenset[int]:
        """The dispatches to people that contained one of `versions` (digests) of `articles`."""
        found: set[int] = set()
        rest = iter(articles)
        while some := list(islice(rest, PAGE // 2)):
            query = sa.select(CONTENTS.c.dispatch, CONTENTS.c.version)
            with self._database.transaction() as db:
                rows = db.execute(query.where(CONTENTS.c.article.in_(some)))
                found |= {row.dispatch for row in rows if row.version in versions}
        return frozenset(found)

    def delivered(self, key: Key) -> tuple[PastDelivery, ...]:
        """All that was ever delivered of a rendering, oldest first, also what was taken back."""
        there = sa.exists().where(COPIES.c.dispatch == DISPATCHES.c.id)
        d = DISPATCHES.c
        query = (
            sa.select(
                *(d.id, d.channel, d.rendering, d.artifact, d.courier, d.digest, d.at),
                sa.func.count(),
                sa.func.min(DELIVERIES.c.at),
                sa.func.max(DELIVERIES.c.at),
                sa.func.max(DELIVERIES.c.url),
                there,
                _replaced(d.id).correlate(DISPATCHES).scalar_subquery(),
            )
            .join(DELIVERIES, DELIVERIES.c.dispatch == d.id)
            .where(d.channel == key[0], d.rendering == key[1])
            .where(HAS_ARRIVED)
            .group_by(d.id)
            .order_by(d.id)
        )
        with self._database.transaction() as db:
            rows = db.execute(query).all()
        return tuple(PastDelivery(*_without_gaps(row)) for row in rows)

    def posts(self, dispatch: int) -> tuple[PastPost, ...]:
        """The posts of one dispatch that were public once, in their order."""
        removed = sa.select(EVENTS.c.note, EVENTS.c.at).where(
            EVENTS.c.what == "removed",
            EVENTS.c.digest
            == sa.select(DISPATCHES.c.digest).where(DISPATCHES.c.id == dispatch).scalar_subquery(),
        )
        here = (DELIVERIES.c.dispatch == dispatch) & HAS_ARRIVED
        query = sa.select(DELIVERIES).where(here).order_by(DELIVERIES.c.unit)
        standing = sa.select(COPIES.c.unit).where(COPIES.c.dispatch == dispatch)
        with self._database.transaction() as db:
            rows = db.execute(query).all()
            there = set(db.scalars(standing))
            edited = {id_: at for id_, at in db.execute(_edits(dispatch))}  # noqa: C416 - rows
            gone = db.execute(removed.order_by(EVENTS.c.id)).all()
        posts = []
        for row in rows:
            ends = (one.at for one in gone if row.url and one.note.endswith(row.url))
            until = edited.get(row.remote_id) or next(ends, None)
            is_there = row.unit in there and until is None
            posts.append(PastPost(row.unit, row.at, row.url, is_there, until))
        return tuple(posts)

    def drafts(self) -> Iterator[tuple[Key, str, str]]:
        """The rendering, the name and the digest of every draft that was handed to a courier."""
        d, a = DISPATCHES.c, ARTIFACTS.c
        same = (a.channel == d.channel) & (a.rendering == d.rendering) & (a.name == d.artifact)
        query = sa.select(d.id, d.channel, d.rendering, d.artifact, d.digest)
        rows = self._database.stream(query.where(sa.exists().where(same, a.draft)), d.id)
        return (((row.channel, row.rendering), row.artifact, row.digest) for row in rows)

    def approvers(self, digests: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Who approved these bytes, by digest, whether or not that still counts."""
        found: dict[str, dict[str, None]] = {}
        rest = iter(sorted(digests))
        while some := list(islice(rest, PAGE // 2)):
            told = (EVENTS.c.what == "approved") & EVENTS.c.digest.in_(some)
            events = sa.select(EVENTS.c.digest, EVENTS.c.who).where(told).order_by(EVENTS.c.id)
            said = (REVIEWS.c.verdict == "approved") & REVIEWS.c.digest.in_(some)
            reviews = sa.select(REVIEWS.c.digest, REVIEWS.c.by).where(said)
            with self._database.transaction() as db:
                for digest, who in (*db.execute(events), *db.execute(reviews)):
                    found.setdefault(digest, {})[who] = None
        return {digest: tuple(names) for digest, names in found.items()}

    def removals(self, keys: Collection[Key]) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
        """When the artifacts of renderings were removed, oldest first, by channel, rendering and
        artifact."""
        found: dict[tuple[str, str, str], list[str]] = {}
        e = EVENTS.c
        rest = iter(sorted({key for _, key in keys}))
        while some := list(islice(rest, PAGE // 2)):
            query = sa.select(e.channel, e.rendering, e.name, e.at).where(
                e.what == "removed", e.rendering.in_(some)
            )
            with self._database.transaction() as db:
                for channel, rendering, name, at in db.execute(query.order_by(e.id)):
                    found.setdefault((channel, rendering, name), []).append(at)
        return {one: tuple(times) for one, times in found.items()}


def record_showings(
    database: Database, db: sa.Connection, key: Key, shown: Mapping[str, str]
) -> None:
    """Within a transaction: note that a rendering was made from the versions `shown` (digests), by
    the article's id. Only what has changed is written."""
    here = (SHOWINGS.c.channel == key[0]) & (SHOWINGS.c.rendering == key[1])
    newest = here & SHOWINGS.c.until.is_(None)
    query = sa.select(SHOWINGS.c.article, SHOWINGS.c.version).where(newest)
    before = {row.article: row.version for row in db.execute(query)}
    if before == shown:
        return
    now = event_time()
    if over := [article for article, one in before.items() if shown.get(article) != one]:
        ended = SHOWINGS.update().where(newest, SHOWINGS.c.article == sa.bindparam("its_article"))
        db.execute(ended.values(until=now), [{"its_article": article} for article in over])
    database.put(
        db,
        SHOWINGS,
        [
            {
                "channel": key[0],
                "rendering": key[1],
                "article": article,
                "version": version,
                "since": now,
                "until": None,
            }
            for article, version in shown.items()
            if before.get(article) != version
        ],
    )


def _replaced(dispatch: sa.ColumnElement[int]) -> sa.Select[Any]:
    """When something else was first put where `dispatch` has put something, as by a channel that
    was renamed."""
    mine, later = COPIES.alias().c, COPIES.alias().c
    return sa.select(sa.func.min(later.at)).where(
        mine.dispatch == dispatch,
        later.destination == mine.destination,
        later.address == mine.address,
        later.dispatch > mine.dispatch,
    )


def _edits(dispatch: int) -> sa.Select[Any]:
    """The ids of the posts of `dispatch` that were edited later, and when first: an edit is a
    delivery with the same id."""
    later, first, post = DISPATCHES.alias(), DISPATCHES.alias(), DELIVERIES.alias()
    same = (first.c.channel == later.c.channel) & (first.c.rendering == later.c.rendering)
    return (
        sa.select(DELIVERIES.c.remote_id, sa.func.min(DELIVERIES.c.at))
        .join(later, later.c.id == DELIVERIES.c.dispatch)
        .join(first, same)
        .join(post, post.c.dispatch == first.c.id)
        .where(first.c.id == dispatch, later.c.id > dispatch, HAS_ARRIVED)
        .where(post.c.remote_id == DELIVERIES.c.remote_id)
        .group_by(DELIVERIES.c.remote_id)
    )


def _without_gaps(row: Any) -> tuple[Any, ...]:
    """The values of a row; a time that an older release did not note is that of the dispatch."""
    *about, at, number, first, last, url, there, replaced = row
    return (*about, at, number, first or at, last or at, url, bool(there), replaced)
