"""The ledger: what is known of articles, what was rendered and approved, and what is on its way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Integer, String, Table, Text

from syndicate.adapters import Pagination
from syndicate.ledger.database import SCHEMA, Database, open_database
from syndicate.ledger.dispatches import Dispatches
from syndicate.ledger.records import FrozenEdition, KnownArticle, Review, StoredArtifact
from syndicate.newsroom.newsroom import Newsroom

_articles = Table(
    "articles",
    SCHEMA,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("slug", String, nullable=False),
    Column("first_seen", String, nullable=False),
    Column("updated", String, nullable=False),
    Column("words", String, nullable=False),
    Column("title", String, nullable=False),
    Column("sketch", Text, nullable=False),
)
_editions = Table(
    "editions",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("date", String, nullable=False),
    Column("members", Text, nullable=False),
)
_renderings = Table(
    "renderings",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("inputs", String, nullable=False),
)
_artifacts = Table(
    "artifacts",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("draft", sa.Boolean, nullable=False),
)
_reviews = Table(
    "reviews",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("by", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("after", String),
    Column("at", String, nullable=False),
)
_slots = Table(
    "slots",
    SCHEMA,
    Column("channel", String, primary_key=True),
    Column("slot", String, nullable=False),
)

# What the row of an edition holds in its column `members`.
_HELD = ("members", "since", "revised", "pagination")


class Ledger:
    """An open ledger. Each method is one transaction and raises LedgerError if the database gives
    up."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dispatches = Dispatches(database)
        self._transaction, self._put = database.transaction, database.put

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    # -- articles ---------------------------------------------------------------------------

    def articles(self) -> tuple[KnownArticle, ...]:
        """All articles ever seen."""
        with self._transaction() as db:
            rows = db.execute(sa.select(_articles)).mappings()
            return tuple(
                KnownArticle(**{**row, "sketch": tuple(json.loads(row["sketch"]))}) for row in rows
            )

    def save_articles(self, articles: Iterable[KnownArticle]) -> None:
        """Remember `articles`, replacing what was known under the same id."""
        with self._transaction() as db:
            rows = [{**asdict(a), "sketch": json.dumps(a.sketch)} for a in articles]
            self._put(db, _articles, rows)

    # -- editions ---------------------------------------------------------------------------

    def editions(self) -> Mapping[str, tuple[FrozenEdition, ...]]:
        """Every frozen edition by channel, in the order of their numbers."""
        found: dict[str, list[FrozenEdition]] = {}
        with self._transaction() as db:
            for row in db.execute(sa.select(_editions).order_by(_editions.c.number)).mappings():
                edition = FrozenEdition(
                    row["channel"], row["number"], row["date"], **_frozen(row["members"])
                )
                found.setdefault(edition.channel, []).append(edition)
        return {channel: tuple(editions) for channel, editions in found.items()}

    # -- renderings -------------------------------------------------------------------------

    def renderings(self) -> Mapping[tuple[str, str], str]:
        """The digest of the inputs of each (channel, unit) rendered last."""
        with self._transaction() as db:
            return {(r.channel, r.unit): r.inputs for r in db.execute(sa.select(_renderings))}

    def artifacts(self) -> Mapping[tuple[str, str], tuple[StoredArtifact, ...]]:
        """The artifacts of each (channel, unit), in the order of their names."""
        found: dict[tuple[str, str], list[StoredArtifact]] = {}
        with self._transaction() as db:
            for r in db.execute(sa.select(_artifacts).order_by(_artifacts.c.name)):
                found.setdefault((r.channel, r.unit), []).append(
                    StoredArtifact(r.name, r.media_type, r.digest, r.size, r.draft)
                )
        return {key: tuple(artifacts) for key, artifacts in found.items()}

    def record(
        self,
        channel: str,
        unit: str,
        inputs: str,
        artifacts: Iterable[StoredArtifact],
        couriers: Iterable[str],
        settled: frozenset[str] = frozenset(),
        edition: FrozenEdition | None = None,
        slot: str | None = None,
    ) -> None:
        """A rendering with its artifacts in place of the last, handed to `couriers`; those in
        `settled` keep to what they have begun. A draft is handed over when it is approved; what
        was said of one falls when another takes its place. A numbered edition is frozen by it,
        and has taken its `slot` if it was made for one."""
        artifacts = tuple(artifacts)
        key = {"channel": channel, "unit": unit}
        with self._transaction() as db:
            here = (_artifacts.c.channel == channel) & (_artifacts.c.unit == unit)
            last = {row.name: row.digest for row in db.execute(sa.select(_artifacts).where(here))}
            for one in artifacts:
                if one.draft and last.get(one.name, one.digest) != one.digest:
                    about = {**key, "name": one.name}
                    db.execute(sa.delete(_reviews).filter_by(**about))
            db.execute(sa.delete(_artifacts).where(here))
            self._put(db, _artifacts, [{**key, **_kept(artifact)} for artifact in artifacts])
            digests = {one.name: None if one.draft else one.digest for one in artifacts}
            self.dispatches.record(db, channel, unit, digests, couriers, settled)
            self._put(db, _renderings, [{**key, "inputs": inputs}])
            if edition:
                row = {"number": edition.number, "date": edition.date, "members": _written(edition)}
                self._put(db, _editions, [{"channel": edition.channel, **row}])
                if slot:
                    self._put(db, _slots, [{"channel": channel, "slot": slot}])

    # -- slots ------------------------------------------------------------------------------

    def slots(self) -> Mapping[str, str]:
        """The moment (RFC 3339, UTC) of its schedule that each channel honoured last."""
        with self._transaction() as db:
            return {row.channel: row.slot for row in db.execute(sa.select(_slots))}

    def take_slot(self, channel: str, slot: str) -> None:
        """`channel` has honoured its schedule up to `slot`."""
        with self._transaction() as db:
            self._put(db, _slots, [{"channel": channel, "slot": slot}])

    # -- reviews ----------------------------------------------------------------------------

    def reviews(self) -> tuple[Review, ...]:
        """All that was said of artifacts, oldest first."""
        with self._transaction() as db:
            rows = db.execute(sa.select(_reviews).order_by(_reviews.c.at)).mappings()
            return tuple(Review(**row) for row in rows)

    def review(self, review: Review) -> None:
        """Note `review`, in place of what the same person said of the same bytes before."""
        with self._transaction() as db:
            self._put(db, _reviews, [asdict(review)])


