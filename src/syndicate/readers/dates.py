"""Points in time as people write them, in the newsroom's time zone unless they name another."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from syndicate.article.publication import Publication

_SPACED_ZONE = re.compile(r"(?<=\d)\s+(?=[+-]\d\d:?\d\d$|Z$)")
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>UTC|GMT|Z|[+-]\d\d:?\d\d)?"
)
_WRITTEN = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?"
    r"(?:(?P<month_first>[^\W\d]{3,})\.?\s+(?P<day_second>\d{1,2})(?:st|nd|rd|th)?,?"
    r"|(?P<day_first>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?(?P<month_second>[^\W\d]{3,})\.?,?)"
    rf"\s+(?:de\s+)?(?P<year>\d{{4}})(?:\s*(?:,|at|–|-|\||um|à|a las)?\s*{_CLOCK})?",
    re.IGNORECASE,
)


def moment(text: str, publication: Publication) -> datetime:
    """`text` as a point in time, in UTC. A date alone is its midnight; what names no zone is in
    the publication's. Read are ISO 8601, RFC 5322 ("Mon, 05 Oct 2026 12:00:00 +0200") and dates
    in words in English or the publication's language ("5 October 2026, 10:30 am").

    Raises:
        ValueError: `text` is none of these.
    """
    text = " ".join(text.split())
    try:
        found = datetime.fromisoformat(_SPACED_ZONE.sub("", text))
    except ValueError:
        found = _in_words(text, publication) or _of_mail(text)
    return in_utc(found, publication.zone)


def in_utc(found: datetime, zone: ZoneInfo) -> datetime:
    """`found`, in `zone` if it names none, in UTC and whole seconds.

    Raises:
        ValueError: it lies outside the years 1 to 9999.
    """
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    try:
        return found.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of `day` in `zone`, in UTC."""
    return in_utc(datetime(day.year, day.month, day.day), zone)


def _in_words(text: str, publication: Publication) -> datetime | None:
    found = _WRITTEN.fullmatch(text)
    if not found:
        return None
    name = (found["month_first"] or found["month_second"]).casefold()
    month = _months(publication.language).get(name) or _months("en").get(name)
    if month is None:
        return None
    hour = int(found["hour"] or 0)
    if half := found["half"]:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    day = datetime(
        int(found["year"]),
        month,
        int(found["day_first"] or found["day_second"]),
        hour,
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    if zone := found["zone"]:
        offset = "+00:00" if zone.upper() in ("UTC", "GMT", "Z") else zone
        return datetime.fromisoformat(day.isoformat() + offset)
    return day


def _of_mail(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date") from error


@lru_cache(maxsize=16)
def _months(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError

    try:
        months = Locale.parse(language, sep="-").months
    except (UnknownLocaleError, ValueError):
        return {}
    names: dict[str, int] = {}
    for context in ("stand-alone", "format"):
        for width in ("wide", "abbreviated"):
            for number, name in months[context][width].items():
                names[name.casefold().rstrip(".")] = number
    return names | ({"sept": 9} if "sep" in names else {})
