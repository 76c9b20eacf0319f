"""Takes into the inventory what was delivered before the ledger kept one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syndicate.couriers import Copy, Holds
from syndicate.errors import DeliveryError
from syndicate.ledger.copies import CopyRow, CopyState
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel

_FACT = "inventory"


def take_inventory(ledger: Ledger, channels: Iterable[Channel]) -> None:
    """Once for each ledger: what `channels` have delivered to a place stands there."""
    if ledger.facts.get(_FACT) is None:
        ledger.copies.add(_delivered(ledger, channels))
        ledger.facts.put(_FACT, "taken")


def _delivered(ledger: Ledger, channels: Iterable[Channel]) -> Iterator[CopyRow]:
    holding = {
        (channel.name, name): courier
        for channel in channels
        for name, courier in channel.couriers.items()
        if isinstance(courier, Holds)
    }
    for dispatch, row in ledger.dispatches.by(holding):
        try:
            place = holding[dispatch.channel, dispatch.courier].place(dispatch.artifact, row.unit)
        except DeliveryError:  # a name that is refused today
            continue
        arrived = row.state is State.DELIVERED
        yield CopyRow(
            Copy(
                place,
                dispatch.channel,
                dispatch.artifact,
                row.unit,
                dispatch.digest if arrived else None,
                row.remote_id,
                row.url,
            ),
            dispatch.rendering,
            dispatch.courier,
            dispatch.id,
            CopyState.STANDING if arrived else CopyState.PLACING,
            row.at or dispatch.at,
        )