def _kept(artifact: StoredArtifact) -> dict[str, Any]:
    """What of `artifact` is kept for later runs."""
    return {name: value for name, value in asdict(artifact).items() if name in _artifacts.c}


def _written(edition: FrozenEdition) -> str:
    """What an edition holds, as its row does: its members alone where that is all."""
    if not edition.since and not edition.pagination:
        return json.dumps(edition.members)
    held = asdict(edition)
    return json.dumps({name: held[name] for name in _HELD if held[name]})


def _frozen(written: str) -> dict[str, Any]:
    held = json.loads(written)
    if isinstance(held, list):
        held = {"members": held}
    pairs = {name: tuple(map(tuple, held.get(name, ()))) for name in ("members", "revised")}
    pages = held.get("pagination")
    if pages:
        pages = Pagination(pages["source"], tuple(map(tuple, pages["starts"])))
    return {"since": held.get("since"), "pagination": pages, **pairs}


def open_ledger(url: str, root: Path) -> Ledger:
    """The ledger at `url`: a path below `root` (SQLite) or an SQLAlchemy URL.

    Raises:
        LedgerError: it cannot be opened.
    """
    return Ledger(open_database(url, root))


def is_begun(newsroom: Newsroom) -> bool:
    """Whether the newsroom has a ledger; SQLite's file comes with the first run."""
    return "://" in newsroom.ledger or (newsroom.root / newsroom.ledger).exists()


@contextmanager
def ledger_of(newsroom: Newsroom) -> Iterator[Ledger]:
    """The newsroom's ledger, open as long as the block lasts.

    Raises:
        LedgerError: it cannot be opened.
    """
    with closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger:
        yield ledger
