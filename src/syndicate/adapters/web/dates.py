"""Dates as the web writes them: English, numeric zone, whatever the machine's locale is."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HALF_HOUR = timedelta(minutes=30)


def rfc3339(moment: datetime) -> str:
    """`moment` such as `2026-10-05T12:00:00+02:00`."""
    return whole_minutes(moment).isoformat()


def rfc822(moment: datetime) -> str:
    """`moment` such as `Mon, 05 Oct 2026 12:00:00 +0200` (RFC 822 with RFC 1123's year).

    Validators doubt zones but those of whole and half hours: Nepal's quarters are told in UTC.
    """
    if (moment.utcoffset() or timedelta()) % _HALF_HOUR:
        moment = moment.astimezone(UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    written = moment.isoformat(timespec="seconds")  # such as 2026-10-05T12:00:00+02:00
    clock, zone = written[11:19], written[19:].replace(":", "")
    return f"{day}, {written[8:10]} {month} {written[:4]} {clock} {zone}"


def whole_minutes(moment: datetime) -> datetime:
    """`moment` in a zone that can be written; those of the 19th century are off by seconds."""
    offset = moment.utcoffset()
    return moment.astimezone(UTC) if offset is None or offset.seconds % 60 else moment


def told_apart(moment: datetime, identity: str) -> datetime:
    """`moment` with a fraction of its second that depends on `identity` alone.

    Articles know whole seconds, and many have none but the day's first. Two entries of an Atom feed
    that were updated in the same second are one and the same moment to validators and to readers
    that sort by it.
    """
    fraction = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8]) % 1_000_000
    return moment.replace(microsecond=fraction)
