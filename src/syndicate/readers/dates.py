"""Dates as people write them, in several languages and digits.

`moment` reads a text that is only a date; `first_date` finds a date in a longer text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import Flag, auto
from functools import lru_cache
from zoneinfo import ZoneInfo

from syndicate.article.publication import Publication

_SPACED_ZONE = re.compile(r"(?<=\d)\s+(?=[+-]\d\d:?\d\d$|Z$)")
_CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[ap]\.?\s?m\.?)?"
    r"(?:\s*(?:Uhr|Uhr\.|heures|h|horas|hrs|uur)\b)?\s*(?P<zone>UTC|GMT|Z|[+-]\d\d:?\d\d)?"
)
_AT = rf"(?:\s*(?:,|at|–|-|—|\||•|·|/|um|à|às|a las|alle|om|الساعة)?\s*{_CLOCK})?"
_IN_WORDS = re.compile(
    r"(?:[^\W\d]+\.?[,،]?\s+)?"
    r"(?:(?P<month_first>[^\W\d]{3,})\.?\s+(?P<day_second>\d{1,2})(?:st|nd|rd|th)?,?"
    r"|(?P<day_first>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?(?P<month_second>[^\W\d]{2,}(?:\s[^\W\d]{3,})?)\.?,?)"
    rf",?\s+(?:de\s+|del\s+)?(?P<year>\d{{4}}){_AT}",
    re.IGNORECASE,
)
_IN_NUMBERS = re.compile(
    rf"(?:[^\W\d]+\.?[,،]?\s+)?(?P<one>\d{{1,2}})(?P<mark>[./-])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_AT}",
    re.IGNORECASE,
)
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
"""The digits 0 to 9 of Arabic, then those of Persian and Urdu."""
_WESTERN = str.maketrans(ARABIC_DIGITS, "0123456789" * 2)
_MONTHS_OF_ARABIC = {
    name: number
    for number, name in enumerate(
        (
            "كانون الثاني",
            "شباط",
            "آذار",
            "نيسان",
            "أيار",
            "حزيران",
            "تموز",
            "آب",
            "أيلول",
            "تشرين الأول",
            "تشرين الثاني",
            "كانون الأول",
        ),
        1,
    )
}
"""The month names of the Levant; the locale has those of Egypt and the Gulf."""

_ISO_INSIDE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?"
)
_YEAR = r"(?P<year{}>(?:19|20)\d\d)(?!\d)"
_MONTH = r"(?P<month{}>[^\W\d_]{{2,}})"
_DAY = r"(?P<day{}>\d{{1,2}})"
_WORDED_INSIDE = re.compile(
    rf"{_MONTH.format(1)}\.?\s*{_DAY.format(1)}(?:st|nd|rd|th)?\s?,?\s*{_YEAR.format(1)}"
    rf"|(?<!\d){_DAY.format(2)}(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+|of\s+)?{_MONTH.format(2)}\.?,?"
    rf"[\s-]*(?:de\s+|del\s+)?{_YEAR.format(2)}",
    re.IGNORECASE,
)
_NUMBERED_INSIDE = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)\b")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d\d)")
_YEAR_FIRST = re.compile(
    r"((?:19|20)\d\d)(?:\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]|([./])(\d\d?)\4(\d\d?)\b)"
)
_OFTEN = ("en", "es", "de", "fr", "pt", "it", "nl", "ar")
"""Languages whose months are tried on every page: many pages state no language, or a wrong one."""


class DateOrder(Flag):
    """What numeric dates show about the order of day and month: some can only begin with the day,
    some only with the month, and some with either."""

    UNSEEN = 0
    DAY_FIRST = auto()
    MONTH_FIRST = auto()
    EITHER = auto()

    @property
    def day_first(self) -> bool | None:
        """Whether the day comes first; None if nothing shows it, or the dates disagree."""
        told = self & (DateOrder.DAY_FIRST | DateOrder.MONTH_FIRST)
        return {DateOrder.DAY_FIRST: True, DateOrder.MONTH_FIRST: False}.get(told)


_SEEN = re.compile(rb"(?<![\w/.-])(\d{1,2})([/-])(\d{1,2})\2\d{4}(?![\d/-])")


_PERHAPS_SEEN = re.compile(rb"[/-]\d{4}")  # much faster, and most texts have none


def date_order_in(data: bytes) -> DateOrder:
    """The order of day and month that the numeric dates in `data` show."""
    order = DateOrder.UNSEEN
    if not _PERHAPS_SEEN.search(data):
        return order
    for one, _, two in _SEEN.findall(data):
        numbers = int(one), int(two)
        if max(numbers) <= 12:
            order |= DateOrder.EITHER if numbers[0] != numbers[1] else DateOrder.UNSEEN
        elif min(numbers) in range(1, 13) and max(numbers) <= 31:
            order |= DateOrder.DAY_FIRST if numbers[0] > 12 else DateOrder.MONTH_FIRST
    return order


def written_moment(
    text: str,
    publication: Publication,
    language: str | None = None,
    day_first: bool | None = None,
    doubt: Callable[[str], None] = lambda _: None,
) -> datetime:
    """The point in time that `text` means, in UTC. A date without a time is midnight; a time
    without a zone is in the publication's time zone. The formats are ISO 8601, RFC 5322 ("Mon, 05
    Oct 2026 12:00:00 +0200"), dates in words in English, `language` or the publication's language
    ("5 October 2026, 10:30 am"), and numeric dates ("05.10.2026", "10/5/2026").

    Args:
        day_first: whether other dates of the same archive begin with the day; None if not known.
        doubt: called with how an ambiguous numeric date was read.

    Raises:
        ValueError: `text` is not a date in any of these formats.
    """
    text = " ".join(text.translate(_WESTERN).split())
    language = language or publication.language
    try:
        found = datetime.fromisoformat(_SPACED_ZONE.sub("", text))
    except ValueError:
        found = (
            _in_words(text, (language, publication.language, "en"))
            or _in_numbers(text, DateWriters(language, publication, day_first), doubt)
            or _of_mail(text)
        )
    return date_in_utc(found, publication.zone)


def date_in_utc(found: datetime, zone: ZoneInfo) -> datetime:
    """`found` in UTC and whole seconds; without a zone of its own it is taken to be in `zone`.

    Raises:
        ValueError: it is outside the years 1 to 9999.
    """
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    try:
        return found.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def midnight_of(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of `day` in `zone`, in UTC."""
    return date_in_utc(datetime(day.year, day.month, day.day), zone)


