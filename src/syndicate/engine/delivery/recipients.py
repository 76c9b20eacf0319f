"""Who gets a letter about a wrong version of an article: those who were sent it, or may have been,
and who still get the newsletter. One letter each, however many issues they had."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import groupby, islice
from pathlib import Path

from syndicate.couriers import Courier, Delivery, Previews
from syndicate.engine.planning.carrying_on import STANDING
from syndicate.errors import DeliveryError
from syndicate.ledger.database import PAGE
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.notices import NoticeRow
from syndicate.letter import MEDIA_TYPE
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Subscribers


def letter_recipients(
    newsroom: Newsroom, ledger: Ledger, row: NoticeRow, name: str
) -> Iterator[str]:
    """The addresses to which the courier `name` sends the letter of `row`, in their order, in a
    stream. Whoever gets a letter about the same matter from another newsletter is left out.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    couriers = mailing_couriers(newsroom, row.channel)
    editions = ledger.editions(row.channel).get(row.channel, ())
    rows = (
        ledger.dispatches.rows(dispatch, state)
        for dispatch, by in ledger.notices.wrongly_sent(row, editions).items()
        # What a courier that is no longer there has sent is the first one's.
        if (by if by in couriers else next(iter(couriers), "")) == name
        for state in STANDING
    )
    streams = [(one.unit for one in some) for some in rows]
    units = (unit for unit, _ in groupby(merge(*streams)))
    subscribers = Subscribers(ledger.database, newsroom.state)
    subscribers.apply_spooled()
    fixed = _fixed(couriers[name], row.channel)
    while page := list(islice(units, PAGE)):
        there = fixed | subscribers.active_among(row.channel, page).keys()
        told = ledger.notices.told(row, page)
        yield from (unit for unit in page if unit in there and unit not in told)


def mailing_couriers(newsroom: Newsroom, channel: str) -> dict[str, Courier]:
    """The couriers of `channel` that write to people, by name."""
    couriers = newsroom.channels[channel].couriers
    return {name: one for name, one in couriers.items() if isinstance(one, Previews)}


def _fixed(courier: Courier, channel: str) -> frozenset[str]:
    """The recipients of `courier` who are not subscribers."""
    letter = Delivery(channel, "", MEDIA_TYPE, "", Path())
    try:
        return frozenset(courier.addresses(letter, ()))
    except DeliveryError:  # it has none
        return frozenset()
