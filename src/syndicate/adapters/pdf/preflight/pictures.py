"""Pictures: in the press's inks, sharp enough at their printed size, with ink that dries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.preflight.colour import is_rgb
from syndicate.adapters.pdf.preflight.fault import Expected, Fault
from syndicate.adapters.pdf.preflight.scan import Placed, Scanned

# Ink is measured on squares of this many pixels: presses dry areas, not single dots.
_SQUARE = 4
# What rounding to 8 bits and JPEG may add, in per cent of one ink.
_NOISE = 5
# A picture of fewer pixels is drawn, such as a QR code's modules: it has no resolution.
_DRAWN = 200


def faults(seen: Scanned, number: int, expected: Expected) -> Iterator[Fault]:
    """The faults in the pictures of one page."""
    for picture in seen.pictures:
        image = picture.image
        if expected.press and is_rgb(image.get("/ColorSpace"), {}):
            yield Fault("pdf/rgb-picture", f"picture {picture.name} is in RGB", number)
        if bool(image.get("/Interpolate", False)):
            yield Fault("pdf/interpolate", f"picture {picture.name} is interpolated", number)
        if "/Alternates" in image or "/OPI" in image:
            yield Fault("pdf/external", f"picture {picture.name} has an alternate", number)
        yield from _resolution(picture, number, expected.resolution)
        if expected.press and str(image.get("/ColorSpace", "")) == "/DeviceCMYK":
            ink = most_ink(image)
            if ink > expected.ink + _NOISE:
                message = (
                    f"picture {picture.name} takes {ink} % of ink, {expected.ink} % is allowed"
                )
                yield Fault("pdf/ink-limit", message, number)


def _resolution(picture: Placed, number: int, least: int) -> Iterator[Fault]:
    width, height = int(picture.image.Width), int(picture.image.Height)
    if min(width, height) < _DRAWN and str(picture.image.get("/ColorSpace", "")) == "/DeviceGray":
        return
    across = min(
        pixels * 72 / points
        for pixels, points in ((width, picture.width), (height, picture.height))
        if points > 0
    )
    if across < least:
        message = f"picture {picture.name} has {across:.0f} pixels an inch, {least} are wanted"
        yield Fault("pdf/low-resolution", message, number, "warning")


def most_ink(image: Any) -> int:
    """The most ink on any square of a CMYK picture, in per cent of one ink's full tone."""
    import pikepdf
    from PIL import ImageChops

    cyan, magenta, yellow, black = pikepdf.PdfImage(image).as_pil_image().reduce(_SQUARE).split()
    # Each sum is halved, so that it fits into 8 bits.
    pairs = ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2)
    histogram = ImageChops.add(*pairs, 2).histogram()
    return round(max(value for value, count in enumerate(histogram) if count) * 400 / 255)
