"""A frozen edition as a row of the ledger.

Each thing has a column of its own. The column `members` holds all of them once more, as releases
before version 4 wrote and read it. Such a release may be at work on the same ledger and knows only
that column, so where the two differ `members` is right.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from syndicate.adapters import Pagination
from syndicate.ledger.records import FrozenEdition

# What `members` holds where an edition is more than its members, in this order.
_HELD = ("members", "since", "revised", "pagination")


def as_row(edition: FrozenEdition) -> dict[str, Any]:
    """The values of `edition` by column."""
    pages = edition.pagination
    return {
        "channel": edition.channel,
        "number": edition.number,
        "date": edition.date,
        "members": _members(edition),
        "articles": json.dumps(edition.members),
        "since": edition.since,
        "revised": json.dumps(edition.revised),
        "pages_of": pages.source if pages else None,
        "pages": json.dumps(pages.starts) if pages else None,
    }


def from_row(row: sa.RowMapping) -> FrozenEdition:
    """The edition in `row`, values by column."""
    key = (row["channel"], row["number"], row["date"])
    if row["articles"] is not None:
        pages = None
        if row["pages_of"] is not None:
            pages = Pagination(row["pages_of"], _pairs(row["pages"]))
        edition = FrozenEdition(
            *key, _pairs(row["articles"]), row["since"], _pairs(row["revised"]), pages
        )
        if _members(edition) == row["members"]:
            return edition
    held = json.loads(row["members"])
    if isinstance(held, list):
        held = {"members": held}
    pages = held.get("pagination")
    if pages:
        pages = Pagination(pages["source"], tuple(map(tuple, pages["starts"])))
    members, revised = (tuple(map(tuple, held.get(n, ()))) for n in ("members", "revised"))
    return FrozenEdition(*key, members, held.get("since"), revised, pages)


def _members(edition: FrozenEdition) -> str:
    """All that `edition` holds as one text: its members alone where that is all."""
    if not edition.since and not edition.pagination:
        return json.dumps(edition.members)
    held = asdict(edition)
    return json.dumps({name: held[name] for name in _HELD if held[name]})


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in json.loads(text))
