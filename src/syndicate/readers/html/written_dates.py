"""How dates are written: ISO 8601, with the names of months, in numbers; in several languages."""

from __future__ import annotations

import re
from datetime import date, datetime

from syndicate.readers.dates import is_month_first, month

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?"
)
_YEAR = r"(?P<year{}>(?:19|20)\d\d)(?!\d)"
_MONTH = r"(?P<month{}>[^\W\d_]{{2,}})"
_DAY = r"(?P<day{}>\d{{1,2}})"
_WORDED = re.compile(
    rf"{_MONTH.format(1)}\.?\s*{_DAY.format(1)}(?:st|nd|rd|th)?\s?,?\s*{_YEAR.format(1)}"
    rf"|(?<!\d){_DAY.format(2)}(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+|of\s+)?{_MONTH.format(2)}\.?,?"
    rf"[\s-]*(?:de\s+|del\s+)?{_YEAR.format(2)}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)\b")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d\d)")
_YEAR_FIRST = re.compile(
    r"((?:19|20)\d\d)(?:\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]|([./])(\d\d?)\4(\d\d?)\b)"
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_OFTEN = ("en", "es", "de", "fr", "pt", "it", "nl", "ar")
"""Languages whose months are known on every page: many pages name no language, or a wrong one."""


def read_date(text: str, language: str = "en") -> date | datetime | None:
    """The first point in time or day that `text` names; None if there is none. In "10/5/2026"
    the month is first in American English and second in any other `language`."""
    text = text.strip()[:200]
    if not text.isascii():
        text = text.translate(_DIGITS)
    try:
        if found := _ISO.search(text):
            year, number, day, hour, minute, second, zone = found.groups()
            if hour is None:
                return date(int(year), int(number), int(day))
            zone = "+00:00" if zone in ("Z", "UTC") else zone or ""
            return datetime.fromisoformat(
                f"{year}-{number:0>2}-{day:0>2}T{hour}:{minute}:{second or '00'}{zone}"
            )
        for found in _WORDED.finditer(text):
            if number := month(found["month1"] or found["month2"], (language, *_OFTEN)):
                day = int(found["day1"] or found["day2"])
                return date(int(found["year1"] or found["year2"]), number, day)
        if found := _NUMBERED.search(text):
            return _in_numbers(found, int(found[4]), language)
        if found := _SHORT_YEAR.fullmatch(text):
            return _in_numbers(found, 2000 + int(found[4]), language)
        if found := _YEAR_FIRST.search(text):
            return date(int(found[1]), int(found[2] or found[5]), int(found[3] or found[6]))
        if found := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?", text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return None


def _in_numbers(found: re.Match[str], year: int, language: str) -> date:
    """The day of a match of day, mark and month, in the order of `language`."""
    one, mark, two = int(found[1]), found[2], int(found[3])
    american = is_month_first(mark, language) and one <= 12
    number, day = (one, two) if american else (two, one)
    if number > 12:
        number, day = day, number
    return date(year, number, day)
