"""Which bytes in the store the ledger needs, and the removal of all others."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

import sqlalchemy as sa

from syndicate.ledger.ledger import Ledger
from syndicate.ledger.tables import (
    ARTIFACTS,
    COPIES,
    DELIVERIES,
    DISPATCHES,
    DRAFTS,
    NOTICES,
    PICTURES,
    RENDERINGS,
    REVIEWS,
    UNDELIVERED,
    VERSIONS,
)
from syndicate.store import BlobStore, digest_of_bytes

DAY = 86_400.0
KEPT = 7 * DAY
"""How long bytes stay that nothing names (seconds)."""
_YOUNG = 600.0
"""For how long a command may not yet have named what it has put (seconds)."""


def named(db: sa.Connection) -> frozenset[str]:
    """The digests of all that the ledger needs: kept versions of articles and their pictures,
    current renderings with what they keep for the next one, what is not delivered yet, what stands
    anywhere, drafts, and what people have judged."""
    here = DELIVERIES.c.dispatch == DISPATCHES.c.id
    left = sa.exists().where(here, UNDELIVERED)
    unfinished = DISPATCHES.c.current & (~DISPATCHES.c.frozen | left)
    digests = sa.union_all(
        sa.select(VERSIONS.c.digest),
        sa.select(ARTIFACTS.c.digest),
        sa.select(RENDERINGS.c.pieces).where(RENDERINGS.c.pieces.is_not(None)),
        sa.select(DISPATCHES.c.digest).where(unfinished),
        sa.select(COPIES.c.digest).where(COPIES.c.digest.is_not(None)),
        sa.select(REVIEWS.c.digest),
        sa.select(DRAFTS.c.head),
        sa.select(PICTURES.c.digest),
        sa.select(NOTICES.c.version).where(NOTICES.c.current),
    )
    return frozenset(db.scalars(digests))


def move_in(ledger: Ledger, store: BlobStore) -> None:
    """If `store` is not the one of the last run, share everything that the ledger needs and this
    machine has. Does nothing otherwise.

    Raises:
        StoreError: the store cannot be used.
    """
    place = digest_of_bytes(store.shown.encode())  # an address may contain a name and a password
    if ledger.facts.get("store") == place:
        return
    with ledger.database.transaction() as db:
        needed = named(db)
    store.share(digest for digest in needed if store.near.holds(digest))
    ledger.facts.put("store", place)


def collect_daily(
    ledger: Ledger,
    store: BlobStore,
    needed: Callable[[], frozenset[str]],
    oldest: float | None = None,
) -> None:
    """Once a day, remove from `store` what nobody needs and nobody has put for a week.

    Args:
        needed: returns what this machine needs besides what the ledger names. Asked only if
            something may have to be removed.
        oldest: when the oldest run began that is still at work (seconds since 1970). Nothing that
            was put after that is removed.
    """
    now = time.time()
    before = min(now - KEPT, now if oldest is None else oldest)
    if store.near.take_turn(now - DAY):
        _collect(ledger, store.near, needed, before)
    if store is not store.near and ledger.facts.take_turn("collected", now - DAY):
        _collect(ledger, store, frozenset, before)


def _collect(
    ledger: Ledger, store: BlobStore, needed: Callable[[], frozenset[str]], before: float
) -> None:
    keep: frozenset[str] | None = None
    for page in store.pages():
        for digest, put_at in page:
            if put_at >= before:
                continue
            if keep is None:
                with ledger.database.transaction() as db:
                    keep = named(db) | needed()
            if digest not in keep:
                store.remove(digest, before)


def collect_now(
    ledger: Ledger,
    store: BlobStore,
    needed: Collection[str],
    oldest: float,
    is_wanted: Callable[[str], bool],
) -> tuple[int, bool]:
    """Remove from `store` what nobody needs, however new it is: the text of something that is to be
    erased may be in it.

    Args:
        needed: what this machine needs besides what the ledger names.
        oldest: when the oldest run of others began that is still at work (seconds since 1970).
        is_wanted: whether something that was put within the last few minutes has to be removed. The
            rest of it stays, since another command may be about to name it.

    Returns:
        how many blobs were removed, and whether some are left that have to be removed later.
    """
    young = time.time() - _YOUNG
    with ledger.database.transaction() as db:
        keep = named(db) | frozenset(needed)
    number, is_left = 0, False
    for page in store.pages():
        for digest, put_at in page:
            if digest in keep or (put_at >= young and not is_wanted(digest)):
                continue
            if put_at >= oldest:
                is_left = True
                continue
            store.remove(digest, oldest)
            number += 1
    return number, is_left
