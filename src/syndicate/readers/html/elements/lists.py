"""Lists: bulleted, numbered, task and definition lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from syndicate.article import Block, List, ListItem, Paragraph, Strong, Text
from syndicate.article.blocks import Blocks
from syndicate.article.values import one_line
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.html.tags import SILENT
from syndicate.readers.prose import Placed

MOST_NESTED = 30
"""How deep lists and quotes may be nested; deeper content is kept as paragraphs."""


def listed(reader: ElementReader, element: HtmlElement) -> Iterable[Placed]:
    """A `ul` or `ol`; without any item, the blocks inside it."""
    if not any(child.tag in ("li", "ul", "ol") for child in element):
        yield from reader.inside(element)
        return
    items = [*_stray(element.text)]
    for child in element:
        _add(reader, child, items)
        items += _stray(child.tail)
    if items:
        start = element.get("start") or ""
        first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
        made = List(ordered=element.tag == "ol", start=first, items=tuple(items))
        yield made, element.sourceline


def _add(reader: ElementReader, child: HtmlElement, items: list[ListItem]) -> None:
    """Add the content of `child`, an element in a list, to the list's `items`."""
    if not isinstance(child.tag, str) or child in reader.taken or child.tag in SILENT:
        return
    if child in reader.marks.notes:
        reader.footnote(child)
        return
    blocks = _loose(reader, child) if child.tag in ("ul", "ol") else reader.blocks(child)
    if not blocks:
        return
    if child.tag != "li" and items:
        items[-1] = items[-1].model_copy(update={"blocks": (*items[-1].blocks, *blocks)})
    else:
        items.append(ListItem(blocks=blocks, checked=_checked(child)))


def _stray(text: str | None) -> Iterator[ListItem]:
    """Words between the items of a list, as an item of their own."""
    if text and (line := one_line(text)):
        yield ListItem(blocks=(Paragraph(content=(Text(text=line),)),))


def _loose(reader: ElementReader, element: HtmlElement) -> Blocks:
    reader.nested += 1
    made = listed(reader, element) if reader.nested < MOST_NESTED else reader.inside(element)
    blocks = tuple(block for block, _ in made)
    reader.nested -= 1
    return blocks


def definitions(reader: ElementReader, element: HtmlElement) -> Iterable[Placed]:
    """A definition list as a list whose items begin with the term in bold."""
    items: list[list[Block]] = []
    pairs = [
        inner
        for child in element
        if isinstance(child.tag, str)
        for inner in (child if child.tag == "div" else (child,))
    ]
    for child in pairs:
        if child.tag == "dt":
            if content := reader.content(child):
                items.append([Paragraph(content=(Strong(content=content),))])
        elif blocks := reader.blocks(child):
            if items:
                items[-1].extend(blocks)
            else:
                items.append(list(blocks))
    if items:
        made = List(items=tuple(ListItem(blocks=tuple(item)) for item in items))
        yield made, element.sourceline


def _checked(element: HtmlElement) -> bool | None:
    box = next((i for i in element.iter("input") if i.get("type") == "checkbox"), None)
    return None if box is None else box.get("checked") is not None
