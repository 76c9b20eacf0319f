"""When a channel is due: a cron expression on the newsroom's clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

_SPAN = re.compile(r"(\d+)\s*(minute|hour|day|week)s?")


def _as_cron(expression: str) -> str:
    from cronsim import CronSim, CronSimError

    try:
        if len(expression.split()) != 5:
            raise CronSimError("five fields: minute hour day month weekday")
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, AssertionError) as error:
        raise ValueError(f"{expression!r} is no cron expression: {error}") from None
    return expression


def _as_span(value: object) -> object:
    if isinstance(value, str):
        found = _SPAN.fullmatch(value.strip())
        if not found:
            raise ValueError(f"{value!r} is not a time such as '2 hours'")
        return timedelta(**{found[2] + "s": int(found[1])})
    return value


Cron = Annotated[str, AfterValidator(_as_cron)]
Span = Annotated[timedelta, BeforeValidator(_as_span)]


@dataclass(frozen=True)
class Schedule:
    """The moments of a cron expression (five fields as crontab(5) has them) in a time zone.

    Where a clock is put forward, what falls into the hour that is left out happens right after it;
    where it is put back, what falls into the hour that comes twice happens once. `not_after` is how
    long a moment may be made up for, None until the next.
    """

    expression: str
    zone: ZoneInfo
    not_after: timedelta | None = None

    def latest(self, now: datetime) -> datetime | None:
        """The last moment at or before `now` in UTC, None if there was none for ten years."""
        span = timedelta(hours=2)
        while span < timedelta(days=3660):
            found = None
            for moment in self._after(now - span):
                if moment > now:
                    break
                found = moment
            if found:
                return found
            span *= 8
        return None

    def next(self, now: datetime) -> datetime:
        """The first moment after `now`, in UTC."""
        return next(self._after(now))

    def is_missed(self, moment: datetime, now: datetime) -> bool:
        """Whether it is too late at `now` to make up for `moment`."""
        return self.not_after is not None and now - moment > self.not_after

    def _after(self, moment: datetime) -> Iterator[datetime]:
        from cronsim import CronSim

        # Begun an hour early: what is due at a change of clocks is found from either side of it.
        start = (moment - timedelta(hours=3)).astimezone(self.zone)
        for found in CronSim(self.expression, start):
            if (utc := found.astimezone(UTC)) > moment:
                yield utc
