"""The styles of an OpenDocument file, each including the styles that it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
DEEPEST_STYLE = 20
_SPELLED = re.compile(r"_([0-9a-f]{1,4})_")


class OdtStyles:
    """The styles of `content.xml` and `styles.xml`."""

    def __init__(self, *roots: Any) -> None:
        self._styles: dict[str, Any] = {}
        self._lists: dict[str, Any] = {}
        for root in (one for one in reversed(roots) if one is not None):
            for style in root.iter(f"{_STYLE}style"):
                self._styles[style.get(f"{_STYLE}name", "")] = style
            for style in root.iter(f"{TEXT}list-style"):
                self._lists[style.get(f"{_STYLE}name", "")] = style

    def names(self, style: str | None) -> list[str]:
        """The display names of the style and of the styles that it is based on."""
        found = []
        for name in self._chain(style):
            found.append(_SPELLED.sub(lambda m: chr(int(m[1], 16)), name))
            known = self._styles.get(name)
            shown = None if known is None else known.get(f"{_STYLE}display-name")
            found += [shown] if shown else []
        return found

    def is_hidden(self, style: str | None) -> bool:
        """Whether text with this style is hidden."""
        return self._says(style, f"{TEXT}display") == "none"

    def effects(self, style: str | None) -> Iterator[str]:
        """The HTML elements that look like text with this style."""
        weight = self._says(style, f"{_FO}font-weight") or ""
        if weight == "bold" or (weight.isdigit() and int(weight) >= 600):
            yield "strong"
        if self._says(style, f"{_FO}font-style") in ("italic", "oblique"):
            yield "em"
        if self._says(style, f"{_STYLE}text-line-through-style") not in (None, "none"):
            yield "s"
        place = (self._says(style, f"{_STYLE}text-position") or "").split(" ")[0]
        if place == "super" or re.fullmatch(r"[1-9]\d*%", place):
            yield "sup"
        elif place == "sub" or re.fullmatch(r"-[1-9]\d*%", place):
            yield "sub"

    def list_of(self, element: Any) -> str | None:
        """The name of a list's style."""
        name = element.get(f"{TEXT}style-name")
        return str(name) if name else None

    def is_ordered(self, name: str | None, level: int) -> bool:
        """Whether lists with this style are numbered at `level` (from 1)."""
        style = self._lists.get(name or "")
        for one in () if style is None else style:
            if one.get(f"{TEXT}level") == str(level):
                return bool(
                    one.tag == f"{TEXT}list-level-style-number" and one.get(f"{_STYLE}num-format")
                )
        return False

    def _says(self, style: str | None, attribute: str) -> str | None:
        for name in self._chain(style):
            known = self._styles.get(name)
            properties = None if known is None else known.find(f"{_STYLE}text-properties")
            if properties is not None and properties.get(attribute) is not None:
                return str(properties.get(attribute))
        return None

    def _chain(self, style: str | None) -> Iterator[str]:
        for _ in range(DEEPEST_STYLE):
            if not style:
                return
            yield style
            known = self._styles.get(style)
            style = None if known is None else known.get(f"{_STYLE}parent-style-name")
