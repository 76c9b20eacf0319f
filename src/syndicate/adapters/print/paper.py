"""Sheets and measures: paper sizes, margins and columns, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Paper = Literal["A4", "A5", "Letter", "tabloid"]
Layout = Literal["broadsheet", "magazine", "report"]

SIZES: dict[Paper, tuple[float, float]] = {
    "A4": (210, 297),
    "A5": (148, 210),
    "Letter": (215.9, 279.4),
    "tabloid": (279.4, 431.8),
}
POINTS_A_MM = 72 / 25.4
_COLUMNS: dict[Layout, dict[Paper, int]] = {
    "broadsheet": {"A4": 3, "A5": 2, "Letter": 3, "tabloid": 4},
    "magazine": {"A4": 2, "A5": 1, "Letter": 2, "tabloid": 3},
    "report": {"A4": 1, "A5": 1, "Letter": 1, "tabloid": 2},
}


@dataclass(frozen=True)
class Sheet:
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
    """The outer column of a report, which holds captions and pull quotes."""

    @property
    def measure(self) -> float:
        """The width of the type area."""
        return self.width - self.start - self.end

    @property
    def column(self) -> float:
        """The width of one column."""
        return (self.measure - self.aside - self.gap * (self.columns - 1)) / self.columns


def sheet(paper: Paper, layout: Layout, columns: int | None = None) -> Sheet:
    """The page of a `layout` on `paper`; `columns` overrides the layout's own number."""
    width, height = SIZES[paper]
    unit = width / 210
    count = columns or _COLUMNS[layout][paper]
    if layout == "report" and paper != "A5":
        return Sheet(width, height, 25, 22, 22 * unit, 20 * unit, count, 6, aside=50 * unit)
    side = (18 if layout == "magazine" else 15) * unit
    return Sheet(width, height, 23, 20, side, side, count, 6.5 if layout == "magazine" else 6)
