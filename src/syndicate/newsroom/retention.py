"""The `[retention]` table: for how long addresses are kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_LENGTH = re.compile(r"(\d+)\s*(day|week|month|year)s?")
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SHORTEST = 30  # days


def _as_length(value: object) -> object:
    """A length of time such as "400 days" or "2 years"."""
    found = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not a length of time such as '400 days' or '2 years'")
    days = int(found[1]) * _DAYS[found[2]]
    if not _SHORTEST <= days <= 100 * _DAYS["year"]:
        raise ValueError(f"must be at least {_SHORTEST} days, and at most 100 years")
    return timedelta(days=days)


Length = Annotated[timedelta | None, BeforeValidator(_as_length)]


class Retention(BaseModel):
    """`[retention]`: for how long mail addresses are kept, such as "400 days" or "2 years" (at
    least 30 days). After that, the first run of the day puts a keyed digest in their place. Without
    a value they are kept.

    `deliveries` is about the records of what was sent: corrections can no longer be mailed to those
    who got an issue that is older. `unsubscribed` is about people who have left all channels, and
    `bounced` about those whose mail came back or who have complained: they are forgotten, as by
    `syndicate subscribers forget`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    deliveries: Length = None
    unsubscribed: Length = None
    bounced: Length = None

    @property
    def is_set(self) -> bool:
        """Whether anything is erased by age."""
        return any((self.deliveries, self.unsubscribed, self.bounced))
