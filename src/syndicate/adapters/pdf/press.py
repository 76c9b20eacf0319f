"""Adds what WeasyPrint's PDF lacks for the press: boxes, marks and output intents (PDF/X-4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from syndicate.adapters.pdf.paper import POINTS_A_MM
from syndicate.errors import RenderError

REGISTRY = "http://www.color.org"
SLUG = 10.0
"""The space for marks around the trimmed page, in millimetres."""
_MARK = 5.0  # mm long
_REGISTRATION = 2.2  # mm, radius


@dataclass(frozen=True)
class PressCondition:
    """How the page will be printed: a characterised printing condition and its ICC profile.

    `name` is the condition's name in the ICC registry, such as FOGRA39.
    """

    name: str
    icc: bytes

    def __post_init__(self) -> None:
        """Check that the profile is a CMYK output profile (ICC.1:2010, 7.2).

        Raises:
            RenderError: it is not.
        """
        if self.icc[36:40] != b"acsp" or self.icc[12:20] != b"prtrCMYK":
            raise RenderError(
                "the ICC profile for the press is not a CMYK output profile",
                hint="set `icc` in the channel's file to a CMYK profile below templates/",
            )

    @property
    def description(self) -> str:
        """The profile's own description, or the name of the condition."""
        (count,) = struct.unpack(">I", self.icc[128:132])
        for number in range(count):
            tag, start, _ = struct.unpack(">4sII", self.icc[132 + 12 * number : 144 + 12 * number])
            if tag == b"desc" and self.icc[start : start + 4] == b"desc":
                (length,) = struct.unpack(">I", self.icc[start + 8 : start + 12])
                text = self.icc[start + 12 : start + 12 + length]
                return text.rstrip(b"\0").decode("ascii", "replace")
        return self.name


def prepare_for_press(pdf: Any, bleed: float, marks: bool, condition: PressCondition) -> None:
    """Give each page of the pikepdf `pdf` its boxes and, if asked for, its marks.

    Args:
        pdf: an open pikepdf document with a TrimBox on each page.
        bleed: millimetres that colour runs beyond the trimmed page.
        marks: whether crop and registration marks are drawn, outside the bleed.
        condition: the printing condition for the output intents.
    """
    all_inks = _all_inks(pdf) if marks else None
    for page in pdf.pages:
        trim = tuple(float(side) for side in page.TrimBox)
        bled = _grown(trim, bleed)
        media = _grown(trim, max(SLUG, bleed + _MARK + 1)) if marks else bled
        page.BleedBox, page.MediaBox = _array(bled), _array(media)
        for name in ("/Annots", "/CropBox", "/ArtBox"):
            if name in page:
                del page[name]
        left, bottom, right, top = bled
        clip = f"q {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re W n\n"
        page.contents_add(clip.encode(), prepend=True)
        page.contents_add(b"\nQ\n")
        if all_inks is not None:
            page.Resources.ColorSpace["/AllInks"] = all_inks
            page.contents_add(_marks(trim, bleed).encode())
    _set_intents(pdf, condition)


def _grown(box: tuple[float, ...], millimetres: float) -> tuple[float, float, float, float]:
    points = millimetres * POINTS_A_MM
    left, bottom, right, top = box
    return left - points, bottom - points, right + points, top + points


def _array(box: tuple[float, ...]) -> Any:
    import pikepdf

    return pikepdf.Array([round(side, 3) for side in box])


def _all_inks(pdf: Any) -> Any:
    """The colour that prints on every plate (ISO 32000-1, 8.6.6.4)."""
    from pikepdf import Array, Dictionary, Name

    tint = Dictionary(
        FunctionType=2, Domain=[0, 1], N=1, C0=Array([0, 0, 0, 0]), C1=Array([1, 1, 1, 1])
    )
    space = Array([Name.Separation, Name.All, Name.DeviceCMYK, tint])
    return pdf.make_indirect(space)


def _marks(trim: tuple[float, ...], bleed: float) -> str:
    """Crop marks at the corners and a registration target on each side, as a PDF artifact."""
    left, bottom, right, top = trim
    near = (max(bleed, 2) + 1) * POINTS_A_MM
    far = near + _MARK * POINTS_A_MM
    lines = []
    for x, out in ((left, -1), (right, 1)):
        for y, up in ((bottom, -1), (top, 1)):
            lines.append((x + out * near, y, x + out * far, y))
            lines.append((x, y + up * near, x, y + up * far))
    radius = _REGISTRATION * POINTS_A_MM
    centre = near + radius
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    targets = (
        (middle_x, bottom - centre),
        (middle_x, top + centre),
        (left - centre, middle_y),
        (right + centre, middle_y),
    )
    circles = []
    for x, y in targets:
        lines += [(x - radius, y, x + radius, y), (x, y - radius, x, y + radius)]
        circles.append(_circle(x, y, radius * 0.6))
    strokes = "\n".join(f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l" for a, b, c, d in lines)
    return f"/Artifact BMC q /AllInks CS 1 SCN 0.25 w\n{strokes}\n{''.join(circles)}S Q EMC\n"


def _circle(x: float, y: float, radius: float) -> str:
    handle = radius * 0.5523
    return (
        f"{x + radius:.3f} {y:.3f} m "
        f"{x + radius:.3f} {y + handle:.3f} {x + handle:.3f} {y + radius:.3f} "
        f"{x:.3f} {y + radius:.3f} c "
        f"{x - handle:.3f} {y + radius:.3f} {x - radius:.3f} {y + handle:.3f} "
        f"{x - radius:.3f} {y:.3f} c "
        f"{x - radius:.3f} {y - handle:.3f} {x - handle:.3f} {y - radius:.3f} "
        f"{x:.3f} {y - radius:.3f} c "
        f"{x + handle:.3f} {y - radius:.3f} {x + radius:.3f} {y - handle:.3f} "
        f"{x + radius:.3f} {y:.3f} c\n"
    )


def _set_intents(pdf: Any, condition: PressCondition) -> None:
    """Set the output intents for PDF/X and PDF/A, both with the same profile."""
    from pikepdf import Array, Dictionary, Name, Stream

    profile = pdf.make_indirect(Stream(pdf, condition.icc, N=4))
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=kind,
                OutputConditionIdentifier=condition.name,
                OutputCondition=condition.description,
                Info=condition.description,
                RegistryName=REGISTRY,
                DestOutputProfile=profile,
            )
            for kind in (Name.GTS_PDFX, Name.GTS_PDFA1)
        ]
    )
