"""Code listings and their programming languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from syndicate.article import CodeBlock
from syndicate.article.values import one_line
from syndicate.readers.prose import Placed

_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source|brush:?\s?)-?([\w+#-]+)")
_GUTTER = re.compile(r"gutter|linenos?|line-?numbers?(?:-rows)?|lnum", re.IGNORECASE)


def code(element: HtmlElement) -> Iterable[Placed]:
    """A `pre`, without its line numbers."""
    for inner in element.iter():
        if inner is not element and _GUTTER.search(inner.get("class") or ""):
            tail = inner.tail
            inner.clear()
            inner.tail = tail
    for broken in element.iter("br"):
        broken.tail = "\n" + (broken.tail or "")
    text = "".join(element.itertext()).replace("\r\n", "\n").strip("\n")
    if text.strip():
        yield (
            CodeBlock(text=text.rstrip(), language=_code_language(element)),
            element.sourceline,
        )


def _code_language(element: HtmlElement) -> str | None:
    inner = next(element.iter("code"), None)
    for place in (element, inner, element.getparent()):
        if place is None:
            continue
        for name in (place.get("data-lang"), place.get("data-language")):
            if name:
                return one_line(name)
        if found := _LANGUAGE.search(place.get("class") or ""):
            return found[1]
    return None
