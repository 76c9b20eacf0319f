"""Facts about a line of a page: its words, how much of it is linked, what it repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from syndicate.article import Block, Heading, Link, List, Paragraph, Quote
from syndicate.article.inlines import Content
from syndicate.article.text import passages, plain

_WORD = re.compile(r"\w+")
_DOES = "is|was|has|writes|works|covers|joined|studied|leads|lives"
SENTENCE = re.compile(r"[.!?:;…。！？؟۔][\"'”’»)\]]*\s*(?:\[?\d*\]?)$")
"""The end of a sentence, perhaps with the number of a footnote."""


@dataclass(frozen=True)
class PageFacts:
    """What the page states about the article: its titles, descriptions and authors."""

    titles: Sequence[str] = ()
    descriptions: Sequence[str] = ()
    authors: Sequence[str] = ()


def page_line_words(text: str) -> list[str]:
    """The words of `text`, in lower case."""
    return _WORD.findall(text.lower())


def page_line_text(block: Block) -> str:
    """All text in `block`."""
    return " ".join(passages((block,)))


def are_alike_on_page(one: str, other: str) -> bool:
    """Whether two lines say the same; one may include the site's name or be cut short."""
    a, b = page_line_words(one), page_line_words(other)
    if not a or not b:
        return False
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and len(short) * 2 >= len(long) and long[: len(short)] == short


def share_linked(block: Block) -> float:
    """The share of the characters in a paragraph, heading, list or quote that is linked, 0 to 1."""
    size = sum(map(len, passages((block,))))
    return _linked(block) / size if size else 0.0


def _linked(block: Block) -> int:
    if isinstance(block, List):
        return sum(_linked(inner) for item in block.items for inner in item.blocks)
    if isinstance(block, Quote):
        return sum(map(_linked, block.blocks))
    return _linked_in(block.content) if isinstance(block, Heading | Paragraph) else 0


def _linked_in(content: Content) -> int:
    return sum(
        len(plain(inline.content))
        if isinstance(inline, Link)
        else _linked_in(getattr(inline, "content", ()))
        for inline in content
    )


def introduces_author(text: str, name: str) -> bool:
    """Whether `text` introduces the author called `name`."""
    if len(name.split()) < 2:
        return False
    first = name.split()[0]
    called = f"(?:{re.escape(name)}|{re.escape(first)})" if first.istitle() else re.escape(name)
    return bool(re.match(rf"{called}\b.{{0,60}}?\b(?:{_DOES})\b", text))


def names_author(text: str, authors: Sequence[str]) -> bool:
    """Whether `text` is the name of an author, perhaps with their job on the line below."""
    first = page_line_words(text.strip().partition("\n")[0])
    return any(first == page_line_words(name) for name in authors if len(page_line_words(name)) > 1)
