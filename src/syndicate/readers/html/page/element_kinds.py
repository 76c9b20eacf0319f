"""Recognises elements by their content, whatever their tag or class."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from syndicate.readers.html.tree import element_text

FEWEST_CARDS = 3
LONGEST_CARD = 700
"""The most characters about one article in a grid of teasers."""
LEAST_REMARK = 100
"""The fewest characters of an aside that belongs to the article."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
OPENS = re.compile(r"accordion|faq|question|collaps|toggle", re.IGNORECASE)
"""Classes of elements that readers open and close."""
_CARDS = ("article", "li", "div", "section")
_SOLD = re.compile(r"sponsored|nofollow", re.IGNORECASE)


def says_something(element: HtmlElement) -> bool:
    """Whether a header or an aside is part of the article's text."""
    if element.tag == "header":
        return _opens_a_part(element)
    return element.tag == "aside" and _is_remark(element)


def _is_remark(aside: HtmlElement) -> bool:
    """Whether an aside is a remark of a sentence or more inside an article, not a box of links."""
    around = {ancestor.tag for ancestor in aside.iterancestors()}
    if "aside" in around or not around & {"article", "main"}:
        return False
    if any(True for _ in aside.iter("form", "input", "nav", "button", "ul")):
        return False
    size = len(element_text(aside))
    linked = sum(len(element_text(link)) for link in aside.iter("a"))
    return size >= LEAST_REMARK and linked < 0.1 * size


def _opens_a_part(header: HtmlElement) -> bool:
    """Whether a header contains the heading of a section of the article, and little else."""
    return (
        sum(1 for _ in header.iter("h2", "h3")) == 1
        and not any(True for _ in header.iter("h1", "nav", "ul", "form", "time"))
        and any(ancestor.tag in ("article", "main") for ancestor in header.iterancestors())
    )


def heading_of(header: HtmlElement) -> HtmlElement | None:
    """The heading of a section of the article in a header with other things; None if there is no
    heading, or several."""
    headings = list(header.iter(*HEADINGS))
    return headings[0] if len(headings) == 1 and headings[0].tag in ("h2", "h3") else None


def teasers(group: HtmlElement) -> bool:
    """Whether a group is a grid of other articles: at least three cards with the same classes, each
    with a heading that links to another page and a few lines of text."""
    cards = [child for child in group if isinstance(child.tag, str)]
    if len(cards) < FEWEST_CARDS or len({(card.tag, len(card)) for card in cards}) > 2:
        return False
    first = cards[0].tag
    return first in _CARDS and all(card.tag == first and _is_card(card) for card in cards)


def _is_card(element: HtmlElement) -> bool:
    heading = next(element.iter("h2", "h3", "h4", "h5", "h6"), None)
    if heading is None or len(element_text(element)) > LONGEST_CARD:
        return False
    if not (said := element_text(heading)):
        return False
    links = [a for a in heading.iterancestors() if a.tag == "a"]
    links += [a for a in heading.iter("a") if element_text(a) == said]
    return any(not _SOLD.search(link.get("rel") or "") for link in links)


def asks(button: HtmlElement) -> bool:
    """Whether a button is a heading, or a question that opens its answer."""
    if button.getparent().tag in (*HEADINGS, "summary"):
        return True
    opens = "aria-expanded" in button.attrib or OPENS.search(button.get("class") or "")
    return bool(opens) and element_text(button).endswith(("?", "？", "؟"))
