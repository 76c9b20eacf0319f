"""Couriers whose destination takes nothing more for now, such as a platform with a rate limit. They
are not tried again before it does, by whichever run on whichever machine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from shlex import quote

from syndicate.errors import PostponedError
from syndicate.ledger.facts import Facts

_FACT = "postponed "
_UNKNOWN = timedelta(minutes=15)  # if it does not say for how long; most limits are for as long


@dataclass(frozen=True)
class Postponement:
    """The courier of a channel waits `until` then; `why` is what its destination answered."""

    channel: str
    courier: str
    until: datetime
    why: str

    @property
    def key(self) -> str:
        """The same as long as nothing changes."""
        return f"{self.channel} {self.courier} {self.until.isoformat()}"

    def as_error(self, zone: tzinfo) -> PostponedError:
        """The same for `console.print_error`."""
        return PostponedError(
            f"{self.channel}: {self.told(zone)}",
            hint="nothing to do; to try it sooner: syndicate deliveries retry --all --channels "
            + quote(self.channel),
        )

    def told(self, zone: tzinfo) -> str:
        """It in words, with the time as it is in `zone`."""
        until = self.until.astimezone(zone)
        today = until.date() == datetime.now(zone).date()
        moment = f"{until:%H:%M}" if today else f"{until:%-d %B, %H:%M}"
        return f"{self.why}; it is tried again at {moment}"


def postponements(facts: Facts, now: datetime) -> dict[tuple[str, str], Postponement]:
    """Those that last longer than `now`, by channel and courier."""
    found = {}
    for key, value in facts.beginning(_FACT).items():
        channel, courier = json.loads(key)
        until, why = json.loads(value)
        one = Postponement(channel, courier, datetime.fromisoformat(until), why)
        if one.until > now:
            found[channel, courier] = one
    return found


def postpone(
    facts: Facts, channel: str, courier: str, error: PostponedError, now: datetime
) -> Postponement:
    """Note that the courier waits, because of `error`."""
    wait = _UNKNOWN if error.seconds is None else timedelta(seconds=error.seconds)
    one = Postponement(channel, courier, (now + wait).astimezone(UTC), error.message)
    facts.put(_name(channel, courier), json.dumps([one.until.isoformat(), one.why]))
    return one


def lift_postponements(facts: Facts, channels: Iterable[str], now: datetime) -> None:
    """Let the couriers of `channels` be tried again at once."""
    for channel, courier in postponements(facts, now):
        if channel in channels:
            facts.put(_name(channel, courier), json.dumps([now.isoformat(), ""]))


def _name(channel: str, courier: str) -> str:
    return _FACT + json.dumps([channel, courier])
