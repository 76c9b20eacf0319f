"""How dates are written: ISO 8601, with the names of months, in numbers; in several languages."""

from __future__ import annotations

import re
from datetime import date, datetime

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene januar jänner janvier janv janeiro gennaio januari يناير",
            "february feb febrero februar février févr fév fevereiro fev febbraio februari فبراير",
            "march mar marzo märz mär mars março maart مارس",
            "april apr abril abr avril avr aprile أبريل إبريل",
            "may mayo mai maio maggio mei مايو",
            "june jun junio juni juin junho giugno يونيو يونيه",
            "july jul julio juli juillet juil julho luglio يوليو يوليه",
            "august aug agosto ago août augustus أغسطس",
            "september sep sept septiembre septembre setembro set settembre سبتمبر",
            "october oct octubre oktober okt octobre outubro out ottobre أكتوبر",
            "november nov noviembre novembre novembro نوفمبر",
            "december dec diciembre dic dezember dez décembre déc dezembro dicembre ديسمبر",
        ),
        1,
    )
    for name in names.split()
}
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WORDED = re.compile(
    rf"\b(?:(?P<m1>{_NAMED})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>(?:19|20)\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:de\s+|of\s+)?(?P<m2>{_NAMED})\.?,?[\s-]+(?:de\s+|del\s+)?"
    rf"(?P<y2>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)\b")
_YEAR_FIRST = re.compile(
    r"((?:19|20)\d\d)(?:\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]|([./])(\d\d?)\4(\d\d?)\b)"
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def read_date(text: str, language: str = "en") -> date | datetime | None:
    """The first point in time or day that `text` names; None if there is none. In "10/5/2026"
    the month is first in American English and second in any other `language`."""
    text = text.strip()[:200]
    if not text.isascii():
        text = text.translate(_DIGITS)
    try:
        if found := _ISO.search(text):
            year, month, day, hour, minute, second, zone = found.groups()
            if hour is None:
                return date(int(year), int(month), int(day))
            zone = "+00:00" if zone in ("Z", "UTC") else zone or ""
            return datetime.fromisoformat(
                f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"
            )
        if found := _WORDED.search(text):
            month = _MONTHS[(found["m1"] or found["m2"]).lower()]
            return date(int(found["y1"] or found["y2"]), month, int(found["d1"] or found["d2"]))
        if found := _NUMBERED.search(text):
            one, mark, two, year = int(found[1]), found[2], int(found[3]), int(found[4])
            american = mark == "/" and language in ("en", "en-US")
            month, day = (one, two) if american and one <= 12 else (two, one)
            if month > 12:
                month, day = day, month
            return date(year, month, day)
        if found := _YEAR_FIRST.search(text):
            return date(int(found[1]), int(found[2] or found[5]), int(found[3] or found[6]))
        if found := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?", text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return None
