"""A frozen edition as a row of the ledger.

Releases before version 4 know only the column `members`, which holds everything in one JSON value.
Such a release may be using the same ledger, so `members` is still written, and it is right where
the other columns say something else.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from syndicate.adapters import Pagination
from syndicate.errors import LedgerError
from syndicate.ledger.backups import HOW_TO_RESTORE
from syndicate.ledger.records import FrozenEdition

# The keys of `members` if it is an object, in this order.
_HELD = ("members", "since", "revised", "pagination")


def edition_as_row(edition: FrozenEdition) -> dict[str, Any]:
    """The values of `edition`, by column."""
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


def edition_from_row(row: sa.RowMapping) -> FrozenEdition:
    """The edition in `row`.

    Raises:
        LedgerError: this program has not written such a row.
    """
    try:
        return _edition(row)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerError(
            f"edition {row['number']} of {row['channel']!r} cannot be read: its row in the table"
            " 'editions' was changed by something else",
            hint=HOW_TO_RESTORE,
        ) from error


def _edition(row: sa.RowMapping) -> FrozenEdition:
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
    """The column `members`: a list if the edition has nothing but members, else an object."""
    if not edition.since and not edition.pagination:
        return json.dumps(edition.members)
    held = asdict(edition)
    return json.dumps({name: held[name] for name in _HELD if held[name]})


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in json.loads(text))
