"""The element and attribute names of WordprocessingML (ECMA-376 part 1, chapter 17)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VML = "{urn:schemas-microsoft-com:vml}"

NUMBER = "syndicate-number-"
"""The name of the bookmark that carries a list item's number through mammoth."""
DocxElement: TypeAlias = Any
"""An element of a Word file's XML, as lxml has it."""


def is_on(element: DocxElement) -> bool:
    """Whether a toggle such as `w:vanish` is present and not switched off."""
    return element is not None and element.get(f"{W}val") not in ("0", "false", "off", "none")


def number(element: DocxElement, default: int = 0) -> int:
    """The number in `w:val`, `default` if there is none."""
    try:
        return int(element.get(f"{W}val"))
    except (AttributeError, TypeError, ValueError):
        return default


def words(element: DocxElement) -> str:
    """The characters of `element` on one line."""
    return " ".join("".join(element.itertext(f"{W}t", f"{A}t")).split())


def text_run(text: str) -> DocxElement:
    """A run of plain characters."""
    from lxml import etree

    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}t").text = text
    return run


def unwrapped(element: DocxElement) -> None:
    """Replace `element` by its children."""
    parent = element.getparent()
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    parent.remove(element)


def under(element: DocxElement, *tags: str) -> list[DocxElement]:
    """All elements with these tags below `element`, as a list, so that the caller may move them."""
    found: Iterator[DocxElement] = element.iter(*tags)
    return list(found)
