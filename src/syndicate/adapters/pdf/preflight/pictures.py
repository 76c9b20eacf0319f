"""Pictures: in CMYK for the press, sharp at their printed size, without too much ink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.preflight.colour import is_rgb_space
from syndicate.adapters.pdf.preflight.fault import Expected, Fault
from syndicate.adapters.pdf.preflight.scan import PlacedPicture, ScannedPage

# Ink is averaged over squares with this many pixels a side: single pixels do not matter for drying.
_SQUARE = 4
# The ink, in per cent of one ink's full tone, that rounding to 8 bits and JPEG may add.
_NOISE = 5
# A grey picture with fewer pixels a side is a drawing such as a QR code, always sharp enough.
_DRAWN = 200


def check_pictures(seen: ScannedPage, number: int, expected: Expected) -> Iterator[Fault]:
    """Faults in the pictures of one page."""
    for picture in seen.pictures:
        image = picture.image
        if expected.press and is_rgb_space(image.get("/ColorSpace"), {}):
            yield Fault("pdf/rgb-picture", f"picture {picture.name} is in RGB", number)
        if bool(image.get("/Interpolate", False)):
            yield Fault("pdf/interpolate", f"picture {picture.name} is interpolated", number)
        if "/Alternates" in image or "/OPI" in image:
            yield Fault("pdf/external", f"picture {picture.name} has an alternate", number)
        yield from _resolution(picture, number, expected.resolution)
        if expected.press and str(image.get("/ColorSpace", "")) == "/DeviceCMYK":
            ink = most_ink(image)
            if ink > expected.ink + _NOISE:
                message = f"picture {picture.name} has {ink} % of ink; {expected.ink} % is allowed"
                yield Fault("pdf/ink-limit", message, number)


def _resolution(picture: PlacedPicture, number: int, least: int) -> Iterator[Fault]:
    width, height = int(picture.image.Width), int(picture.image.Height)
    if min(width, height) < _DRAWN and str(picture.image.get("/ColorSpace", "")) == "/DeviceGray":
        return
    across = min(
        pixels * 72 / points
        for pixels, points in ((width, picture.width), (height, picture.height))
        if points > 0
    )
    if across < least:
        message = (
            f"picture {picture.name} has {across:.0f} pixels per inch; "
            f"it should have at least {least}"
        )
        yield Fault("pdf/low-resolution", message, number, "warning")


def most_ink(image: Any) -> int:
    """The most ink in any square of a CMYK picture, in per cent of one ink's full tone."""
    import pikepdf
    from PIL import ImageChops

    cyan, magenta, yellow, black = pikepdf.PdfImage(image).as_pil_image().reduce(_SQUARE).split()
    # Each sum is halved, so that it fits into 8 bits.
    pairs = ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2)
    histogram = ImageChops.add(*pairs, 2).histogram()
    return round(max(value for value, count in enumerate(histogram) if count) * 400 / 255)
