"""The brand's colours for the screen and for the press."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFilter import Color3DLUT

_GRID = 33
_DECLARED = re.compile(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\b")
# Text and rules use only black ink, so that misregistration cannot give small type coloured edges.
_INKS: dict[str, tuple[float, ...]] = {
    "ink": (0, 0, 0, 1),
    "muted": (0, 0, 0, 0.72),
    "rule": (0, 0, 0, 0.25),
    "tint": (0.02, 0.04, 0.08, 0),
    "paper": (0, 0, 0, 0),
}


def print_colours(css: bytes, accent: str) -> dict[str, str]:
    """The colours declared in `css` (`brand.css`), with the publication's own `accent`."""
    return {**dict(_DECLARED.findall(css.decode())), "accent": accent}


def press_colours(colours: Mapping[str, str], profile: bytes) -> dict[str, str]:
    """`colours` (sRGB `#rrggbb`) as CSS `device-cmyk()` values.

    Named house colours have fixed inks, greys use only black, and any other colour is converted
    with the ICC `profile`.
    """
    return {
        name: _device_cmyk(_INKS.get(name) or _separated(colour, profile))
        for name, colour in colours.items()
        if not name.startswith("dark")
    }


def _device_cmyk(inks: tuple[float, ...]) -> str:
    return f"device-cmyk({' '.join(f'{ink:.2f}' for ink in inks)})"


def _separated(colour: str, profile: bytes) -> tuple[float, ...]:
    from PIL import Image, ImageColor

    red, green, blue = ImageColor.getrgb(colour)[:3]
    if red == green == blue:
        return (0, 0, 0, 1 - red / 255)
    pixel = Image.new("RGB", (1, 1), (red, green, blue))
    return tuple(ink / 255 for ink in separate_inks(pixel, profile, 400).tobytes())


def separate_inks(image: Image, profile: bytes, limit: int) -> Image:
    """An RGB `image` (sRGB) in CMYK, relative colorimetric with black point compensation.

    Where the inks add up to more than `limit` per cent, the colours are reduced and black is kept.
    """
    return image.filter(_table(profile, limit))


@lru_cache(maxsize=4)
def _table(profile: bytes, limit: int) -> Color3DLUT:
    """The separations of a grid of colours; Pillow interpolates between them."""
    from PIL import Image, ImageCms
    from PIL.ImageFilter import Color3DLUT

    steps = [round(step * 255 / (_GRID - 1)) for step in range(_GRID)]
    grid = Image.new("RGB", (_GRID, _GRID * _GRID))
    grid.putdata([(red, green, blue) for blue in steps for green in steps for red in steps])
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    inks = ImageCms.applyTransform(grid, transform)
    assert inks is not None
    raw = inks.tobytes()
    nodes = [_limited(raw[n : n + 4], limit * 2.55) for n in range(0, len(raw), 4)]
    return Color3DLUT(_GRID, nodes, channels=4, target_mode="CMYK")


def _limited(inks: bytes, most: float) -> tuple[float, float, float, float]:
    cyan, magenta, yellow, black = inks
    colours = cyan + magenta + yellow
    share = min(1.0, (most - black) / colours) / 255 if colours else 0
    return cyan * share, magenta * share, yellow * share, black / 255
