"""Headlines: as large as the page takes, in lines of about equal length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from syndicate.kit import FontFace

# Letters a whole em wide, before and after which a line may break.
_EM = r"\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303F\uFF00-\uFF60"
_WHOLE_EM = regex.compile(f"[{_EM}]")
_PARTS = regex.compile(f"[{_EM}]|[^{_EM}\\s]+\\s*")
_SLACK = 1.03  # kerning and rounding


@dataclass(frozen=True)
class Headline:
    """A size and a width, both in points."""

    size: float
    width: float


def fit(
    text: str, face: FontFace, measure: float, sizes: tuple[float, ...], lines: int
) -> Headline:
    """The largest of `sizes` at which `text` takes at most `lines` lines of `measure` points.

    The width is the narrowest that needs no more lines, so that they come out even: the
    balancing that WeasyPrint has no property for.
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
    """The width of `text` in ems, one for a letter that another face must set."""
    widths, glyphs, em = _metrics(face)
    units = (int(widths[glyphs[ord(one)]][0]) if ord(one) in glyphs else em for one in text)
    return sum(units) / em


@lru_cache(maxsize=8)
def _metrics(face: FontFace) -> tuple[Any, Any, int]:
    from fontTools.ttLib import TTFont

    with TTFont(face.path) as font:
        return dict(font["hmtx"].metrics), dict(font.getBestCmap()), font["head"].unitsPerEm
