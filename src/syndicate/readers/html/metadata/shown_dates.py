"""The dates that readers see on a page, and how likely each is the article's."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.html import HtmlElement

from syndicate.readers.dates import ARABIC_DIGITS, first_date_in
from syndicate.readers.html.metadata.structured_data import PageStatement
from syndicate.readers.html.tree import ELSEWHERE, elements_around

_YEAR = re.compile(rf"(?:19|20)\d\d|[{ARABIC_DIGITS}]{{4}}|^\d\d?([./])\d\d?\1\d\d$")
_DATE_CLASS = re.compile(r"date|time|publish|posted|updated|meta|byline", re.IGNORECASE)
_CHANGED = re.compile(
    r"updated|modified|reviewed|aktualisiert|actualizado|mis à jour|\bstand\b", re.I
)
_RELEASED = re.compile(r"(?:release|publish(?:ed)?|publication|pub|post(?:ed)?)[-_]*date", re.I)
_AT_FIRST = re.compile(r"(?:originally|first) (?:published|posted)", re.I)
_CAME_OUT = re.compile(r"published|posted|publicado|veröffentlicht|publié|created|erschienen", re.I)
BESIDE = range(-15, 61)
"""The most elements between the headline and a date that belongs to it."""


class ShownDate(NamedTuple):
    """A date that readers see: how likely it is the article's, whether it is labelled as an update,
    and whether it is next to the headline as the date of publication."""

    said: PageStatement
    rank: float
    changed: bool
    released: bool


def shown_dates(body: HtmlElement, headline: HtmlElement | None, language: str) -> list[ShownDate]:
    """The dates that readers see, the likeliest first."""
    found: list[ShownDate] = []
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
            if len(text) < 160 and _YEAR.search(text) and (dated := first_date_in(text, language)):
                rank = _date_rank(node, number - where, headline is not None, text)
                if rank > 0:
                    said = f"{before[-40:]} {text}" if len(before) < 60 else text
                    rank += bool(_CAME_OUT.search(said)) + 5 * bool(_AT_FIRST.search(said))
                    changed = bool(_CHANGED.search(said)) and not _CAME_OUT.search(text)
                    beside = headline is not None and number - where in BESIDE
                    found.append(
                        ShownDate(
                            PageStatement(dated.isoformat(), "the date shown", node.sourceline),
                            rank,
                            changed,
                            beside and not changed and _calls_itself_release(node),
                        )
                    )
            before = text
    return sorted(found, key=lambda one: -one.rank)


def _calls_itself_release(node: HtmlElement) -> bool:
    """Whether the class of `node`, or of the elements closest around it, marks its date as the date
    of publication."""
    up = node.getparent()
    near = [node, *([] if up is None else [up])]
    return any(_RELEASED.search(one.get("class") or "") for one in near)


def _date_rank(node: HtmlElement, distance: int, titled: bool, text: str) -> float:
    """How likely a date in `node` is the article's; `distance` is in elements from the headline."""
    rank = 0.0
    if node.tag == "time":
        rank += 1
    near = " ".join(
        f"{a.get('class') or ''} {a.get('id') or ''}" for a in (node, *elements_around(node))
    )
    outside = any(a.tag in ("a", "footer", "aside", "nav") for a in elements_around(node))
    if outside or ELSEWHERE.search(near):
        rank -= 2.5
    if _DATE_CLASS.search(near):
        rank += 1
    if len(text) < 40:
        rank += 1
    if titled and distance in BESIDE:
        rank += 2
    elif (titled and -40 <= distance <= 150) or (not titled and distance < 200):
        rank += 1
    return rank


def date_in_parts(body: HtmlElement, language: str) -> PageStatement | None:
    """A date whose day, month and year are in separate elements."""
    for node in body.iter("div", "p", "span", "time", "li"):
        if len(node) > 1 and _DATE_CLASS.search(node.get("class") or ""):
            text = " ".join(" ".join(map(str, node.itertext())).split())
            if len(text) < 60 and (found := first_date_in(text, language)):
                return PageStatement(found.isoformat(), "the date shown", node.sourceline)
    return None
