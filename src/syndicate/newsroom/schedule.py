"""When a channel is due: a cron expression in the newsroom's time zone."""

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
            raise CronSimError("it must have five fields: minute hour day month weekday")
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, AssertionError) as error:
        raise ValueError(f"{expression!r} is not a cron expression: {error}") from None
    return expression


def _as_span(value: object) -> object:
    if isinstance(value, str):
        found = _SPAN.fullmatch(value.strip())
        if not found:
            raise ValueError(f"{value!r} is not a length of time such as '2 hours'")
        return timedelta(**{found[2] + "s": int(found[1])})
    return value


Cron = Annotated[str, AfterValidator(_as_cron)]
Span = Annotated[timedelta, BeforeValidator(_as_span)]


@dataclass(frozen=True)
class Schedule:
    """The times of a cron expression (five fields, see crontab(5)) in a time zone.

    When clocks go forward, times in the skipped hour come right after it. When clocks go back,
    times in the repeated hour come once. A missed time can be made up for within `not_after`, or,
    if that is None, until the next time.
    """

    expression: str
    zone: ZoneInfo
    not_after: timedelta | None = None

    def latest(self, now: datetime) -> datetime | None:
        """The last time at or before `now`, in UTC, or None if there was none in ten years."""
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
        """The first time after `now`, in UTC."""
        return next(self._after(now))

    def is_missed(self, moment: datetime, now: datetime) -> bool:
        """Whether, at `now`, it is too late to make up for the time `moment`."""
        return self.not_after is not None and now - moment > self.not_after

    def _after(self, moment: datetime) -> Iterator[datetime]:
        from cronsim import CronSim

        # Start early, so that times near a change of clocks are found from before the change.
        start = (moment - timedelta(hours=3)).astimezone(self.zone)
        for found in CronSim(self.expression, start):
            if (utc := found.astimezone(UTC)) > moment:
                yield utc
