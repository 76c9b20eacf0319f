"""Colours that are legible on their background (WCAG 2.2)."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls

# The day, sepia and night modes of reading apps.
_GROUNDS = ("#ffffff", "#f4ecd8", "#14161a", "#000000")
RGB = tuple[int, int, int]


def rgb(colour: str) -> RGB:
    """`#rrggbb` as three numbers from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(colour: RGB, other: RGB) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(colour), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def legible_colour(colour: str, ground: str, ratio: float = 4.5) -> str:
    """`colour` (`#rrggbb`), made darker or lighter until its contrast with `ground` is `ratio`."""
    far = 255 if _luminance(rgb(ground)) < 0.18 else 0
    start, paper = rgb(colour), rgb(ground)
    for step in range(21):
        red, green, blue = (round(part + (far - part) * step / 20) for part in start)
        if contrast((red, green, blue), paper) >= ratio:
            break
    return f"#{red:02x}{green:02x}{blue:02x}"


def visible_colour(colour: str) -> str:
    """`colour` (`#rrggbb`), made just light or dark enough to be seen on any page colour that
    reading apps use. The contrast is 3:1, which WCAG 2.2 section 1.4.11 asks of non-text content.
    """
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in rgb(colour)))
    grounds = [rgb(ground) for ground in _GROUNDS]
    found = colour
    for step in range(1, 200):
        if all(contrast(rgb(found), ground) >= 3 for ground in grounds):
            break
        away = step // 2 / 100 * (-1) ** step
        parts = hls_to_rgb(hue, min(1, max(0, lightness + away)), saturation)
        found = "#{:02x}{:02x}{:02x}".format(*(round(part * 255) for part in parts))
    return found


def _luminance(colour: RGB) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
