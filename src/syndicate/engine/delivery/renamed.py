"""A channel whose file was renamed goes on under its new name: its feeds and files stay where they
are, feeds still say what they have shown and what was withdrawn, and files still go when their
article leaves."""

from __future__ import annotations

from syndicate.adapters import Scope
from syndicate.couriers import Holds
from syndicate.errors import DeliveryError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


def follow_renamed(newsroom: Newsroom, ledger: Ledger) -> None:
    """Let each channel of feeds or files that has never been rendered, and delivers to the place of
    one that no longer exists, be that channel. A channel that no longer exists needs nothing that
    another one has delivered to the same place."""
    gone = sorted(ledger.copies.channels().keys() - newsroom.channels.keys())
    for channel in newsroom.channels.values() if gone else ():
        if channel.adapter.scope is Scope.EDITION or ledger.parts.has_rendered(channel.name):
            continue
        for old in gone:
            rows = ledger.copies.of_channels([old])
            row = next((one for one in rows if _takes_place_of(channel, one)), None)
            if row and not ledger.editions(old).get(old) and _is_alike(channel, row, ledger):
                ledger.parts.rename(old, channel.name)
                gone.remove(old)
                break
    if gone:
        ledger.copies.hand_over(gone, newsroom.channels)


def _is_alike(channel: Channel, row: CopyRow, ledger: Ledger) -> bool:
    """Whether `row` is of one article exactly if `channel` makes files of single articles."""
    is_of_one = row.rendering in ledger.articles.with_ids([row.rendering])
    return is_of_one is (channel.adapter.scope is Scope.ARTICLE)


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
