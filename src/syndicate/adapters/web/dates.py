"""Dates in web formats: in English, with a numeric zone, regardless of the machine's locale."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HALF_HOUR = timedelta(minutes=30)


def rfc3339(moment: datetime) -> str:
    """`moment` in the form `2026-10-05T12:00:00+02:00`."""
    return with_whole_minute_zone(moment).isoformat()


def rfc822(moment: datetime) -> str:
    """`moment` in the form `Mon, 05 Oct 2026 12:00:00 +0200` (RFC 822 with RFC 1123's year).

    Validators warn about zones that are not whole or half hours, so a time in Nepal (+05:45) is
    given in UTC.
    """
    if (moment.utcoffset() or timedelta()) % _HALF_HOUR:
        moment = moment.astimezone(UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    written = moment.isoformat(timespec="seconds")  # such as 2026-10-05T12:00:00+02:00
    clock, zone = written[11:19], written[19:].replace(":", "")
    return f"{day}, {written[8:10]} {month} {written[:4]} {clock} {zone}"


def with_whole_minute_zone(moment: datetime) -> datetime:
    """`moment` in UTC if its zone is not a number of whole minutes, as in the 19th century."""
    offset = moment.utcoffset()
    return moment.astimezone(UTC) if offset is None or offset.seconds % 60 else moment


def distinct_web_time(moment: datetime, identity: str) -> datetime:
    """`moment` with a fraction of a second that depends only on `identity`.

    The times of articles are whole seconds, and often midnight. Validators, and feed readers that
    sort by time, cannot distinguish two entries of an Atom feed that have the same time.
    """
    fraction = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8]) % 1_000_000
    return moment.replace(microsecond=fraction)
