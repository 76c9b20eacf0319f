"""Scans a page once for what it paints: colours, pictures and glyphs."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot
from sys import byteorder
from typing import Any, NamedTuple

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1, 0, 0, 1, 0, 0)
_DEPTH = 12
_HEX = re.compile(r"<([0-9a-fA-F]*)>")
_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_STROKES = frozenset({"S", "s", "B", "B*", "b", "b*"})
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_COLOURS = frozenset("g G rg RG k K cs CS sc SC scn SCN".split())  # noqa: SIM905
_SHOWN = _FILLS | _STROKES | _SHOWS | {"sh", "INLINE IMAGE"}
# The operators to parse. Left out are paths, text positions and line styles, which neither show
# anything nor change how it is shown.
_READ = " ".join(_COLOURS | _FILLS | _STROKES | _SHOWS) + " q Q cm BMC BDC EMC Tf gs Do sh BI ID EI"


class PagePaint(NamedTuple):
    """A colour: its space (a PDF name or array), its components, and whether text is set in it."""

    space: Any
    components: tuple[float, ...]
    text: bool = False
    name: str = ""


@dataclass(frozen=True)
class PlacedPicture:
    """A picture on the page; `width` and `height` are in points."""

    name: str
    image: Any
    width: float
    height: float


@dataclass
class ScannedPage:
    """What one page contains, including its form XObjects."""

    paints: dict[tuple[object, ...], PagePaint] = field(default_factory=dict)
    pictures: list[PlacedPicture] = field(default_factory=list)
    states: list[Any] = field(default_factory=list)
    forms: list[tuple[str, Any]] = field(default_factory=list)
    fonts: dict[str, Any] = field(default_factory=dict)
    glyphs: dict[str, set[int]] = field(default_factory=dict)
    marked: list[int] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)


class _State(NamedTuple):
    matrix: Matrix = _UNIT
    fill: PagePaint = PagePaint("/DeviceGray", (0,))
    stroke: PagePaint = PagePaint("/DeviceGray", (0,))
    font: str = ""


def scan_page(page: Any) -> ScannedPage:
    """The content of the pikepdf `page`."""
    seen = ScannedPage()
    _StreamReader(seen, page.Resources, depth=0).read(page, _State(), marked=0)
    return seen


class _StreamReader:
    """Reads one content stream; each form is read by a reader of its own."""

    def __init__(self, seen: ScannedPage, resources: Any, depth: int) -> None:
        self.seen, self.resources, self.depth = seen, resources, depth
        self.known: set[str] = set()

    def read(self, stream: Any, state: _State, marked: int) -> None:
        import pikepdf

        waiting: list[_State] = []
        for instruction in pikepdf.parse_content_stream(stream, _READ):
            operands, name = list(instruction.operands), str(instruction.operator)
            match name:
                case "EMC":
                    marked -= 1
                case "q":
                    waiting.append(state)
                case "Q":
                    state = waiting.pop() if waiting else state
                case "cm":
                    state = state._replace(matrix=_times(_matrix(operands), state.matrix))
                case "BMC" | "BDC":
                    marked += 1
                    self._mark(operands)
                case "Tf":
                    state = state._replace(font=self._font(str(operands[0])))
                case "gs":
                    self._set(str(operands[0]))
                case "Do":
                    self._do(str(operands[0]), state, marked)
                case "INLINE IMAGE":
                    self._paint(PagePaint(operands[0].colorspace, (), name="inline"))
                case "sh":
                    self._paint(PagePaint(self.resources.Shading[str(operands[0])].ColorSpace, ()))
                case _ if name in _COLOURS:
                    state = self._coloured(name, operands, state)
                case _:
                    self._shown(name, operands, state)
            if marked <= 0 and name in _SHOWN:
                self.seen.unmarked.append(name)

    def _coloured(self, name: str, operands: Sequence[Any], state: _State) -> _State:
        lower = name.lower()
        if lower in _DEVICE:
            paint = PagePaint(_DEVICE[lower], tuple(float(operand) for operand in operands))
        elif lower == "cs":
            space = str(operands[0])
            paint = PagePaint(
                self.resources.get("/ColorSpace", {}).get(space, space), (), name=space
            )
        else:
            before = state.fill if name == lower else state.stroke
            paint = before._replace(components=tuple(float(o) for o in operands if _number(o)))
            if operands and not _number(operands[-1]):
                self._pattern(str(operands[-1]))
        return state._replace(fill=paint) if name == lower else state._replace(stroke=paint)

    def _pattern(self, name: str) -> None:
        pattern = self.resources.get("/Pattern", {}).get(name, {})
        if "/Shading" in pattern:
            self._paint(PagePaint(pattern.Shading.ColorSpace, (), name=name))

    def _shown(self, name: str, operands: Sequence[Any], state: _State) -> None:
        if name in _SHOWS:
            self._paint(state.fill._replace(text=True))
            self.seen.glyphs.setdefault(state.font, set()).update(_codes(operands))
        if name in _FILLS:
            self._paint(state.fill)
        if name in _STROKES:
            self._paint(state.stroke)

    def _paint(self, paint: PagePaint) -> None:
        space = paint.space if isinstance(paint.space, str) else f"{self.depth}{paint.name}"
        self.seen.paints.setdefault((space, paint.components, paint.text), paint)

    def _mark(self, operands: Sequence[Any]) -> None:
        import pikepdf

        if isinstance(operands[-1], pikepdf.Dictionary) and "/MCID" in operands[-1]:
            self.seen.marked.append(int(operands[-1].MCID))

    def _set(self, name: str) -> None:
        if name not in self.known:
            self.known.add(name)
            self.seen.states.append(self.resources.ExtGState[name])

    def _font(self, name: str) -> str:
        if name not in self.known:
            self.known.add(name)
            self.seen.fonts[name] = self.resources.Font[name]
        return name

    def _do(self, name: str, state: _State, marked: int) -> None:
        thing = self.resources.XObject[name]
        if thing.get("/Subtype") == "/Image":
            a, b, c, d, _, _ = state.matrix
            self.seen.pictures.append(PlacedPicture(name[1:], thing, hypot(a, b), hypot(c, d)))
            if marked <= 0:
                self.seen.unmarked.append(f"picture {name[1:]}")
            return
        self.seen.forms.append((name[1:], thing))
        if thing.get("/Subtype") == "/Form" and self.depth < _DEPTH:
            inner = _times(_matrix(thing.get("/Matrix", _UNIT)), state.matrix)
            reader = _StreamReader(
                self.seen, thing.get("/Resources", self.resources), self.depth + 1
            )
            reader.read(thing, state._replace(matrix=inner), marked)


def _times(first: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = other
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(operand) for operand in operands)
    return (a, b, c, d, e, f)


def _number(operand: Any) -> bool:
    from decimal import Decimal

    return isinstance(operand, int | float | Decimal)


def _codes(operands: Sequence[Any]) -> set[int]:
    """The two-byte codes (Identity-H) in the operands of a text operator."""
    import pikepdf

    shown = operands[-1]
    written = shown.unparse()
    if b"(" in written:
        parts = [shown] if isinstance(shown, pikepdf.String) else list(shown)
        raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    else:  # all hexadecimal, as WeasyPrint writes it: no need to make an object for each piece
        raw = bytes.fromhex("".join(_HEX.findall(written.decode())))
    codes = array("H", raw[: len(raw) // 2 * 2])
    if byteorder == "little":
        codes.byteswap()
    return set(codes)
