"""A feed channel whose file was renamed goes on under its new name: its feeds stay where they are,
and still say what they have shown and what was withdrawn."""

from __future__ import annotations

from syndicate.adapters import Scope
from syndicate.couriers import Holds
from syndicate.errors import DeliveryError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


def follow_renamed(newsroom: Newsroom, ledger: Ledger) -> None:
    """Let each feed channel that has never been rendered, and delivers to the place of one that no
    longer exists, be that channel."""
    gone = sorted(ledger.copies.channels().keys() - newsroom.channels.keys())
    for channel in newsroom.channels.values() if gone else ():
        if channel.adapter.scope is not Scope.ROLLING or ledger.parts.has_rendered(channel.name):
            continue
        for old in gone:
            if any(_takes_place_of(channel, row) for row in ledger.copies.of_channels([old])):
                ledger.parts.rename(old, channel.name)
                gone.remove(old)
                break


def _takes_place_of(channel: Channel, row: CopyRow) -> bool:
    """Whether `channel` delivers such an artifact to the place of `row`."""
    for courier in channel.couriers.values():
        if isinstance(courier, Holds) and not courier.final:
            try:
                if courier.place(row.copy.artifact, row.copy.unit) == row.copy.place:
                    return True
            except DeliveryError:  # a name that it refuses
                continue
    return False
