"""A page's boxes, annotations and transparency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.paper import POINTS_A_MM
from syndicate.adapters.pdf.preflight.fault import Expected, Fault

_TOLERANCE = 0.05  # points
_PRINTED = 4  # bit 3 of an annotation's flags: ISO 32000-1, table 165
_HIDDEN = 1 | 2 | 32  # invisible, hidden, no view

Box = tuple[float, float, float, float]


def check_page(page: Any, number: int, expected: Expected) -> Iterator[Fault]:
    """Faults of the pikepdf `page`; its `number` counts from 1."""
    if "/AA" in page:
        yield Fault("pdf/action", "the page runs actions", number)
    if expected.press:
        yield from _boxes(page, number, expected.bleed)
        if "/Annots" in page:
            yield Fault("pdf/annotation", "a page for the press has annotations", number)
        if str(page.get("/Group", {}).get("/CS", "/DeviceCMYK")) != "/DeviceCMYK":
            yield Fault(
                "pdf/blending", "transparency is not blended in the CMYK colour space", number
            )
        return
    for note in page.get("/Annots", []):
        yield from _annotation(note, number)
    if page.get("/Annots") and page.get("/Tabs") != "/S":
        message = "the Tab key does not go through the links in reading order"
        yield Fault("pdf/tab-order", message, number)


def _boxes(page: Any, number: int, bleed: float) -> Iterator[Fault]:
    """Faults of the page boxes (ISO 15930-7, 6.13).

    The TrimBox must be inside the BleedBox, the BleedBox inside the MediaBox, and there must be no
    ArtBox.
    """
    boxes = {name: _box(page, f"/{name}") for name in ("MediaBox", "BleedBox", "TrimBox")}
    lacking = [name for name, box in boxes.items() if box is None]
    if lacking:
        yield Fault("pdf/no-box", f"the page has no {' or '.join(lacking)}", number)
        return
    media, bled, trim = (box for box in boxes.values() if box)
    if "/ArtBox" in page:
        yield Fault("pdf/art-box", "the page has an ArtBox in addition to its TrimBox", number)
    if not _within(trim, bled, bleed * POINTS_A_MM):
        yield Fault("pdf/bleed", f"the bleed is less than {bleed:g} mm", number)
    if not _within(bled, media, 0):
        yield Fault("pdf/boxes-nested", "the BleedBox extends outside the MediaBox", number)
    crop = _box(page, "/CropBox")
    if crop and not _within(bled, crop, 0):
        yield Fault("pdf/crop-box", "the CropBox cuts into the bleed", number)


def _box(page: Any, name: str) -> Box | None:
    if name not in page.obj:
        return None
    left, bottom, right, top = (float(side) for side in page.obj[name])
    return left, bottom, right, top


def _within(inner: Box, outer: Box, room: float) -> bool:
    room -= _TOLERANCE
    return (
        inner[0] - outer[0] >= room
        and inner[1] - outer[1] >= room
        and outer[2] - inner[2] >= room
        and outer[3] - inner[3] >= room
    )


def _annotation(note: Any, number: int) -> Iterator[Fault]:
    """Faults of an annotation (ISO 14289-1, 7.18 and ISO 19005-3, 6.3)."""
    what = str(note.get("/Subtype", ""))[1:]
    flags = int(note.get("/F", 0))
    if not flags & _PRINTED or flags & _HIDDEN:
        yield Fault("pdf/annotation-hidden", f"a {what} is not printed", number)
    if what == "Link" and not str(note.get("/Contents", "")):
        yield Fault("pdf/link-text", "a link does not say where it leads", number)
    if "/StructParent" not in note:
        yield Fault("pdf/annotation-untagged", f"a {what} is not tagged", number)
    if str(note.get("/A", {}).get("/S", "/URI")) not in ("/URI", "/GoTo"):
        yield Fault("pdf/action", f"a {what} runs an action", number)
