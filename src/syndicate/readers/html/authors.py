"""Who signs: as the structured data names persons, as the byline has it, as `meta` says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from syndicate.article.values import one_line
from syndicate.readers.html.structured import Data, Stated
from syndicate.readers.html.tree import ELSEWHERE, around

_BYLINE = re.compile(
    r"^(?:(?:article|story|post|text|words|written|posted|published|created|reported|author(?:ed)?)\s*)?"
    r"(?:by|author|von|por|par)\b\s*[:：]?\s*",
    re.IGNORECASE,
)
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


def authors_of(body: HtmlElement, data: Data) -> list[Stated]:
    """Who signs: as the structured data names persons, as the byline has it, as `meta` says."""
    people = [(person, said) for person, said in data.people("author") if is_name(said.value)]
    persons = [said for person, said in people if "Organization" not in person["kind"]]
    if persons:
        return _each_once(persons)
    if line := _byline(body):
        return line
    metas = [
        Stated(one_line(_BYLINE.sub("", said.value)), said.by, said.line)
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
    named = [said for said in metas if is_name(said.value)]
    if named:
        return _each_once(named)[:6] if named[0].by == "citation_author" else named[:1]
    for label, slot in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if any(s.value.lower() in ("written by", "author") for s in data.meta(label)):
            for said in data.meta(slot):
                if is_name(said.value):
                    return [said]
    return _each_once(said for _, said in people)


def _each_once(found: Iterable[Stated]) -> list[Stated]:
    kept: dict[str, Stated] = {}
    for said in found:
        kept.setdefault(said.value.lower(), said)
    return list(kept.values())


def is_name(text: str) -> bool:
    """Whether `text` may be somebody's name."""
    return (
        1 < len(text) <= 80
        and len(text.split()) <= 8
        and not re.search(r"https?:|[@{}<>]|^\d+$|^admin$|^\W+$", text)
    )


def _byline(body: HtmlElement) -> list[Stated]:
    """The names in the byline that readers see."""
    found: list[tuple[int, Stated]] = []
    for element in body.iter():
        attributes = element.attrib
        if not attributes:
            continue
        kind = attributes.get("class") or ""
        rel = attributes.get("rel") or ""
        prop = attributes.get("itemprop") or ""
        href = attributes.get("href") or ""
        rank = 0
        if rel == "author" or prop == "author":
            rank = 3
        elif kind and len(kind) < 300 and _AUTHOR.search(kind):
            rank = 3 if re.search("name|fn", kind) else 2
        elif element.tag == "a" and re.search(
            r"/(?:authors?|by|people|contributors?|writers?|staff|team)/[\w-]+/?$", href
        ):
            rank = 1
        if not rank:
            continue
        if prop == "author" or rank == 2:
            inner = next(
                (
                    i
                    for i in element.iter()
                    if i is not element
                    and (
                        i.get("itemprop") == "name"
                        or i.get("rel") == "author"
                        or re.search(r"author-?_?name|\bfn\b", i.get("class") or "")
                    )
                ),
                None,
            )
            if inner is not None:
                element = inner
        text = one_line(" ".join(element.itertext()))
        if not text or len(text) > 120:
            continue
        bare = _BYLINE.sub("", text).strip(" ,|•·–—-:")
        if len(bare) > 60 or (_NO_NAME.search(bare)):
            match = _WRITTEN_BY.match(text)
            if not match:
                continue
            bare = match[1].strip()
        if not is_name(bare) or not re.match(
            r"[A-ZÀ-Þ\u0400-\u04ff\u0600-\u06ff\u4e00-\u9fff]|\w+$", bare
        ):
            continue
        place = any(
            ELSEWHERE.search(f"{a.get('class') or ''} {a.get('id') or ''}")
            or a.tag in ("nav", "footer", "aside")
            for a in around(element)
        )
        found.append((rank - 3 * place, Stated(bare, "the byline", element.sourceline)))
    found = [one for one in found if one[0] > 0]
    if not found:
        return _written_by(body)
    top = max(rank for rank, _ in found)
    first = next(said for rank, said in found if rank == top)
    return [first]


def _written_by(body: HtmlElement) -> list[Stated]:
    """A line that begins "By Name", before the text proper."""
    for element in body.iter("p", "div", "span", "li", "h4", "h5", "h6", "em", "address", "small"):
        if len(element) > 4:
            continue
        text = one_line(" ".join(element.itertext()))
        if 5 < len(text) < 100 and (match := _WRITTEN_BY.match(text)):
            name = match[1].strip(" ,|")
            if is_name(name) and not _NO_NAME.search(name) and len(name.split()) > 1:
                return [Stated(name, "the byline", element.sourceline)]
    return []
