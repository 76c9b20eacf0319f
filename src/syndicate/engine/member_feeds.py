"""Private feeds: those that belong to one member."""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.adapters import WHOLE, Divides, Subscription
from syndicate.couriers.members import MembersCourier
from syndicate.newsroom.newsroom import Newsroom


def private_feeds(newsroom: Newsroom, channel: str, address: str) -> Iterator[Subscription]:
    """The private feeds of `channel` for the subscriber at `address`, if it makes any.

    Raises:
        CredentialsError: the secret for feed addresses is missing.
    """
    made = newsroom.channels.get(channel)
    if made is None or not isinstance(made.adapter, Divides):
        return
    for courier in made.couriers.values():
        if isinstance(courier, MembersCourier):
            place = made.url_of(f"{courier.folder(channel, address)}/")
            if feed := made.adapter.subscription(newsroom.publication, place, WHOLE):
                yield feed