def _in_words(text: str, languages: tuple[str, ...]) -> datetime | None:
    found = _IN_WORDS.fullmatch(text)
    if not found:
        return None
    number = month_named(found["month_first"] or found["month_second"], languages)
    if number is None:
        return None
    return _at(found, number, int(found["day_first"] or found["day_second"]))


def month_named(name: str, languages: tuple[str, ...]) -> int | None:
    """The number of the month that is called `name` in one of `languages`, in full or abbreviated
    as in CLDR; None if there is none."""
    name = name.casefold().rstrip(".")
    known = (_months(language).get(name) for language in languages)
    return next((number for number in known if number), _MONTHS_OF_ARABIC.get(name))


@dataclass(frozen=True)
class DateWriters:
    """The people who wrote a date: their `language` and publication. `day_first` is what their
    other dates show."""

    language: str
    publication: Publication
    day_first: bool | None = None

    def month_first(self, mark: str) -> tuple[bool, str]:
        """Whether the first of two numbers with `mark` between them is the month, and the reason:
        the language's region, other dates, the newsroom's time zone, or the language alone."""
        own, house = (tag.split("-") for tag in (self.language, self.publication.language))
        region = own[1:] or (house[1:] if own[0] == house[0] else [])
        english = own[0] == "en" and mark == "/"
        if region:
            return english and _is_month_first(region[-1]), f"as in {'-'.join((own[0], *region))}"
        if self.day_first is not None and mark != ".":
            return not self.day_first, "as other dates here"
        if english and (territory := _territory(self.publication.timezone)):
            return _is_month_first(territory), f"as in {self.publication.timezone}"
        return english, f"as in {own[0]}"


