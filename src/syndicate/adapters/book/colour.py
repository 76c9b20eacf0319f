"""Colours that can be read on their ground (WCAG 2.2)."""

from __future__ import annotations

RGB = tuple[int, int, int]


def rgb(colour: str) -> RGB:
    """`#rrggbb` as three numbers up to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def legible(colour: str, ground: str, ratio: float = 4.5) -> str:
    """`colour` (`#rrggbb`), moved away from `ground` until their contrast reaches `ratio`."""
    far = 255 if _luminance(rgb(ground)) < 0.18 else 0
    start, paper = rgb(colour), rgb(ground)
    for step in range(21):
        red, green, blue = (round(part + (far - part) * step / 20) for part in start)
        if contrast((red, green, blue), paper) >= ratio:
            break
    return f"#{red:02x}{green:02x}{blue:02x}"


def _luminance(colour: RGB) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
