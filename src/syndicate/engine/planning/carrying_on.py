"""Going on with a draft that was edited after a part of it had left: what stands, stays."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from syndicate.couriers import Courier
from syndicate.errors import DraftError, Problems, SourceError
from syndicate.ledger.dispatch import DeliveryRow, Dispatch, State
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import read_draft

STANDING = (State.DELIVERED, State.COMMITTING, State.UNCERTAIN)
"""The states of what has left, or may have."""


def standing(ledger: Ledger, dispatch: Dispatch) -> tuple[DeliveryRow, ...]:
    """The deliveries of `dispatch` that have left or may have, in their order."""
    rows = (row for state in STANDING for row in ledger.dispatches.rows(dispatch.id, state))
    return tuple(sorted(rows, key=lambda row: row.unit))


def carried_on(
    ledger: Ledger,
    newsroom: Newsroom,
    courier: Courier,
    dispatch: Dispatch | None,
    draft: StoredArtifact,
) -> tuple[str, ...]:
    """The units that `dispatch` has delivered and that a dispatch of `draft`, whose bytes are in
    the store, carries on. None if they can be replaced, or all of it is to be delivered again.

    Raises:
        DraftError: a post that stands has other words in `draft`.
        StoreError: the store does not have the bytes, or cannot be used.
    """
    if dispatch is None or dispatch.digest == draft.digest or not courier.final:
        return ()
    units = tuple(row.unit for row in standing(ledger, dispatch))
    if units:
        before = newsroom.store.read(dispatch.digest)
        for unit in reworded(before, newsroom.store.read(draft.digest), units):
            raise is_reworded(draft.name, unit)
    return units


def is_reworded(name: str, unit: str) -> DraftError:
    """The error that a post of the draft `name` stands, and has other words there."""
    return DraftError(
        f"{name}: post {unit} has been posted, and is different in the draft",
        hint=f"put its text back; to post none of the rest: syndicate drafts close {name}",
    )


def reworded(before: bytes, now: bytes, units: Collection[str]) -> Iterator[str]:
    """Those of `units` that do not say the same in the drafts `before` and `now`. Of what is not a
    thread, that cannot be known."""
    try:
        old, new = read_draft(before, "").units, read_draft(now, "").units
    except (SourceError, Problems):
        yield from units
        return
    for unit in units:
        if unit not in old or old[unit] != new.get(unit):
            yield unit
