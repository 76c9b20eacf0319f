"""Finds what a page of a book contains, as the book's package must declare it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from syndicate.errors import Location, RenderError

_XHTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}svg"
_MATHML = "{http://www.w3.org/1998/Math/MathML}math"
_LOADS = {"img": "src", "audio": "src", "video": "src", "source": "src", "iframe": "src"}


@dataclass(frozen=True)
class PageMarkup:
    """Properties of a page.

    `used` are the manifest properties that the page must declare (EPUB 3.3 appendix D.5).
    `structured` is true if no heading level is skipped and every table has header cells.
    """

    used: tuple[str, ...]
    structured: bool


def examine_book_page(content: bytes, name: str) -> PageMarkup:
    """The properties of the page `content` called `name`. Its tree is not kept in memory.

    Raises:
        RenderError: the page is not well-formed XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RenderError(
            f"the page is not well-formed XHTML: {error.msg}",
            where=Location(name, *error.position),
            hint="correct the channel's templates in templates/epub/: they must write XHTML",
        ) from error
    return PageMarkup(tuple(_used(tree)), _structured(tree))


def _used(tree: etree._Element) -> list[str]:
    used = {
        "svg": tree.find(f".//{_SVG}") is not None,
        "mathml": tree.find(f".//{_MATHML}") is not None,
        "scripted": tree.find(f".//{_XHTML}script") is not None,
        "remote-resources": any(
            element.get(attribute, "").startswith(("http:", "https:", "//"))
            for tag, attribute in _LOADS.items()
            for element in tree.iter(f"{_XHTML}{tag}")
        ),
    }
    return [name for name, present in used.items() if present]


def _structured(tree: etree._Element) -> bool:
    if any(table.find(f".//{_XHTML}th") is None for table in tree.iter(f"{_XHTML}table")):
        return False
    level = 0
    for heading in tree.iter(*(f"{_XHTML}h{n}" for n in range(1, 7))):
        if int(heading.tag[-1]) > level + 1:
            return False
        level = int(heading.tag[-1])
    return True
