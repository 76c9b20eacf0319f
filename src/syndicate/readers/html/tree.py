"""Parses markup into a tree that is safe to walk: limited in depth, no forbidden characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree, html
from lxml.html import HtmlElement

from syndicate.readers.html.tags import BLOCK

DEEPEST_TREE = 150
"""How deep elements may be nested; deeper elements keep their words and lose their structure."""

# What XML 1.0 forbids, as characters and as character references.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bc]|1[0-9a-f]|e|f)|x0*d[89a-f][0-9a-f]{2});",
    re.IGNORECASE,
)


# Badly assembled pages continue after `</html>`; the parser would stop there.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


class TooDeepError(ValueError):
    """The parser gave up: elements are nested thousands of levels deep."""


def parse_html(text: str) -> HtmlElement:
    """The root of the tree for `text`, without comments, processing instructions and forbidden
    characters. The root of a fragment is an `html` element too.

    Raises:
        TooDeepError: elements are nested more than 2,048 levels deep.
    """
    text = _ENDS.sub("", _FORBIDDEN.sub("", text))
    parser = html.HTMLParser(
        remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8", no_network=True
    )
    root: HtmlElement | None = None
    if text.strip():
        with suppress(etree.ParserError):  # it has neither an element nor a word
            root = html.document_fromstring(
                text.encode("utf-8"), parser=parser, ensure_head_body=True
            )
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            raise TooDeepError
    if root is None:
        root = html.document_fromstring("<html><head></head><body></body></html>")
    _bound(root)
    return root


def element_text(element: etree._Element) -> str:
    """The text in `element`, with white space collapsed."""
    return " ".join("".join(map(str, element.itertext())).split())


def _bound(root: HtmlElement) -> None:
    """Turn elements deeper than `DEEPEST_TREE` into paragraphs with their words."""
    for element in list(_at_depth(root, DEEPEST_TREE)):
        paragraphs = [text for text in _paragraphs(element) if text.strip()]
        tail = element.tail
        attributes = dict(element.attrib)
        element.clear()
        element.tail = tail
        element.attrib.update(attributes)
        for text in paragraphs:
            etree.SubElement(element, "p").text = text


def _at_depth(root: HtmlElement, depth: int) -> Iterator[HtmlElement]:
    level = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        if event == "start" and level == depth and len(element):
            yield element


def _paragraphs(element: HtmlElement) -> Iterator[str]:
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag in BLOCK:
            yield "".join(parts)
            parts = []
        if event == "start":
            parts.append(inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    yield "".join(parts)


ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|footer|popular|trending|widget|card|teaser|nav|more-",
    re.IGNORECASE,
)
"""Classes of elements about other articles."""


def elements_around(element: HtmlElement) -> Iterator[HtmlElement]:
    """The closest elements around `element`, up to the article's own element."""
    for number, ancestor in enumerate(element.iterancestors()):
        if number > 6 or ancestor.tag in ("body", "article", "main"):
            return
        yield ancestor
