"""The article's dates of publication and update: from metadata, else from what readers see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate.readers.dates import first_date_in
from syndicate.readers.html.metadata import shown_dates
from syndicate.readers.html.metadata.structured_data import PageStatement, StructuredData

LEAST_DATA = 200
"""The most characters of an attribute with data about the whole page that are read."""
_IN_URL = re.compile(r"[/-]((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/_-]|$)")
_IN_SCRIPT = re.compile(
    r"(?:datePublished|publishedAt|publishDate|publishedDate|firstPublished|datePosted|publishedOn)"
    r"(?:At|Date)?\\*[\"']\s*:\s*\\*[\"']((?:19|20)\d\d-\d\d-\d\d[^\"'\\]{0,20})"
)
# Names of `meta` elements, the likeliest first; their value must also be a date.
_PUBLISHED = re.compile(
    r"publi(?:sh|c)|pub.?date|post(?:ed|.?date)|issued|displaydate|release.?date"
)
_DATED = re.compile(r"(?:^|[.:_-])date$|article.?date|doc.?date|ptime|pdate")
_CREATED = re.compile(r"created?(?:$|.?date)|gentime|timestamp")
_UPDATED = re.compile(r"modif|updat|revis|last.?date")
_NEITHER = re.compile(r"expir|unpublish|valid|event|start|end.?(?:date|time)")


def dates_of(
    root: HtmlElement,
    data: StructuredData,
    url: str | None,
    headline: HtmlElement | None,
    language: str = "en",
) -> tuple[PageStatement | None, PageStatement | None]:
    """The dates when the article was published and last updated. A date that is shown in `language`
    is returned as ISO 8601."""
    published = (
        _first_dated(language, data.texts("datePublished"))
        or _named(language, data, _PUBLISHED, _UPDATED)
        or _named(language, data, _DATED, _UPDATED)
        or _named(language, data, _CREATED, _UPDATED)
        or _first_dated(language, data.texts("dateCreated", "uploadDate"))
    )
    updated = _first_dated(language, data.texts("dateModified"))
    updated = updated or _named(language, data, _UPDATED, _NEITHER)
    seen = shown_dates.shown_dates(root.body, headline, language)
    shown = next((one.said for one in seen if not one.changed), None)
    in_url = _url_date(url)
    if published is None:
        changed = next((one.said for one in seen), None)
        told = (
            shown
            or in_url
            or _in_script(root)
            or changed
            or shown_dates.date_in_parts(root.body, language)
        )
        return told or updated, updated
    for near in (shown, in_url):
        if near and _days_apart(published, near) == 1:
            return near, updated
    if all(_days_apart(published, one.said) for one in seen):
        published = next((one.said for one in seen if one.released), published)
    return published, updated


def _named(
    language: str, data: StructuredData, wanted: re.Pattern[str], other: re.Pattern[str]
) -> PageStatement | None:
    """The date in a `meta` element with one of the `wanted` names and none of the `other` names. If
    there are several, it is the earliest: republished pages state both dates."""
    told = [
        found
        for name, stated in data.metas.items()
        if wanted.search(name) and not other.search(name) and not _NEITHER.search(name)
        if (found := _first_dated(language, stated))
    ]
    return min(told, key=lambda said: said.value[:10], default=None)


def _first_dated(language: str, stated: Iterable[PageStatement]) -> PageStatement | None:
    for said in stated:
        if (found := first_date_in(said.value, language)) is not None:
            return replace(said, value=found.isoformat())
    return None


def _days_apart(one: PageStatement, other: PageStatement) -> int | None:
    """The number of days between two dates; it can be 1 just because of time zones."""
    a, b = first_date_in(one.value), first_date_in(other.value)
    return None if a is None or b is None else abs((_day(a) - _day(b)).days)


def _day(found: date | datetime) -> date:
    return found.date() if isinstance(found, datetime) else found


def _in_script(root: HtmlElement) -> PageStatement | None:
    """A date in the data for a page's own scripts, in a script or in an attribute."""
    for script in root.iter("script"):
        if found := _IN_SCRIPT.search(script.text or ""):
            return PageStatement(found[1], "a script", script.sourceline)
    for element in root.iter():
        for value in element.attrib.values() if isinstance(element.tag, str) else ():
            if len(value) > LEAST_DATA and (found := _IN_SCRIPT.search(value)):
                return PageStatement(found[1], "a script", element.sourceline)
    return None


def _url_date(url: str | None) -> PageStatement | None:
    found = _IN_URL.search(urlsplit(url).path) if url else None
    if found:
        text = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
        if first_date_in(text):
            return PageStatement(text, "the address")
    return None