def _in_numbers(text: str, writers: DateWriters, doubt: Callable[[str], None]) -> datetime | None:
    found = _IN_NUMBERS.fullmatch(text)
    if not found:
        return None
    first, second = int(found["one"]), int(found["other"])
    month_first, why = writers.month_first(found["mark"])
    if max(first, second) > 12:
        month_first = second > 12
    read = _at(found, *((first, second) if month_first else (second, first)))
    if max(first, second) <= 12 and first != second and found["mark"] != ".":
        order = "month" if month_first else "day"
        doubt(f"{text!r} is {read:%d %b %Y}, with the {order} first {why}")
    return read


def is_month_first(mark: str, language: str) -> bool:
    """Whether the first of two numbers with `mark` between them is the month, as in the US."""
    return mark == "/" and language in ("en", "en-US")


@lru_cache(maxsize=256)
def _is_month_first(territory: str) -> bool:
    """Whether numeric English dates begin with the month there, according to CLDR."""
    from babel import Locale, UnknownLocaleError

    try:
        short = Locale.parse(f"en_{territory}").date_formats["short"].pattern
    except (UnknownLocaleError, ValueError):
        return False
    return str(short).startswith("M")


def _territory(zone: str) -> str | None:
    """The country of a time zone, None if it belongs to several countries or to none."""
    from babel.core import get_global

    zone = get_global("zone_aliases").get(zone, zone)
    found = get_global("zone_territories").get(zone)
    return found if found and found.isalpha() and found != "ZZ" else None


def _at(found: re.Match[str], month: int, day: int) -> datetime:
    hour = int(found["hour"] or 0)
    if half := found["half"]:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    clock = (hour, int(found["minute"] or 0), int(found["second"] or 0))
    moment_of_day = datetime(int(found["year"]), month, day, *clock)
    if zone := found["zone"]:
        offset = "+00:00" if zone.upper() in ("UTC", "GMT", "Z") else zone
        return datetime.fromisoformat(moment_of_day.isoformat() + offset)
    return moment_of_day


def _of_mail(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a date") from error


def first_date_in(text: str, language: str = "en") -> date | datetime | None:
    """The first date or point in time in `text`; None if there is none. In "10/5/2026" the month is
    first in American English and second in any other `language`."""
    text = text.strip()[:200]
    if not text.isascii():
        text = text.translate(_WESTERN)
    try:
        if found := _ISO_INSIDE.search(text):
            year, number, day, hour, minute, second, zone = found.groups()
            if hour is None:
                return date(int(year), int(number), int(day))
            zone = "+00:00" if zone in ("Z", "UTC") else zone or ""
            return datetime.fromisoformat(
                f"{year}-{number:0>2}-{day:0>2}T{hour}:{minute}:{second or '00'}{zone}"
            )
        for found in _WORDED_INSIDE.finditer(text):
            if number := month_named(found["month1"] or found["month2"], (language, *_OFTEN)):
                day = int(found["day1"] or found["day2"])
                return date(int(found["year1"] or found["year2"]), number, day)
        if found := _NUMBERED_INSIDE.search(text):
            return _day_in_numbers(found, int(found[4]), language)
        if found := _SHORT_YEAR.fullmatch(text):
            return _day_in_numbers(found, 2000 + int(found[4]), language)
        if found := _YEAR_FIRST.search(text):
            return date(int(found[1]), int(found[2] or found[5]), int(found[3] or found[6]))
        if found := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?", text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return None


def _day_in_numbers(found: re.Match[str], year: int, language: str) -> date:
    """The date of a match of two numbers and the mark between them, in the order of `language`."""
    one, mark, two = int(found[1]), found[2], int(found[3])
    american = is_month_first(mark, language) and one <= 12
    number, day = (one, two) if american else (two, one)
    if number > 12:
        number, day = day, number
    return date(year, number, day)


@lru_cache(maxsize=64)
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
