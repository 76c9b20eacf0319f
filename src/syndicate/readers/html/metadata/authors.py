"""The authors: from the structured data, the byline, or `meta` elements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lxml.html import HtmlElement

from syndicate.article.values import one_line
from syndicate.readers.dates import month_named
from syndicate.readers.html.metadata.structured_data import PageStatement, StructuredData
from syndicate.readers.html.tree import ELSEWHERE, elements_around

_BYLINE = re.compile(
    r"^(?:(?:article|story|post|text|words|written|posted|published|created|reported|author(?:ed)?)\s*)?"
    r"(?:by|author|von|por|par)\b\s*[:：]?\s*",
    re.IGNORECASE,
)
_BY = re.compile(r"^by\s+", re.IGNORECASE)
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:author|byline|by-line|writer|contributor)s?(?:[\s_-]?(?:name|link|title|text|info|vcard))?(?:[\s_-]|$)"
    r"|author-?_?_?name|authorname|(?:^|\s)fn(?:\s|$)|post-?author|entry-?author|article-?author|byline",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\d|https?:|@|\b(?:read|more|about|view|posts?|share|follow|updated|published|min|ago|comments?"
    r"|subscribe|click|here|reviewed|edited|fact|checked|disclosure|all|articles?|home|blog|profile"
    r"|photo|image|avatar|bio)\b",
    re.IGNORECASE,
)
_CAPITAL = r"[A-ZÀ-Þ]"
_PARTICLES = "de|van|von|der|den|la|le|del|da|di|bin|al|el|the|of|and"
_NAME = (
    rf"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir)\.?\s+)?{_CAPITAL}[\w.'’-]*"
    rf"(?:\s+(?:(?:{_PARTICLES})\s+)*\(?{_CAPITAL}[\w.'’)-]*){{0,5}}"
)
_WRITTEN_BY = re.compile(
    rf"^(?i:(?:written\s+|words\s+|story\s+|posted\s+|published\s+)?(?:by|author:))[\s:]+({_NAME})"
)


_PROFILE = re.compile(r"/(?:authors?|by|people|contributors?|writers?|staff|team)/[\w-]+/?$")
_NAME_CLASS = re.compile(r"author-?_?name|\bfn\b")
_BEGINS = re.compile(r"[A-ZÀ-Þ\u0400-\u04ff\u0600-\u06ff\u4e00-\u9fff]|\w+$")
_MENU = re.compile(r"\bnav\b|menu|navbar")
_GOES_ON = re.compile(r"\s+(?:(?:last )?(?:updated|modified|reviewed)|published|posted)\b.*$", re.I)


def authors_of(body: HtmlElement, data: StructuredData) -> list[PageStatement]:
    """The authors: from the structured data, the byline, or `meta` elements."""
    told = (
        (one, replace(said, value=_BY.sub("", said.value))) for one, said in data.people("author")
    )
    people = [(person, said) for person, said in told if is_author_name(said.value)]
    persons = [said for person, said in people if "Organization" not in person["kind"]]
    if persons:
        return _each_once(persons)
    if line := _byline(body):
        return line
    metas = [
        PageStatement(one_line(_BYLINE.sub("", said.value)), said.by, said.line)
        for said in data.meta(
            "author",
            "article:author",
            "parsely-author",
            "sailthru.author",
            "dc.creator",
            "byl",
            "citation_author",
            "article:author_name",
            "cxenseparse:author",
        )
        if not said.value.startswith(("http", "www.", "@"))
    ]
    named = [said for said in metas if is_author_name(said.value)]
    if named:
        return _each_once(named)[:6] if named[0].by == "citation_author" else named[:1]
    for label, slot in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if any(s.value.lower() in ("written by", "author") for s in data.meta(label)):
            for said in data.meta(slot):
                if is_author_name(said.value):
                    return [said]
    return _each_once(said for _, said in people)


def _each_once(found: Iterable[PageStatement]) -> list[PageStatement]:
    kept: dict[str, PageStatement] = {}
    for said in found:
        kept.setdefault(said.value.lower(), said)
    return list(kept.values())


def is_author_name(text: str) -> bool:
    """Whether `text` could be a person's name."""
    return (
        1 < len(text) <= 80
        and len(text.split()) <= 8
        and not re.search(r"https?:|[@{}<>]|^\d+$|^(?:admin|(?:the )?author)$|^\W+$", text, re.I)
    )


def _byline(body: HtmlElement) -> list[PageStatement]:
    """The name in the byline that readers see."""
    best: tuple[int, PageStatement] | None = None
    for element in body.iter():
        if not element.attrib or not (rank := _rank(element)):
            continue
        if rank == 2 or element.get("itemprop") == "author":
            element = _named_inside(element)
        name = _name(one_line(" ".join(element.itertext())))
        if name is None or (rank := rank - 3 * _stands_elsewhere(element)) <= 0:
            continue
        if best is None or rank > best[0]:
            best = (rank, PageStatement(name, "the byline", element.sourceline))
    return [best[1]] if best else _written_by(body)


def _rank(element: HtmlElement) -> int:
    """How clearly the attributes of an element mark it as a byline, from 0 to 3."""
    kind, href = element.get("class") or "", element.get("href") or ""
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return 3 * (href != "/")
    if kind and len(kind) < 300 and _AUTHOR.search(kind):
        return 3 if re.search("name|fn", kind) else 2
    return int(element.tag == "a" and bool(_PROFILE.search(href)))


def _named_inside(element: HtmlElement) -> HtmlElement:
    """The element in a byline that is marked as the name; the whole byline if none is."""
    for inner in element.iter():
        if inner is not element and (
            inner.get("itemprop") == "name"
            or inner.get("rel") == "author"
            or _NAME_CLASS.search(inner.get("class") or "")
        ):
            return inner
    return element


def _name(text: str) -> str | None:
    """The name in a byline's words, None if they are not a name."""
    if not text or len(text) > 120:
        return None
    bare = _BYLINE.sub("", text).strip(" ,|•·–—-:")
    if len(bare) > 60 or _NO_NAME.search(bare):
        match = _WRITTEN_BY.match(text)
        if not match:
            return None
        bare = _without_day(match)
    return bare if is_author_name(bare) and _BEGINS.match(bare) else None


def _without_day(match: re.Match[str]) -> str:
    """The name in a "by" line, without a date or an update after it."""
    name = _GOES_ON.sub("", match[1].strip(" ,|"))
    before, _, last = name.rpartition(" ")
    dated = re.match(r"\s*\d", match.string[match.end() :]) and month_named(last, ("en",))
    return before if dated else name


def _stands_elsewhere(element: HtmlElement) -> bool:
    return any(
        a.tag in ("nav", "footer", "aside")
        or ELSEWHERE.search(f"{a.get('class') or ''} {a.get('id') or ''}")
        for a in elements_around(element)
    )


def _written_by(body: HtmlElement) -> list[PageStatement]:
    """The name in a line "By Name …" before the text of the article."""
    for element in body.iter("p", "div", "span", "li", "h4", "h5", "h6", "em", "address", "small"):
        if len(element) > 4:
            continue
        text = one_line(" ".join(element.itertext()))
        if 5 < len(text) < 100 and (match := _WRITTEN_BY.match(text)):
            name = _without_day(match)
            if any(
                _MENU.search(f"{a.tag} {a.get('class') or ''}")
                for a in (element, *elements_around(element))
            ):
                continue
            if is_author_name(name) and not _NO_NAME.search(name) and len(name.split()) > 1:
                return [PageStatement(name, "the byline", element.sourceline)]
    return []
