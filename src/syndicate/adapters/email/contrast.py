"""Checks that all text of a mail is legible: its colour against its background."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from syndicate.adapters.email.palette import READABLE, mail_contrast

Scheme = Literal["light", "dark"]
_DECLARATION = re.compile(r"(?:^|;)\s*(color|background-color|background|display)\s*:\s*([^;]+)")
_HEX = re.compile(r"#(?:[0-9a-f]{3}){1,2}\b")
_NAMES = {"white": "#ffffff", "black": "#000000"}
_NIGHT = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")


def illegible_in_mail(html: str, scheme: Scheme) -> Iterator[tuple[str, float]]:
    """Each text of `html` that is hard to read in `scheme`, with its contrast ratio.

    Colours are taken from the elements and, for the dark scheme, from its media query.
    """
    from lxml.html import document_fromstring

    if scheme == "dark":
        import css_inline

        night = "".join(_NIGHT.findall(html))
        if not night:
            return
        inliner = css_inline.CSSInliner(
            inline_style_tags=False, extra_css=night, load_remote_stylesheets=False
        )
        html = inliner.inline(html)
    yield from _illegible_texts(document_fromstring(html).find("body"), "#000000", "#ffffff")


def _illegible_texts(element: Any, ink: str, ground: str) -> Iterator[tuple[str, float]]:
    """The illegible texts in `element`, whose inherited colours are `ink` on `ground`."""
    styles: dict[str, str] = dict(_DECLARATION.findall(element.get("style", "").lower()))
    if styles.get("display", "").startswith("none"):
        return
    ink = _colour(styles.get("color", ""), ink)
    ground = _colour(element.get("bgcolor", ""), ground)
    ground = _colour(styles.get("background-color", styles.get("background", "")), ground)
    texts = [element.text, *(child.tail for child in element)]
    words = " ".join(text.strip("\u200b \n") for text in texts if text).strip()
    ratio = mail_contrast(ink, ground)
    if words and ratio < READABLE:
        yield words, ratio
    for child in element:
        if isinstance(child.tag, str):
            yield from _illegible_texts(child, ink, ground)


def _colour(value: str, before: str) -> str:
    """The colour in the CSS `value`, or `before` if there is none that we understand."""
    found = _HEX.search(_NAMES.get(value.strip(), value))
    if not found:
        return before
    digits = found[0].removeprefix("#")
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
