"""Inks: no RGB, no more ink than the paper takes, and black text in black ink only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.preflight.fault import Expected, Fault
from syndicate.adapters.pdf.preflight.scan import PagePaint, ScannedPage

_RGB = frozenset({"/DeviceRGB", "/CalRGB", "/CalGray", "/Lab", "/RGB"})
_BLACK = 0.9


def check_colour(page: Any, seen: ScannedPage, number: int, expected: Expected) -> Iterator[Fault]:
    """Faults in the colours of a page for the press."""
    for paint in seen.paints.values():
        shown = " ".join(f"{component:g}" for component in paint.components) or paint.name
        what = "text" if paint.text else "an area or a line"
        if is_rgb_space(paint.space, page.Resources):
            yield Fault("pdf/rgb-paint", f"{what} is painted in RGB ({shown})", number)
            continue
        inks = _inks(paint)
        if sum(inks) * 100 > expected.ink + 0.5:
            message = f"{what} has {sum(inks):.0%} of ink ({shown}); {expected.ink} % is allowed"
            yield Fault("pdf/ink-limit", message, number)
        if paint.text and len(inks) == 4 and inks[3] >= _BLACK and any(inks[:3]):
            yield Fault("pdf/rich-black", f"black text is set in four inks ({shown})", number)
    for state in seen.states:
        yield from _state(state, number)
    for name, form in seen.forms:
        if form.get("/Subtype") == "/PS" or "/PS" in form:
            yield Fault("pdf/postscript", f"{name} is PostScript", number)
        if "/OPI" in form or "/Ref" in form:
            yield Fault("pdf/external", f"{name} refers to something outside the file", number)


def _state(state: Any, number: int) -> Iterator[Fault]:
    """Settings that change tones or hide inks (ISO 15930-7, 6.6 and ISO 19005-2, 6.2.5)."""
    if "/TR" in state or str(state.get("/TR2", "/Default")) != "/Default" or "/HTP" in state:
        yield Fault("pdf/transfer", "a transfer function changes the tones", number)
    if bool(state.get("/OP", False)) or bool(state.get("/op", False)):
        yield Fault("pdf/overprint", "something is set to overprint", number)


def _inks(paint: PagePaint) -> tuple[float, ...]:
    """The share of each ink from 0 to 1; () in other colour spaces.

    One of these is the separation to all inks, which is meant to print on every plate.
    """
    space = paint.space
    kind = str(space) if not hasattr(space, "keys") and not _is_array(space) else str(space[0])
    if kind in ("/DeviceCMYK", "/device-cmyk", "/ICCBased") and len(paint.components) == 4:
        return paint.components
    if kind == "/DeviceGray" and paint.components:
        return (0, 0, 0, 1 - paint.components[0])
    return ()


def is_rgb_space(space: Any, resources: Any) -> bool:
    """Whether a PDF colour space, or the one it is based on, is RGB or Lab."""
    if space is None:
        return False
    if _is_array(space):
        kind = str(space[0]) if len(space) else ""
        if kind == "/ICCBased":
            return int(space[1].get("/N", 0)) == 3
        if kind in ("/Indexed", "/Pattern") and len(space) > 1:
            return is_rgb_space(space[1], resources)
        if kind in ("/Separation", "/DeviceN") and len(space) > 2:
            return is_rgb_space(space[2], resources)
        return kind in _RGB
    named = resources.get("/ColorSpace", {}).get(str(space))
    return str(space) in _RGB or (named is not None and is_rgb_space(named, {}))


def _is_array(space: Any) -> bool:
    import pikepdf

    return isinstance(space, pikepdf.Array)
