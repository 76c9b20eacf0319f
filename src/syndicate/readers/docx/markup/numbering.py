"""Counts the numbers of list items as Word does (ECMA-376 part 1, 17.9), so that a list continues
its numbers after a paragraph in between."""

from __future__ import annotations

from typing import Any

from syndicate.readers.docx.markup.hidden import DocxStyles
from syndicate.readers.docx.markup.names import NUMBER, DocxElement, W, number, under

DEEPEST_LEVEL = 8


class DocxNumbering:
    """The lists defined in the file."""

    def __init__(self, root: DocxElement, styles: DocxStyles) -> None:
        self._styles = styles
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        for one in () if root is None else root.iter(f"{W}abstractNum"):
            self._starts[one.get(f"{W}abstractNumId", "")] = {
                _level(level): number(level.find(f"{W}start"), 1)
                for level in one.findall(f"{W}lvl")
            }
        for one in () if root is None else root.iter(f"{W}num"):
            kind = one.find(f"{W}abstractNumId")
            overrides = {
                _level(level): number(level.find(f"{W}startOverride"), 1)
                for level in one.findall(f"{W}lvlOverride")
                if level.find(f"{W}startOverride") is not None
            }
            name = "" if kind is None else kind.get(f"{W}val", "")
            self._lists[one.get(f"{W}numId", "")] = (name, overrides)

    def list_of(self, paragraph: DocxElement) -> tuple[str, int] | None:
        """The list that `paragraph` is an item of, and its level from 0."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        style = properties.find(f"{W}pStyle")
        style_id = None if style is None else style.get(f"{W}val")
        stated: dict[str, Any] = {
            name: properties.find(f"{W}numPr/{W}{name}") for name in ("numId", "ilvl")
        }
        for name, element in stated.items():
            if element is None:
                stated[name] = self._styles.says(style_id, f"w:pPr/w:numPr/w:{name}")
        if stated["numId"] is None:
            return None
        return stated["numId"].get(f"{W}val", ""), min(
            max(0, number(stated["ilvl"])), DEEPEST_LEVEL
        )

    def known(self, list_id: str) -> tuple[str, dict[int, int]] | None:
        """The kind of a list, and the numbers at which its levels restart."""
        return self._lists.get(list_id)

    def start(self, kind: str, level: int) -> int:
        """The first number at `level` in lists of this kind."""
        return self._starts.get(kind, {}).get(level, 1)


def count_items(root: DocxElement, numbering: DocxNumbering) -> None:
    """Give each list item a bookmark with its number."""
    counts: dict[str, dict[int, int]] = {}
    begun: set[tuple[str, int]] = set()
    for mark in under(root, f"{W}bookmarkStart"):
        if mark.get(f"{W}name", "").startswith(NUMBER):
            mark.getparent().remove(mark)
    for paragraph in under(root, f"{W}p"):
        found = numbering.list_of(paragraph)
        known = numbering.known(found[0]) if found else None
        if not found or not known:
            continue
        (list_id, level), (kind, anew) = found, known
        levels = counts.setdefault(kind, {})
        if level in anew and (list_id, level) not in begun:
            levels[level] = anew[level] - 1
        begun.add((list_id, level))
        levels[level] = levels.get(level, numbering.start(kind, level) - 1) + 1
        for deeper in [other for other in levels if other > level]:
            del levels[deeper]
        mark = paragraph.makeelement(f"{W}bookmarkStart")
        mark.set(f"{W}name", f"{NUMBER}{levels[level]}")
        paragraph.append(mark)


def _level(element: DocxElement) -> int:
    try:
        return int(element.get(f"{W}ilvl", "0"))
    except ValueError:
        return 0
