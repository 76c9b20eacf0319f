"""Preflight: what a printer and a screen reader need of a PDF, checked before it leaves.

No free PDF/X validator exists, so the rules of ISO 15930-7 (PDF/X-4) that our pages could break
stand here, with those of ISO 14289-1 (PDF/UA-1) and ISO 19005-2 (PDF/A-2a) that go with them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from syndicate.adapters.print.paper import POINTS_A_MM
from syndicate.adapters.print.typeset import Profile
from syndicate.errors import RenderError

_PAINTING = "rg RG cs CS sh Do"
_RGB = {"/DeviceRGB", "/CalRGB", "/Lab"}
_STANDARD_TOLERANCE = 0.05  # points


def preflight(content: bytes, profile: Profile, bleed: float = 0) -> None:
    """Check the PDF `content`; `bleed` is what each page must hold, in millimetres.

    Raises:
        RenderError: it is not fit for its `profile`; the message names each page and fault.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        faults = [*_document(pdf), *_tags(pdf)]
        if profile == "press":
            faults += _intents(pdf)
        for number, page in enumerate(pdf.pages, 1):
            found = [*_fonts(page)]
            if profile == "press":
                found += [*_boxes(page, bleed), *_colour(page)]
            faults += [f"page {number}: {fault}" for fault in dict.fromkeys(found)]
    if faults:
        shown = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if faults[5:] else "")
        raise RenderError(
            f"the PDF is not fit for {profile}: {shown}",
            hint="look at colours, faces and pictures in templates/pdf/",
        )


def _document(pdf: Any) -> Iterator[str]:
    root = pdf.Root
    if pdf.is_encrypted:
        yield "it is encrypted"
    if not str(root.get("/Lang", "")):
        yield "it names no language"
    if not str(pdf.docinfo.get("/Title", "")):
        yield "it has no title"
    if "/Metadata" not in root:
        yield "it has no XMP metadata"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "its title is not set to be displayed"
    if "/OpenAction" in root or "/JavaScript" in root.get("/Names", {}):
        yield "it runs scripts"


def _intents(pdf: Any) -> Iterator[str]:
    intents = {str(intent.S): intent for intent in pdf.Root.get("/OutputIntents", [])}
    for kind in ("/GTS_PDFX", "/GTS_PDFA1"):
        intent = intents.get(kind)
        if intent is None:
            yield f"it has no output intent {kind[1:]}"
        elif int(intent.DestOutputProfile.get("/N", 0)) != 4:
            yield f"the profile of its output intent {kind[1:]} is not CMYK"


def _tags(pdf: Any) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked", False):
        yield "it is not tagged"
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        yield "it has no structure tree"
        return
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    for element in _elements(root):
        if element.get("/S") == "/Figure" and not str(element.get("/Alt", "")):
            page = element.get("/Pg")
            where = f"page {numbers.get(page.objgen, '?')}" if page is not None else "somewhere"
            yield f"{where}: a picture has no description"


def _elements(root: Any) -> Iterator[Any]:
    import pikepdf

    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        kids = element.get("/K", [])
        kids = [kids] if isinstance(kids, pikepdf.Dictionary) else kids
        if isinstance(kids, (list, pikepdf.Array)):
            waiting += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]


def _fonts(page: Any) -> Iterator[str]:
    for name, font in page.Resources.get("/Font", {}).items():
        descriptor = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
        embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        if not embedded and font.get("/Subtype") != "/Type3":
            yield f"font {str(font.get('/BaseFont', name))[1:]} is not embedded"


def _boxes(page: Any, bleed: float) -> Iterator[str]:
    boxes = {name: _box(page, f"/{name}") for name in ("MediaBox", "BleedBox", "TrimBox")}
    for name, box in boxes.items():
        if box is None:
            yield f"it has no {name}"
            return
    media, bled, trim = boxes.values()
    assert media and bled and trim
    room = bleed * POINTS_A_MM - _STANDARD_TOLERANCE
    if not _within(trim, bled, room):
        yield f"its bleed is less than {bleed:g} mm"
    if not _within(bled, media, -_STANDARD_TOLERANCE):
        yield "its BleedBox reaches out of its MediaBox"
    if "/Annots" in page:
        yield "it has annotations"


def _box(page: Any, name: str) -> tuple[float, ...] | None:
    return tuple(float(side) for side in page.obj[name]) if name in page.obj else None


def _within(inner: tuple[float, ...], outer: tuple[float, ...], room: float) -> bool:
    return (
        inner[0] - outer[0] >= room
        and inner[1] - outer[1] >= room
        and outer[2] - inner[2] >= room
        and outer[3] - inner[3] >= room
    )


def _colour(page: Any) -> Iterator[str]:
    import pikepdf

    yield from _painted(page, page.Resources, pikepdf)
    seen: set[tuple[int, int]] = set()
    waiting = [page.Resources]
    while waiting:
        resources = waiting.pop()
        for name, thing in resources.get("/XObject", {}).items():
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
            if thing.Subtype == "/Image" and _is_rgb(thing.get("/ColorSpace"), resources):
                yield f"picture {name[1:]} is in RGB"
            if thing.Subtype == "/Form":
                yield from _painted(thing, thing.get("/Resources", resources), pikepdf)
                if "/Resources" in thing:
                    waiting.append(thing.Resources)


def _painted(stream: Any, resources: Any, pikepdf: Any) -> Iterator[str]:
    for operands, operator in pikepdf.parse_content_stream(stream, _PAINTING):
        match str(operator):
            case "rg" | "RG":
                yield f"it paints in RGB ({' '.join(str(one) for one in operands)})"
            case "cs" | "CS" if _is_rgb(operands[0], resources):
                yield f"it paints in {str(operands[0])[1:]}"


def _is_rgb(space: Any, resources: Any) -> bool:
    import pikepdf

    if isinstance(space, pikepdf.Name):
        named = resources.get("/ColorSpace", {}).get(str(space))
        return str(space) in _RGB or (named is not None and _is_rgb(named, resources))
    if isinstance(space, pikepdf.Array) and len(space) > 1:
        kind = str(space[0])
        if kind == "/ICCBased":
            return int(space[1].get("/N", 0)) == 3
        return kind in _RGB or (kind == "/Indexed" and _is_rgb(space[1], resources))
    return False
