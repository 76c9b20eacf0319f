"""The ledger: what is known of articles, what was rendered and approved, and what is on its way."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from syndicate.atomic import place_new
from syndicate.couriers import Place
from syndicate.errors import LeaseLostError, LedgerError
from syndicate.ledger.audits import Audits
from syndicate.ledger.backups import how_to_restore
from syndicate.ledger.copies import Copies, Placing
from syndicate.ledger.database import Database, file_of
from syndicate.ledger.database_errors import is_there, unusable
from syndicate.ledger.dispatch import Dispatch
from syndicate.ledger.dispatches import Dispatches
from syndicate.ledger.draft_heads import DraftHeads
from syndicate.ledger.edition_rows import edition_as_row, edition_from_row
from syndicate.ledger.events import Events, LedgerEvent, note_event
from syndicate.ledger.facts import Facts
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.leases import Lease, Leases
from syndicate.ledger.migrations import prepare, refuse_empty
from syndicate.ledger.notices import Notices, is_a_notice
from syndicate.ledger.owner import claim_ledger, has_had_ledger, refuse_lost_ledger
from syndicate.ledger.parts import Parts, record_part
from syndicate.ledger.purges import Purges
from syndicate.ledger.records import (
    FrozenEdition,
    RecordedRendering,
    Review,
    StoredArtifact,
    dropped_review,
)
from syndicate.ledger.tables import (
    ARTIFACTS,
    DOUBTS,
    EDITIONS,
    RENDERINGS,
    REVIEWS,
    SLOTS,
    Within,
    everything,
    rows_of,
)
from syndicate.ledger.traces import Traces, record_showings
from syndicate.ledger.versions import Versions
from syndicate.ledger.withdrawals import Withdrawals
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.private import file_mode


class Ledger:
    """An open ledger. Each method is one transaction and raises LedgerError if the database gives
    up."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.leases = Leases(database)
        self.dispatches = Dispatches(database)
        self.events = Events(database)
        self.facts = Facts(database)
        self.versions = Versions(database)
        self.draft_heads = DraftHeads(database)
        self.articles = KnownArticles(database)
        self.copies = Copies(database, self.leases)
        self.parts = Parts(database)
        self.traces = Traces(database)
        self.audits = Audits(database, self.leases)
        self.notices = Notices(database)
        self.withdrawals = Withdrawals(database)
        self.purges = Purges(database)
        self._transaction, self._put = database.transaction, database.put

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def held(
        self,
        lease: Lease,
        dispatch: Dispatch,
        place: Callable[[str], Place] | None = None,
        *,
        cached: bool = False,
    ) -> HeldDispatch:
        """`dispatch`, delivered under `lease`; see `HeldDispatch`.

        Args:
            place: says where each unit stays; None if nothing stays anywhere.
            cached: whether there is a cache in front of these places.
        """
        part = Placing(self.database, self.leases, dispatch, place, cached) if place else None
        return HeldDispatch(self.database, self.leases, lease, dispatch, part)

    # -- editions ---------------------------------------------------------------------------

    def editions(self, *channels: str) -> Mapping[str, tuple[FrozenEdition, ...]]:
        """Every frozen edition of `channels` (of all if none are given) by channel, in the order of
        their numbers."""
        found: dict[str, list[FrozenEdition]] = {}
        query = sa.select(EDITIONS).order_by(EDITIONS.c.number)
        if channels:
            query = query.where(EDITIONS.c.channel.in_(channels))
        with self._transaction() as db:
            for row in db.execute(query).mappings():
                edition = edition_from_row(row)
                found.setdefault(edition.channel, []).append(edition)
        return {channel: tuple(editions) for channel, editions in found.items()}

    # -- renderings -------------------------------------------------------------------------

    def renderings(
        self, within: Within = everything
    ) -> tuple[Mapping[tuple[str, str], str], Mapping[tuple[str, str], str]]:
        """For each (channel, rendering), as it was rendered last, the digest of its inputs, and the
        digest of what it has kept for its next rendering, if there is something."""
        query = rows_of(RENDERINGS).where(within(RENDERINGS))
        with self._transaction() as db:
            rows = [((r.channel, r.rendering), r.inputs, r.pieces) for r in db.execute(query)]
        inputs = {key: inputs for key, inputs, _ in rows}
        return inputs, {key: pieces for key, _, pieces in rows if pieces is not None}

    def artifacts(
        self, within: Within = everything
    ) -> Mapping[tuple[str, str], tuple[StoredArtifact, ...]]:
        """The artifacts of each (channel, rendering), in the order of their names."""
        return self._artifacts(rows_of(ARTIFACTS).where(within(ARTIFACTS)))

    def drafts(
        self, channels: Iterable[Channel]
    ) -> Mapping[tuple[str, str], tuple[StoredArtifact, ...]]:
        """The artifacts of `channels` that people edit, as they were rendered last."""
        here = ARTIFACTS.c.channel.in_([one.name for one in channels])
        return self._artifacts(rows_of(ARTIFACTS).where(ARTIFACTS.c.draft, here))

    def _artifacts(
        self, query: sa.Select[Any]
    ) -> Mapping[tuple[str, str], tuple[StoredArtifact, ...]]:
        found: dict[tuple[str, str], list[StoredArtifact]] = {}
        with self._transaction() as db:
            for r in db.execute(query.order_by(ARTIFACTS.c.name)):
                found.setdefault((r.channel, r.rendering), []).append(
                    StoredArtifact(r.name, r.media_type, r.digest, r.size, r.draft)
                )
        return {key: tuple(artifacts) for key, artifacts in found.items()}

    def inputs_of(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The digest of the inputs of those that (channel, rendering) names."""
        columns = sa.tuple_(RENDERINGS.c.channel, RENDERINGS.c.rendering)
        query = rows_of(RENDERINGS).where(columns.in_(list(keys)))
        with self._transaction() as db:
            return {(r.channel, r.rendering): r.inputs for r in db.execute(query)}

    def renderings_of_drafts(
        self, channels: Collection[str], within: Within = everything
    ) -> tuple[tuple[str, str], ...]:
        """Each (channel, rendering) with a draft, each notice, and all of `channels`."""
        waits = ARTIFACTS.c.draft | ARTIFACTS.c.channel.in_(channels) | is_a_notice(ARTIFACTS)
        where = (within(ARTIFACTS), waits)
        query = sa.select(ARTIFACTS.c.channel, ARTIFACTS.c.rendering).where(*where).distinct()
        with self._transaction() as db:
            return tuple((channel, key) for channel, key in db.execute(query))

    def record(self, lease: Lease, one: RecordedRendering) -> None:
        """Replace the last rendering of the same key, and hand the artifacts to the couriers. The
        `lease` on the rendering ends with this.

        Drafts are handed over later, when they are approved. If a draft has changed, its approvals
        are dropped. The rendering also freezes its edition and takes its slot, if it has them.

        Raises:
            LeaseLostError: the lease is no longer held, or another run has taken the slot. Nothing
                has changed then.
        """
        key = {"channel": one.channel, "rendering": one.key}
        digests = {each.name: None if each.draft else each.digest for each in one.artifacts}
        with self._transaction() as db:
            self.leases.hold(db, lease)
            here = (ARTIFACTS.c.channel == one.channel) & (ARTIFACTS.c.rendering == one.key)
            last = {row.name: row.digest for row in db.execute(rows_of(ARTIFACTS).where(here))}
            for artifact in one.artifacts:
                if artifact.draft and last.get(artifact.name, artifact.digest) != artifact.digest:
                    _drop_reviews(db, {**key, "name": artifact.name})
            db.execute(sa.delete(ARTIFACTS).where(here))
            self._put(db, ARTIFACTS, [{**key, **_kept(artifact)} for artifact in one.artifacts])
            record_showings(self.database, db, (one.channel, one.key), one.shown)
            self.dispatches.record(db, one, digests)
            made = {"inputs": one.inputs, "pieces": one.pieces or None}
            self._put(db, RENDERINGS, [{**key, **made}])
            if one.part:
                record_part(self.database, db, one.channel, one.key, one.part)
            self.versions.add(db, one.sent, sent=True)
            note_event(db, _rendered(one))
            if one.edition:
                self._put(db, EDITIONS, [edition_as_row(one.edition)])
                if one.slot and not self._advance(db, one.channel, one.slot):
                    raise LeaseLostError("another run has made the edition of this scheduled time")
            self.leases.end(db, lease)

    # -- slots ------------------------------------------------------------------------------

    def slots(self) -> Mapping[str, str]:
        """The moment (RFC 3339, UTC) of its schedule that each channel honoured last."""
        with self._transaction() as db:
            return {row.channel: row.slot for row in db.execute(sa.select(SLOTS))}

    def take_slot(self, channel: str, slot: str) -> None:
        """`channel` has honoured its schedule up to `slot`, or to a later time that another run has
        recorded."""
        with self._transaction() as db:
            self._advance(db, channel, slot)

    def _advance(self, db: sa.Connection, channel: str, slot: str) -> bool:
        """Take `slot`. False if it, or a later one, has been taken before."""
        insert = self.database.insert(SLOTS).values(channel=channel, slot=slot)
        later = SLOTS.c.slot < insert.excluded.slot
        statement = insert.on_conflict_do_update(
            index_elements=[SLOTS.c.channel], set_={"slot": insert.excluded.slot}, where=later
        )
        return bool(db.execute(statement).rowcount == 1)

    # -- reviews ----------------------------------------------------------------------------

    def reviews(self, within: Within = everything) -> tuple[Review, ...]:
        """All that was said of artifacts, oldest first."""
        query = rows_of(REVIEWS).where(within(REVIEWS)).order_by(REVIEWS.c.at)
        with self._transaction() as db:
            rows = db.execute(query).mappings()
            return tuple(Review(**row) for row in rows)

    def reviews_of(self, channel: str, rendering: str, name: str) -> tuple[Review, ...]:
        """As `reviews`, of one artifact."""
        about = {"channel": channel, "rendering": rendering, "name": name}
        query = rows_of(REVIEWS).where(*(REVIEWS.c[key] == value for key, value in about.items()))
        with self._transaction() as db:
            rows = db.execute(query.order_by(REVIEWS.c.at)).mappings()
            return tuple(Review(**row) for row in rows)

    def review(self, review: Review, leases: Iterable[Lease] = ()) -> None:
        """Note `review`, in place of what the same person said of the same bytes before.

        Raises:
            LeaseLostError: one of the `leases` that keep others from delivering those bytes is no
                longer held.
        """
        with self._transaction() as db:
            for lease in leases:
                self.leases.hold(db, lease)
            self._put(db, REVIEWS, [asdict(review)])
            about = {name: value for name, value in asdict(review).items() if name in _REVIEWED}
            note_event(db, LedgerEvent(review.verdict, review.by, **about))

    def drop_reviews(self, keys: Iterable[tuple[str, str]], why: str) -> None:
        """Delete what was said of the renderings with these keys (channel, rendering): whatever of
        them is to leave from now on needs a new approval."""
        with self._transaction() as db:
            for channel, rendering in keys:
                _drop_reviews(db, {"channel": channel, "rendering": rendering}, why)

    # -- after a restore --------------------------------------------------------------------

    def doubtful(self) -> frozenset[str]:
        """The ids of articles from which something may have been sent after the backup that this
        ledger was restored from."""
        with self._transaction() as db:
            return frozenset(db.scalars(sa.select(DOUBTS.c.article)))


_REVIEWED = ("channel", "rendering", "name", "digest", "note")


def _kept(artifact: StoredArtifact) -> dict[str, Any]:
    """What of `artifact` is kept for later runs."""
    return {name: value for name, value in asdict(artifact).items() if name in ARTIFACTS.c}


def _rendered(one: RecordedRendering) -> LedgerEvent:
    """The event that `one` was recorded; it names the artifact if there is only one."""
    event = LedgerEvent("rendered", channel=one.channel, rendering=one.key)
    if len(one.artifacts) != 1:
        return replace(event, note=f"{len(one.artifacts)} artifacts")
    (artifact,) = one.artifacts
    return replace(event, name=artifact.name, digest=artifact.digest)


def _drop_reviews(
    db: sa.Connection, about: Mapping[str, str], why: str = "the draft was replaced"
) -> None:
    """Delete the reviews of the draft, or of the rendering, that `about` names."""
    here = [REVIEWS.c[name] == value for name, value in about.items()]
    for row in db.execute(rows_of(REVIEWS).where(*here)).mappings().all():
        note_event(db, dropped_review(Review(**row), "", why))
    db.execute(sa.delete(REVIEWS).where(*here))


def open_ledger(url: str, root: Path, had_before: bool = False) -> Ledger:
    """Open the ledger at `url`. It is created if it does not exist, and upgraded if it is old.

    Args:
        url: a path below `root` (SQLite) or an SQLAlchemy URL.
        had_before: whether there has been a ledger; an empty database has lost it then.

    Raises:
        LedgerError: it cannot be opened, is lost, or is too new for this program.
        LockedError: another process is upgrading it.
    """
    file = ledger_file(url, root)
    if file:
        url = f"sqlite:///{file}"
        _ensure(file)
    database = Database(url)
    try:
        if file or had_before:  # a file appears with all tables in it
            with database.transaction() as db:
                refuse_empty(db, file)
        prepare(database)
    except BaseException:
        database.close()
        raise
    return Ledger(database)


def ledger_file(url: str, root: Path) -> Path | None:
    """The file of an SQLite ledger; None if the ledger is on a server or in memory."""
    if "://" not in url:
        return root / url
    try:
        return file_of(sa.make_url(url))
    except sa.exc.ArgumentError:  # opening it reports this
        return None


def _ensure(file: Path) -> None:
    """Create the ledger `file` if it does not exist.

    It appears complete, never empty. So an empty file is a ledger that was lost, and treating it as
    new would send everything again.
    """
    try:
        if is_there(file):
            if file.stat().st_size == 0:
                raise LedgerError(
                    f"{file}: the ledger is empty (0 bytes); its content is lost",
                    hint=f"{how_to_restore(file)}; to start over and send everything again, delete"
                    " the file",
                )
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
        fresh.touch(file_mode())  # its -wal and -shm get the same mode
        try:
            with closing(Database(f"sqlite:///{fresh}")) as database:
                prepare(database)
        except LedgerError:
            for suffix in ("", "-wal", "-shm"):
                fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
            raise
        place_new(fresh, file)  # unless another process has just created it
    except OSError as error:
        raise unusable(file, error) from error


def has_ledger(newsroom: Newsroom) -> bool:
    """Whether the newsroom has a ledger; SQLite's file comes with the first run."""
    return "://" in newsroom.ledger or is_there(newsroom.root / newsroom.ledger)


@contextmanager
def ledger_of(newsroom: Newsroom) -> Iterator[Ledger]:
    """As `open_own_ledger`, open as long as the block lasts."""
    with closing(open_own_ledger(newsroom)) as ledger:
        yield ledger


def open_own_ledger(newsroom: Newsroom) -> Ledger:
    """Open the ledger of `newsroom`. It is created for the first run.

    Raises:
        LedgerError: it cannot be opened, is lost, or belongs to another newsroom.
        LockedError: another process is upgrading it.
    """
    if file := ledger_file(newsroom.ledger, newsroom.root):
        refuse_lost_ledger(newsroom, file)
    ledger = open_ledger(newsroom.ledger, newsroom.root, has_had_ledger(newsroom))
    try:
        claim_ledger(ledger.database, newsroom)
    except BaseException:
        ledger.close()
        raise
    return ledger
