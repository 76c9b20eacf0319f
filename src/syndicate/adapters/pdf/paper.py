"""Paper sizes, margins and columns, in millimetres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

PaperLayout = Literal["broadsheet", "magazine", "report"]

# ISO 216, ANSI, and two newspaper formats.
SIZES = {
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "B5": (176.0, 250.0),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
    "tabloid": (279.4, 431.8),
    "Berliner": (315.0, 470.0),
}
POINTS_A_MM = 72 / 25.4
_SMALLEST, _LARGEST = 90.0, 600.0
_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)mm")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)mm")
# The preferred width of a column in each layout.
_TARGET: dict[PaperLayout, float] = {"broadsheet": 56, "magazine": 84, "report": 118}
_NARROWEST = 30.0


@dataclass(frozen=True)
class PaperSheet:
    """One page: its size, margins and columns. Lengths are in millimetres."""

    width: float
    height: float
    top: float
    bottom: float
    start: float
    end: float
    columns: int
    gap: float
    aside: float = 0
    """The outer column of a report, for captions and pull quotes."""

    @property
    def measure(self) -> float:
        """The width of the type area."""
        return self.width - self.start - self.end

    @property
    def column(self) -> float:
        """The width of one column."""
        return (self.measure - self.aside - self.gap * (self.columns - 1)) / self.columns


def paper_size(paper: str) -> tuple[float, float]:
    """The width and height of `paper`, which is a name in `SIZES` or a size such as "210x280mm".

    Raises:
        ValueError: it is neither, or a side is not between 90 and 600 mm.
    """
    if paper in SIZES:
        return SIZES[paper]
    found = _SIZE.fullmatch(paper)
    if not found:
        raise ValueError(f'must be one of {", ".join(SIZES)}, or a size such as "210x280mm"')
    width, height = float(found[1]), float(found[2])
    if min(width, height) < _SMALLEST or max(width, height) > _LARGEST:
        raise ValueError(f"each side must be between {_SMALLEST:g} and {_LARGEST:g} mm")
    return width, height


def paper_millimetres(length: str) -> float:
    """The number in a length such as "3mm".

    Raises:
        ValueError: it is not a length in millimetres.
    """
    found = _LENGTH.fullmatch(length)
    if not found:
        raise ValueError(f'{length!r} is not a length in millimetres such as "3mm"')
    return float(found[1])


def paper_margins(margins: str) -> tuple[float, float, float, float]:
    """The top, end, bottom and start margins from one to four lengths, as in CSS `margin`.

    Raises:
        ValueError: they are not one to four lengths in millimetres.
    """
    lengths = [paper_millimetres(length) for length in margins.split()]
    if not 1 <= len(lengths) <= 4:
        raise ValueError('must be one to four lengths such as "20mm 15mm"')
    top = lengths[0]
    end = lengths[1] if len(lengths) > 1 else top
    bottom = lengths[2] if len(lengths) > 2 else top
    start = lengths[3] if len(lengths) > 3 else end
    return top, end, bottom, start


def paper_sheet(
    paper: str, layout: PaperLayout, columns: int | None = None, margins: str | None = None
) -> PaperSheet:
    """The page for a `layout` on `paper`; `columns` and `margins` override the layout's own.

    Raises:
        ValueError: a column would be narrower than 30 mm.
    """
    width, height = paper_size(paper)
    unit = width / 210
    gap = 6.5 if layout == "magazine" else 6
    aside = 0.0
    if layout == "report" and width >= SIZES["B5"][0]:
        top, end, bottom, start = 25.0, 20 * unit, 22.0, 22 * unit
        aside = 50 * unit
    else:
        side = (18 if layout == "magazine" else 15) * unit
        top, end, bottom, start = 23.0, side, 20.0, side
    if margins:
        top, end, bottom, start = paper_margins(margins)
    measure = width - start - end - aside
    count = columns or max(1, round((measure + gap) / (_TARGET[layout] + gap)))
    made = PaperSheet(width, height, top, bottom, start, end, count, gap, aside)
    if made.column < _NARROWEST or height - top - bottom < _SMALLEST / 2:
        raise ValueError(
            f"leaves columns of {made.column:.0f} mm on a type area "
            f"{height - top - bottom:.0f} mm high; use fewer columns or smaller margins"
        )
    return made
