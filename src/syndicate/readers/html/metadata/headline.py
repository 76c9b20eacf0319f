"""The headline: the heading that readers see, checked against the page's metadata."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from syndicate.readers.dates import first_date_in
from syndicate.readers.html.metadata.structured_data import PageStatement, StructuredData
from syndicate.readers.html.tree import element_text

_WORD = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s+[|•·»–—-]\s+")
_SOURCE = re.compile(r"\s*\((?:[\w-]+\.)+[a-z]{2,}\)$")
"""The source of a shared story, after its title: "(tides.example)"."""


LEDE = 80
"""After this many characters of text, the first heading is not a headline."""


def headline_words(text: str) -> list[str]:
    """The words of `text`, in lower case."""
    return _WORD.findall(text.lower())


def title_of(
    root: HtmlElement, data: StructuredData
) -> tuple[PageStatement | None, list[str], HtmlElement | None]:
    """The headline, all its variants on the page, and the heading that shows it."""
    told = [
        *data.texts("headline"),
        *data.meta(
            "og:title", "twitter:title", "dc.title", "title", "parsely-title", "sailthru.title"
        ),
    ]
    for element in root.head.iter("title"):
        told += (
            [PageStatement(text, "title", element.sourceline)]
            if (text := element_text(element))
            else []
        )
    titles = [one.value for one in told]
    judges = [one.value for one in told if one.by != "title"] or titles
    site = next((one.value for one in data.meta("og:site_name", "application-name")), "")
    best: tuple[float, HtmlElement] | None = None
    for tag in ("h1", "h2"):
        for number, heading in enumerate(root.body.iter(tag)):
            text = element_text(heading)
            if not text or len(text) > 300 or headline_words(text) == headline_words(site):
                continue
            alone = float(not number and (tag == "h1" or not _follows_text(root.body, heading)))
            alike = max((_overlap(text, one) for one in judges), default=alone)
            least = 0.45 if tag == "h1" else 0.95
            if alike > least and (best is None or alike > best[0] + 0.05):
                best = (alike, heading)
        if best is not None:
            break
    if best is not None:
        written = element_text(best[1])
        text = _shown(written, site, judges)
        wordings = [written, text, *titles]
        return PageStatement(text, f"the {best[1].tag}", best[1].sourceline), wordings, best[1]
    for one in told:
        return PageStatement(_without_site(one.value, site, titles), one.by, one.line), titles, None
    return None, [], None


def _follows_text(body: HtmlElement, heading: HtmlElement) -> bool:
    """Whether there are paragraphs before `heading`, so that it is only a section's heading."""
    before = 0
    for element in body.iter("p", heading.tag):
        if element is heading:
            return before >= LEDE
        before += len(element_text(element)) if element.tag == "p" else 0
    return False


def _shown(text: str, site: str, judges: Iterable[str]) -> str:
    """The words of a heading as a headline: without a date before or the site's name after it."""
    text = html.unescape(_SOURCE.sub("", text))
    ends = [found.start() for found in _SEPARATOR.finditer(text)]
    if site and ends and headline_words(text[ends[-1] :]) == headline_words(site):
        text = text[: ends[-1]]
    for told in judges:
        rest = len(headline_words(text)) - len(headline_words(told))
        if 0 < rest <= 4 and text.endswith(told) and first_date_in(text[: -len(told)]):
            return told
    return text


def _overlap(heading: str, title: str) -> float:
    """The share of the shorter of two headlines that is in the other; all or nothing if short."""
    a, b = headline_words(heading), headline_words(title)
    if not a or not b:
        return 0.0
    if len(a) < 3 and len(b) > 2 * len(a) + 1:
        return 0.0
    common = len(set(a) & set(b))
    shorter, longer = sorted((len(set(a)), len(set(b))))
    return common / shorter * (0.8 + 0.2 * common / longer)


def _without_site(title: str, site: str, titles: Iterable[str]) -> str:
    """`title` without the site's name at either end."""
    for other in titles:
        if other != title and len(headline_words(other)) > 1 and title.startswith(other):
            return other
    parts = [part.strip() for part in re.split(r"\s+[|•·»–—-]\s+|\s*\|\s*", title)]
    if len(parts) < 2:
        return title
    if site and headline_words(parts[-1]) == headline_words(site):
        return title[: title.rfind(parts[-1])].rstrip(" |•·»–—-")
    if site and headline_words(parts[0]) == headline_words(site):
        return title[title.find(parts[1]) :]
    if len(headline_words(parts[0])) >= 3 or len(headline_words(parts[0])) >= len(
        headline_words(parts[-1])
    ):
        return parts[0] if len(parts) == 2 else title[: title.rfind(parts[-1])].rstrip(" |•·»–—-")
    return max(parts, key=lambda part: len(headline_words(part)))
