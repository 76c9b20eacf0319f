"""The brand's colours for the screen and for the press."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_DECLARED = re.compile(r"--([a-z-]+):\s*(#[0-9a-fA-F]{6})\b")
# Text and rules are printed with black alone: no misregistration, no coloured hair on small type.
_INKS: dict[str, tuple[float, ...]] = {
    "ink": (0, 0, 0, 1),
    "muted": (0, 0, 0, 0.72),
    "rule": (0, 0, 0, 0.25),
    "tint": (0.02, 0.04, 0.08, 0),
    "paper": (0, 0, 0, 0),
}


def brand(css: bytes, accent: str) -> dict[str, str]:
    """The colours that `css` (`brand.css`) declares on `:root`, with the publication's `accent`."""
    return {**dict(_DECLARED.findall(css.decode())), "accent": accent}


def for_press(colours: Mapping[str, str], profile: bytes) -> dict[str, str]:
    """`colours` (sRGB `#rrggbb`) as CSS `device-cmyk()`: the house's own inks by name, any other
    colour through the ICC `profile`."""
    return {
        name: _device_cmyk(_INKS.get(name) or _separated(colour, profile))
        for name, colour in colours.items()
        if not name.startswith("dark")
    }


def _device_cmyk(inks: tuple[float, ...]) -> str:
    return f"device-cmyk({' '.join(f'{ink:.2f}' for ink in inks)})"


def _separated(colour: str, profile: bytes) -> tuple[float, ...]:
    from PIL import Image, ImageColor

    pixel = Image.new("RGB", (1, 1), ImageColor.getrgb(colour)[:3])
    return tuple(ink / 255 for ink in separate(pixel, profile).tobytes())


def separate(image: Any, profile: bytes) -> Any:
    """A Pillow RGB `image` (sRGB) in CMYK, relative colorimetric with black point compensation."""
    from PIL import ImageCms

    return ImageCms.applyTransform(image, _transform(profile))


@lru_cache(maxsize=4)
def _transform(profile: bytes) -> Any:
    from PIL import ImageCms

    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
