"""The publication's colours for mail, legible in light and dark mode."""

from __future__ import annotations

import re

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
_NAMED = re.compile(r"--([a-z-]+):\s*([^;]+);")


def mail_palette(brand: str, accent: str) -> dict[str, str]:
    """The custom properties of `brand` (the text of `brand.css`) under Python names.

    `accent` (`#rrggbb`) replaces the brand's accent. The accents for light and dark mode are
    mixed with black or white until they are legible on both `paper` and `tint`.
    """
    colours = {
        name.replace("-", "_"): value.replace('"', "").strip()
        for name, value in _NAMED.findall(brand)
    }
    own = accent.lower() != colours["accent"].lower()
    day = (colours["paper"], colours["tint"])
    night = (colours["dark_paper"], colours["dark_tint"])
    colours["dark_accent"] = legible_mail_colour(
        accent if own else colours["dark_accent"], night, "#ffffff"
    )
    colours["accent"] = legible_mail_colour(accent, day, "#000000")
    return colours


def legible_mail_colour(colour: str, grounds: tuple[str, ...], towards: str) -> str:
    """`colour` with just enough of `towards` mixed in to be readable on all `grounds`."""
    for percent in range(0, 101, 2):
        mixed = _mix(colour, towards, percent)
        if all(mail_contrast(mixed, ground) >= READABLE for ground in grounds):
            return mixed
    return towards


def mail_contrast(colour: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    dark, light = sorted((_luminance(colour), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: str, other: str, percent: int) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent) // 100:02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))
