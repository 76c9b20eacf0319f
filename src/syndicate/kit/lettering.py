"""Text in drawn pictures: which font can set it, at which size, and in which lines."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from syndicate.kit.fonts import ARABIC, LATIN, FontFace, font_faces

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Family = Literal["serif", "sans"]

_FACES: dict[tuple[Family, bool], tuple[str, int]] = {
    ("serif", False): ("Source Serif", 700),
    ("sans", False): ("Source Sans", 600),
    ("serif", True): ("Amiri", 700),
    ("sans", True): ("IBM Plex Sans Arabic", 600),
}
# Emoji and the characters that join them: these may be left out of a picture, letters may not.
_ORNAMENTS = frozenset({"So", "Sk", "Cf", "Co", "Cn", "Mn", "Me"})


@dataclass(frozen=True)
class Lettering:
    """A text set in lines; `leading` is the distance between baselines in pixels."""

    lines: tuple[str, ...]
    font: FreeTypeFont
    leading: int
    arabic: bool

    @property
    def height(self) -> int:
        """The distance in pixels from the top of the first line to the bottom of the last."""
        return self.leading * len(self.lines)

    def draw(self, on: ImageDraw, x: int, y: int, colour: str, *, end: bool = False) -> None:
        """Draw the lines with their top at `y` and their left edge (right if `end`) at `x`."""
        for number, line in enumerate(self.lines, 1):
            baseline = y + number * self.leading - round(self.leading * 0.24)
            on.text(
                (x, baseline),
                line,
                colour,
                self.font,
                anchor="rs" if end else "ls",
                direction=_direction(self.arabic),
            )


@dataclass(frozen=True)
class LetteringSpace:
    """The space that a text has to fit: at most `lines` lines of `width` pixels each, at most
    `height` pixels high in total."""

    width: int
    lines: int
    height: float = math.inf


def set_lettering(
    text: str, family: Family, sizes: Iterable[int], space: LetteringSpace
) -> Lettering | None:
    """`text` in the first of `sizes` (pixels) at which it fits `space`.

    If it is too long even at the last size, it ends in an ellipsis. None if no font has its
    characters, or if it is Arabic and this machine cannot join Arabic letters.
    """
    width = space.width
    arabic = len(font_faces((text,))) > len(LATIN)
    face = _face(family, arabic)
    text = _printable(text, face)
    if not text or (arabic and not _shapes()):
        return None
    found: list[str] = []
    font, leading = _font(face, 1), 1
    for size in sizes:
        font = _font(face, size)
        leading = round(size * ((1.5 if family == "serif" else 1.4) if arabic else 1.1))
        found = _wrapped(text, font, width, arabic)
        if (
            len(found) <= space.lines
            and leading * len(found) <= space.height
            and all(_length(font, line, arabic) <= width for line in found)
        ):
            return Lettering(tuple(_balanced(text, font, width, arabic)), font, leading, arabic)
    kept = max(1, int(min(space.lines, space.height / leading)))
    lines = _cut(found[:kept], font, width, arabic, more=len(found) > kept)
    return Lettering(tuple(lines), font, leading, arabic)


def draw_tracked_lettering(
    on: ImageDraw, text: str, size: int, start: tuple[int, int], colour: str
) -> None:
    """Draw `text` in letter-spaced small capitals; its baseline begins at `start` (x and y)."""
    face = _face("sans", arabic=False)
    font, shapes = _font(face, size), _shapes()
    features = ["smcp", "c2sc"] if shapes else None
    at, y = float(start[0]), start[1]
    for character in _printable(text if shapes else text.upper(), face):
        on.text((at, y), character, colour, font, anchor="ls", features=features)
        at += font.getlength(character, features=features) + size * 0.06


def _face(family: Family, arabic: bool) -> FontFace:
    wanted = (*_FACES[family, arabic], "normal")
    return next(f for f in (*LATIN, *ARABIC) if (f.family, f.weight, f.style) == wanted)


def _printable(text: str, face: FontFace) -> str:
    """`text` without emoji; "" if `face` lacks any other character."""
    known = _characters(face)
    kept = [c for c in text if ord(c) in known or unicodedata.category(c) not in _ORNAMENTS]
    if not all(ord(character) in known for character in kept):
        return ""
    return " ".join("".join(kept).split())


def _wrapped(text: str, font: FreeTypeFont, width: float, arabic: bool) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(font, longer, arabic) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(text: str, font: FreeTypeFont, width: int, arabic: bool) -> list[str]:
    """The same number of lines at the narrowest width, so that the last line is not too short."""
    best = _wrapped(text, font, width, arabic)
    low, high = width // 3, width
    while high - low > 8:
        middle = (low + high) // 2
        lines = _wrapped(text, font, middle, arabic)
        if len(lines) == len(best) and all(_length(font, x, arabic) <= width for x in lines):
            best, high = lines, middle
        else:
            low = middle
    return best


def _cut(
    lines: list[str], font: FreeTypeFont, width: int, arabic: bool, *, more: bool
) -> list[str]:
    cut = []
    for number, line in enumerate(lines, 1):
        ellipsis = "…" if more and number == len(lines) else ""
        while line and _length(font, line + ellipsis, arabic) > width:
            line, ellipsis = line[:-1].rstrip(" ,;:–—"), "…"
        cut.append(line + ellipsis)
    return cut


def _length(font: FreeTypeFont, text: str, arabic: bool) -> float:
    return font.getlength(text, direction=_direction(arabic))


def _direction(arabic: bool) -> str | None:
    """The direction for Pillow; None without raqm, which alone accepts one."""
    return "rtl" if arabic else "ltr" if _shapes() else None


@lru_cache(maxsize=1)
def _shapes() -> bool:
    """Whether Pillow can join letters and set them right to left: raqm needs FriBiDi installed."""
    from PIL import features

    return bool(features.check("raqm") and features.check("fribidi"))


def _font(face: FontFace, size: int) -> FreeTypeFont:
    return _loaded(face, size, _shapes())


@lru_cache(maxsize=64)
def _loaded(face: FontFace, size: int, shapes: bool) -> FreeTypeFont:
    from PIL import ImageFont

    engine = ImageFont.Layout.RAQM if shapes else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(face.path), size, layout_engine=engine)


@lru_cache(maxsize=16)
def _characters(face: FontFace) -> frozenset[int]:
    import uharfbuzz

    return frozenset(uharfbuzz.Face(face.path.read_bytes()).unicodes)
