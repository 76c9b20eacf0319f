"""Elements inside a paragraph: emphasis, links, code, footnotes, other languages."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from syndicate.article import (
    Code,
    Emphasis,
    FootnoteReference,
    LineBreak,
    Link,
    Paragraph,
    Span,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
)
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.values import language_tag, one_line
from syndicate.readers.html.elements import images
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.html.tags import BLOCK, LEFT_OUT, SILENT
from syndicate.readers.prose import Placed, is_blank_prose

_STRESS: dict[str, type[Emphasis | Strong | Strike | Subscript | Superscript]] = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Emphasis),
    **dict.fromkeys(("strong", "b"), Strong),
    **dict.fromkeys(("s", "strike", "del"), Strike),
    "sub": Subscript,
    "sup": Superscript,
}
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)


def inline(reader: ElementReader, element: HtmlElement) -> None:
    """Read `element` into the current paragraph."""
    if element in reader.taken:
        return
    tag, run = element.tag, reader.run
    if tag == "br":
        run.add(LineBreak())
        return
    if tag in SILENT or tag in LEFT_OUT or tag == "rp":
        return
    if (label := reader.marks.references.get(element)) is not None:
        run.add(FootnoteReference(label=label))
        return
    if tag in ("code", "kbd", "samp", "tt"):
        if text := " ".join("".join(element.itertext()).split()):
            run.add(Code(text=text))
        return
    run.begin()
    _children(reader, element)
    content, spaced = run.end()
    if _apart(element, run.last, content):
        run.text(" ")
    run.close(_dressed(reader, element, content), spaced)


def _apart(element: HtmlElement, before: str, content: Content) -> bool:
    """Whether `element` is styled to begin a line or column of its own: it follows another element
    without a space, and a word begins where another has ended ("WilliamsShipwreck")."""
    other = element.getprevious()
    if other is None or other.tail or other.tag == "br" or not before[-2:].isalnum():
        return False
    return before[-1].islower() and plain(content)[:1].isupper()


def _children(reader: ElementReader, element: HtmlElement) -> None:
    quoted = element.tag in ("q", "rt")
    if quoted:
        reader.run.text("“" if element.tag == "q" else " (")
    reader.run.text(element.text)
    for child in element:
        if isinstance(child.tag, str):
            if child.tag in ("img", "amp-img", "picture"):
                images.in_text(reader, child, reader.pictures)
            else:
                inline(reader, child)
        reader.run.text(child.tail)
    if quoted:
        reader.run.text("”" if element.tag == "q" else ")")


def _dressed(reader: ElementReader, element: HtmlElement, content: Content) -> Content:
    """`content` inside the inline that the tag of `element` stands for."""
    tag = element.tag
    if not content or (is_blank_prose(content) and all(isinstance(c, Text) for c in content)):
        return content
    if language := _other_language(reader, element):
        content = (Span(language=language, content=content),)
    if tag == "a":
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#"):
            return content
        url = reader.address(href, element)
        if url is None or any(isinstance(inline, Link) for inline in content):
            return content
        return (Link(url=url, title=one_line(element.get("title") or "") or None, content=content),)
    if kind := _STRESS.get(tag):
        if len(content) == 1 and isinstance(content[0], kind):
            return content
        return (kind(content=content),)
    style = element.get("style")
    if style and _BOLD.search(style):
        content = (Strong(content=content),)
    if style and _ITALIC.search(style):
        content = (Emphasis(content=content),)
    return content


def _other_language(reader: ElementReader, element: HtmlElement) -> str | None:
    stated = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
    if not stated:
        return None
    try:
        language = language_tag(stated.strip().replace("_", "-"))
    except ValueError:
        return None
    same = language.lower().split("-")[0] == reader.language.split("-")[0]
    return None if same else language


def in_language(reader: ElementReader, element: HtmlElement, placed: list[Placed]) -> list[Placed]:
    """`placed`, its paragraphs marked if `element` is in another language."""
    language = _other_language(reader, element) if element.tag == "p" else None
    if language is None:
        return placed
    return [
        (Paragraph(content=(Span(language=language, content=block.content),)), line)
        if isinstance(block, Paragraph)
        else (block, line)
        for block, line in placed
    ]


def line(reader: ElementReader, element: HtmlElement) -> None:
    """Read all of `element` into the current paragraph, with line breaks between its blocks."""
    reader.run.text(element.text)
    for child in element:
        tag = child.tag
        if child in reader.taken or not isinstance(tag, str) or tag in SILENT:
            pass
        elif tag in ("img", "amp-img", "picture"):
            reader.run.text(images.words_for(child))
        elif tag in LEFT_OUT or tag in ("iframe", "video", "audio", "object", "embed"):
            pass
        elif tag in BLOCK or child in reader.holding:
            reader.run.add(LineBreak())
            line(reader, child)
            reader.run.add(LineBreak())
        else:
            inline(reader, child)
        reader.run.text(child.tail)
