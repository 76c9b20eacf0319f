"""Headlines: as large as the page allows, in lines of about equal length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from syndicate.kit import FontFace

# Characters one em wide, with possible line breaks before and after.
_EM = r"\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303F\uFF00-\uFF60"
_WHOLE_EM = regex.compile(f"[{_EM}]")
_PARTS = regex.compile(f"[{_EM}]|[^{_EM}\\s]+\\s*")
_SLACK = 1.03  # room for kerning and rounding


@dataclass(frozen=True)
class Headline:
    """The size and the width of a headline, both in points."""

    size: float
    width: float


def fit_headline(
    text: str, face: FontFace, measure: float, sizes: tuple[float, ...], lines: int
) -> Headline:
    """The largest of `sizes` at which `text` needs at most `lines` lines of `measure` points.

    The width is the smallest that does not need more lines, so that the lines are about equally
    long. WeasyPrint has no property for balancing lines.
    """
    parts, space = text.split(), _advance(" ", face)
    if _WHOLE_EM.search(text):
        parts, space = _PARTS.findall(text), 0.0
    words = [_advance(word, face) for word in parts] or [0.0]
    for size in sizes:
        width = measure / size / _SLACK
        if _lines(words, space, width) <= lines and max(words) <= width:
            break
    fewest = _lines(words, space, width)
    low, high = min(max(words), width), width
    while high - low > 0.05:
        middle = (low + high) / 2
        if _lines(words, space, middle) <= fewest:
            high = middle
        else:
            low = middle
    return Headline(size, round(min(measure, high * size * _SLACK + 1), 1))


def _lines(words: list[float], space: float, width: float) -> int:
    count, used = 1, 0.0
    for word in words:
        needed = used + space + word if used else word
        if used and needed > width:
            count, used = count + 1, word
        else:
            used = needed
    return count


def _advance(text: str, face: FontFace) -> float:
    """The width of `text` in ems; a letter that needs another font counts as one em."""
    widths, glyphs, em = _metrics(face)
    units = (
        int(widths[glyphs[ord(letter)]][0]) if ord(letter) in glyphs else em for letter in text
    )
    return sum(units) / em


@lru_cache(maxsize=8)
def _metrics(face: FontFace) -> tuple[Any, Any, int]:
    from fontTools.ttLib import TTFont

    with TTFont(face.path) as font:
        return dict(font["hmtx"].metrics), dict(font.getBestCmap()), font["head"].unitsPerEm
