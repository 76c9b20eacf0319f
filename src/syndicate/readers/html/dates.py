"""When the article came out and was changed: as machines are told, else as readers see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate.readers.html.structured import Data, Stated
from syndicate.readers.html.tree import ELSEWHERE, around

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
_YEAR = re.compile(r"(?:19|20)\d\d|[٠-٩۰-۹]{4}")
_IN_URL = re.compile(r"[/-]((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/_-]|$)")
_DATE_CLASS = re.compile(r"date|time|publish|posted|updated|meta|byline", re.IGNORECASE)
_PUBLISHED_METAS = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "published",
    "published-date",
    "publisheddate",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "article.published",
    "published_at",
    "originalpublicationdate",
    "publish_date",
    "article:publish_date",
    "citation_publication_date",
    "citation_date",
    "dc.date.created",
    "pub_date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "rnews:datepublished",
    "og:article:published_time",
    "article_date_original",
)
_UPDATED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "revised",
    "dcterms.modified",
    "modified_time",
)


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


def dates_of(
    root: HtmlElement,
    data: Data,
    url: str | None,
    headline: HtmlElement | None,
    language: str = "en",
) -> tuple[Stated | None, Stated | None]:
    """When the article came out and when it was last changed; each as ISO 8601 if it is shown in
    `language`."""
    published = _first_dated(
        language,
        data.texts("datePublished"),
        data.meta(*_PUBLISHED_METAS),
        data.texts("dateCreated", "uploadDate"),
    )
    updated = _first_dated(language, data.texts("dateModified"), data.meta(*_UPDATED_METAS))
    seen = _seen_dates(root.body, headline, language)
    shown = next((one for one, changed in seen if not changed), None)
    in_url = _url_date(url)
    if published is None:
        changed = next((one for one, _ in seen), None)
        told = shown or in_url or _in_script(root) or changed or _parted(root.body, language)
        return told or updated, updated
    for near in (shown, in_url):
        if near and _days_apart(published, near) == 1:
            return near, updated
    return published, updated


def _first_dated(language: str, *places: Iterable[Stated]) -> Stated | None:
    for place in places:
        for said in place:
            if (found := read_date(said.value, language)) is not None:
                return replace(said, value=found.isoformat())
    return None


def _days_apart(one: Stated, other: Stated) -> int | None:
    """How many days lie between two dates; time zones alone can make it one."""
    a, b = read_date(one.value), read_date(other.value)
    return None if a is None or b is None else abs((_day(a) - _day(b)).days)


def _day(found: date | datetime) -> date:
    return found.date() if isinstance(found, datetime) else found


_IN_SCRIPT = re.compile(
    r"(?:datePublished|publishedAt|publishDate|publishedDate|firstPublished|datePosted|publishedOn)"
    r"(?:At|Date)?\\*[\"']\s*:\s*\\*[\"']((?:19|20)\d\d-\d\d-\d\d[^\"'\\]{0,20})"
)


def _in_script(root: HtmlElement) -> Stated | None:
    """A date in the data that a page's own scripts work with."""
    for script in root.iter("script"):
        if found := _IN_SCRIPT.search(script.text or ""):
            return Stated(found[1], "a script", script.sourceline)
    return None


def _url_date(url: str | None) -> Stated | None:
    found = _IN_URL.search(urlsplit(url).path) if url else None
    if found:
        text = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
        if read_date(text):
            return Stated(text, "the address")
    return None


def _parted(body: HtmlElement, language: str) -> Stated | None:
    """A date whose day, month and year stand in elements of their own."""
    for node in body.iter("div", "p", "span", "time", "li"):
        if len(node) > 1 and _DATE_CLASS.search(node.get("class") or ""):
            text = " ".join(" ".join(map(str, node.itertext())).split())
            if len(text) < 60 and (found := read_date(text, language)):
                return Stated(found.isoformat(), "the date shown", node.sourceline)
    return None


_CHANGED = re.compile(r"updated|modified|reviewed|aktualisiert|actualizado|mis à jour|stand", re.I)
_CAME_OUT = re.compile(r"published|posted|publicado|veröffentlicht|publié|created|erschienen", re.I)


def _seen_dates(
    body: HtmlElement, headline: HtmlElement | None, language: str
) -> list[tuple[Stated, bool]]:
    """The dates that readers see, the likeliest first, and whether each is called a change."""
    found: list[tuple[float, int, Stated, bool]] = []
    place = 0
    nodes = list(body.iter())
    where = next((n for n, node in enumerate(nodes) if node is headline), 0)
    before = ""
    for number, node in enumerate(nodes):
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "noscript", "option"):
            continue
        stamp = node.get("datetime") if node.tag == "time" else None
        if stamp is None and node.get("itemprop") in ("datePublished", "dateModified"):
            stamp = node.get("content")
        texts = [stamp] if stamp else []
        texts += [text for text in (node.text, *(child.tail for child in node)) if text]
        for text in texts:
            text = text.strip()
            if not text:
                continue
            if len(text) < 160 and _YEAR.search(text) and (dated := read_date(text, language)):
                rank = _date_rank(node, number - where, headline is not None, text)
                if rank > 0:
                    said = f"{before[-40:]} {text}" if len(before) < 60 else text
                    changed = bool(_CHANGED.search(said)) and not _CAME_OUT.search(text)
                    rank += bool(_CAME_OUT.search(said))
                    found.append(
                        (
                            -rank,
                            place,
                            Stated(dated.isoformat(), "the date shown", node.sourceline),
                            changed,
                        )
                    )
                    place += 1
            before = text
    found.sort(key=lambda one: one[:2])
    return [(said, changed) for _, _, said, changed in found]


def _date_rank(node: HtmlElement, distance: int, titled: bool, text: str) -> float:
    """How likely a date in `node`, so many elements after the headline, is the article's."""
    rank = 0.0
    if node.tag == "time":
        rank += 1
    near = " ".join(f"{a.get('class') or ''} {a.get('id') or ''}" for a in (node, *around(node)))
    if any(a.tag in ("footer", "aside", "nav") for a in around(node)) or ELSEWHERE.search(near):
        rank -= 2.5
    if _DATE_CLASS.search(near):
        rank += 1
    if len(text) < 40:
        rank += 1
    if titled and -15 <= distance <= 60:
        rank += 2
    elif (titled and -40 <= distance <= 150) or (not titled and distance < 200):
        rank += 1
    return rank
