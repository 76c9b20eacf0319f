"""A page's metadata for machines: JSON-LD (schema.org) and `meta` elements."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from syndicate.article.values import one_line

MOST_SCRIPT = 2_000_000
"""The most characters that are read of one JSON-LD script."""
DEEPEST_DATA = 8

_ARTICLE = re.compile(r"Article|Posting|Report|Review|Story|HowTo|Recipe|Guide", re.IGNORECASE)
_NO_ARTICLE = re.compile(r"Breadcrumb|ReviewRating|AggregateR|ItemList")
_PAGE = re.compile(r"WebPage|CreativeWork|VideoObject", re.IGNORECASE)
_TRAILING = re.compile(r",(?=\s*[}\]])")


@dataclass(frozen=True)
class PageStatement:
    """A value, what states it (`by`), and its line in the page."""

    value: str
    by: str
    line: int | None = None


class StructuredData:
    """The structured data of a page, by name."""

    def __init__(self, root: HtmlElement) -> None:
        self.metas: dict[str, list[PageStatement]] = {}
        for meta in root.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop")
            content = meta.get("content")
            if name and content and (value := one_line(content[:5000])):
                name = name.strip().lower()
                said = PageStatement(value, name, meta.sourceline)
                self.metas.setdefault(name, []).append(said)
        self._objects = [(found, script.sourceline) for script, found in _scripts(root)]
        self._by_id = {
            str(found["@id"]): found
            for found, _ in self._objects
            if "@id" in found and len(found) > 1
        }
        ranked = sorted(self._objects, key=lambda pair: -_rank(pair[0]))
        self.articles = [(found, line) for found, line in ranked if _rank(found) > 0]

    def meta(self, *names: str) -> Iterator[PageStatement]:
        """The contents of the `meta` elements of these names, in this order."""
        for name in names:
            yield from self.metas.get(name, ())

    def texts(self, *names: str) -> Iterator[PageStatement]:
        """These properties of the article, as text."""
        for found, line in self.articles:
            for name in names:
                value = found.get(name)
                for one in value if isinstance(value, list) else (value,):
                    if isinstance(one, dict):
                        one = one.get("@value") or one.get("name") or one.get("@id")
                    if isinstance(one, str | int) and (text := _plain(str(one))):
                        yield PageStatement(text, f"JSON-LD {name}", line)

    def people(self, name: str) -> Iterator[tuple[dict[str, str], PageStatement]]:
        """The people and organisations in property `name` of the article: what is known about each
        (`name`, `url`, `kind`), and where it is stated."""
        for found, line in self.articles:
            value = found.get(name)
            listed = [
                person
                for one in (value if isinstance(value, list) else (value,))
                if (person := self._person(one))
            ]
            for person in listed:
                yield person, PageStatement(person["name"], f"JSON-LD {name}", line)
            if listed:
                return

    def _person(self, value: Any) -> dict[str, str] | None:
        if isinstance(value, str):
            value = self._by_id.get(value, {"name": value})
        if not isinstance(value, dict):
            return None
        if "name" not in value:
            value = self._by_id.get(str(value.get("@id")), value)
        name = value.get("name")
        if isinstance(name, list) and name:
            name = name[0]
        if not isinstance(name, str) or not (text := _plain(name)):
            return None
        url = value.get("url")
        return {
            "name": text,
            "kind": str(value.get("@type") or ""),
            "url": url if isinstance(url, str) else "",
        }


def _rank(found: dict[str, Any]) -> int:
    kind = str(found.get("@type") or "")
    if _NO_ARTICLE.search(kind):
        return 0
    if _ARTICLE.search(kind):
        return 3 if "headline" in found or "articleBody" in found else 2
    return 1 if _PAGE.search(kind) else 0


def _scripts(root: HtmlElement) -> Iterator[tuple[HtmlElement, dict[str, Any]]]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        text = (script.text or "").strip()
        if not text or len(text) > MOST_SCRIPT:
            continue
        text = re.sub(
            r"^\s*(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$",
            "",
            text,
        )
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            try:
                value = json.loads(_TRAILING.sub("", text).rstrip("; \n"), strict=False)
            except (ValueError, RecursionError):
                continue
        for found in _objects(value, 0):
            yield script, found


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST_DATA:
        return
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "author", "publisher"):
            if isinstance(value.get(name), list | dict):
                yield from _objects(value[name], depth + 1)


def _plain(text: str) -> str:
    """`text` without the character references and tags that some sites put into JSON."""
    text = html.unescape(html.unescape(text)) if "&" in text else text
    return one_line(re.sub(r"</?[a-z][^<>]{0,200}>", " ", text)) if "<" in text else one_line(text)
