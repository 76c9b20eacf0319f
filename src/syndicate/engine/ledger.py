"""The ledger: what is known of articles, what was rendered, approved and delivered.

Each method is one transaction. SQLite runs in WAL mode with full syncs, so what a method has
written survives a `kill -9` and a power cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Integer, String, Table, Text

from syndicate.errors import LedgerError

_schema = sa.MetaData()
_articles = Table(
    "articles",
    _schema,
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
    _schema,
    Column("channel", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("date", String, nullable=False),
    Column("members", Text, nullable=False),
)
_renderings = Table(
    "renderings",
    _schema,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("inputs", String, nullable=False),
)
_artifacts = Table(
    "artifacts",
    _schema,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("draft", sa.Boolean, nullable=False),
)
_approvals = Table(
    "approvals",
    _schema,
    Column("channel", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)
_deliveries = Table(
    "deliveries",
    _schema,
    Column("channel", String, primary_key=True),
    Column("run", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("state", String, nullable=False),
    Column("remote_id", String),
    Column("url", String),
    Column("error", Text),
)


class State(StrEnum):
    """pending → committing → delivered | failed | uncertain."""

    PENDING = "pending"
    COMMITTING = "committing"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class KnownArticle:
    """What stays true of an article whatever is edited or renamed. Times are RFC 3339."""

    id: str
    source: str
    slug: str
    first_seen: str
    updated: str
    words: str
    title: str
    sketch: tuple[int, ...]


@dataclass(frozen=True)
class FrozenEdition:
    """A numbered edition: its `members` are (article id, digest at the freeze) in order."""

    channel: str
    number: int
    date: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StoredArtifact:
    """An artifact as recorded; its bytes are in the store, or where it was delivered."""

    name: str
    media_type: str
    digest: str
    size: int
    draft: bool


@dataclass(frozen=True)
class DeliveryRow:
    """One delivery: `run` is the rendering it belongs to, `unit` what the destination keeps."""

    channel: str
    run: str
    unit: str
    digest: str
    state: State
    remote_id: str | None = None
    url: str | None = None
    error: str | None = None


class Ledger:
    """An open ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, url: str) -> None:
        self._url = url
        options: dict[str, Any] = {"connect_args": {"timeout": 5}} if "sqlite" in url else {}
        self._engine = sa.create_engine(url, poolclass=sa.pool.StaticPool, **options)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _sqlite_pragmas)
        with self._transaction() as db:
            if not sa.inspect(db).has_table("deliveries"):
                _schema.create_all(db)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as db:
                yield db
        except sa.exc.SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise LedgerError(
                f"the ledger gave up: {cause}", hint="check with: syndicate doctor"
            ) from error

    def _put(self, db: sa.Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert `rows`, replacing those with the same key."""
        if not rows:
            return
        if self._engine.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as pg_insert

            statement: Any = pg_insert(table)
        else:
            from sqlalchemy.dialects.sqlite import insert as sqlite_insert

            statement = sqlite_insert(table)
        keys = [column.name for column in table.primary_key]
        values = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
        db.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), rows)

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
                members = tuple((a, d) for a, d in json.loads(row["members"]))
                edition = FrozenEdition(row["channel"], row["number"], row["date"], members)
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
        edition: FrozenEdition | None = None,
    ) -> None:
        """A rendering with its artifacts in place of the last; a numbered edition is frozen by it.

        Each artifact gets a pending delivery, unless these very bytes were delivered already.
        """
        artifacts = tuple(artifacts)
        key = {"channel": channel, "unit": unit}
        with self._transaction() as db:
            here = (_artifacts.c.channel == channel) & (_artifacts.c.unit == unit)
            db.execute(sa.delete(_artifacts).where(here))
            self._put(db, _artifacts, [{**key, **asdict(artifact)} for artifact in artifacts])
            run = (_deliveries.c.channel == channel) & (_deliveries.c.run == unit)
            done = sa.select(_deliveries).where(run, _deliveries.c.state == State.DELIVERED)
            stands = {(row.unit, row.digest) for row in db.execute(done)}
            due = (a for a in artifacts if (a.name, a.digest) not in stands)
            rows = (DeliveryRow(channel, unit, a.name, a.digest, State.PENDING) for a in due)
            self._put(db, _deliveries, [asdict(row) for row in rows])
            self._put(db, _renderings, [{**key, "inputs": inputs}])
            if edition:
                self._put(db, _editions, [{**asdict(edition), "members": _members(edition)}])

    # -- approvals --------------------------------------------------------------------------

    def approvals(self) -> frozenset[tuple[str, str, str, str]]:
        """(channel, unit, artifact name, digest) of all that was approved."""
        with self._transaction() as db:
            rows = db.execute(sa.select(_approvals))
            return frozenset((r.channel, r.unit, r.name, r.digest) for r in rows)

    def approve(self, channel: str, unit: str, name: str, digest: str, by: str) -> None:
        """`by` lets the artifact of this very digest leave."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        key = {"channel": channel, "unit": unit, "name": name, "digest": digest}
        with self._transaction() as db:
            self._put(db, _approvals, [{**key, "by": by, "at": at}])

    # -- deliveries -------------------------------------------------------------------------

    def deliveries(self) -> tuple[DeliveryRow, ...]:
        """Every delivery, in the order of channel, rendering and unit."""
        order = (_deliveries.c.channel, _deliveries.c.run, _deliveries.c.unit)
        with self._transaction() as db:
            rows = db.execute(sa.select(_deliveries).order_by(*order)).mappings()
            return tuple(DeliveryRow(**{**row, "state": State(row["state"])}) for row in rows)

    def mark(self, delivery: DeliveryRow) -> None:
        """The delivery's new state, with its receipt or error."""
        with self._transaction() as db:
            self._put(db, _deliveries, [asdict(delivery)])


def _members(edition: FrozenEdition) -> str:
    return json.dumps(edition.members)


def open_ledger(url: str, root: Path) -> Ledger:
    """The ledger at `url`: a path below `root` (SQLite) or an SQLAlchemy URL.

    Raises:
        LedgerError: it cannot be opened.
    """
    if "://" not in url:
        path = root / url
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{path.parent}: {error.strerror}") from error
        url = f"sqlite:///{path}"
    try:
        return Ledger(url)
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise LedgerError(f"'ledger' cannot be used: {error}") from error


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
