"""The characters that a page's fonts can set, and the substitute for all others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from syndicate.kit import FontFace

SUBSTITUTE = "\N{BALLOT BOX}"
_MARKUP = regex.compile(r"(<[^>]*>)")
# White space, joiners, direction marks and variation selectors need no glyph.
_UNSEEN = regex.compile(r"[\s\p{Cf}\p{Variation_Selector}\N{NON-BREAKING HYPHEN}]")
_CLUSTER = regex.compile(r"\X")


def missing_glyphs(text: str, faces: tuple[FontFace, ...]) -> frozenset[str]:
    """The visible characters of `text` that none of `faces` has."""
    lacking = set(text) - glyphs_covered_by(faces)
    return frozenset(character for character in lacking if not _UNSEEN.match(character))


def boxes_for_missing_glyphs(html: str, faces: tuple[FontFace, ...]) -> str:
    """`html` with a box in place of each grapheme of its text that `faces` cannot set.

    A page with missing glyphs is neither legible nor valid PDF/A (ISO 19005-2, 6.2.11.8).
    """
    lacking = missing_glyphs(html, faces)
    return "".join(_replaced(html, lacking)) if lacking else html


def _replaced(html: str, lacking: frozenset[str]) -> Iterator[str]:
    for number, part in enumerate(_MARKUP.split(html)):
        if number % 2 or lacking.isdisjoint(part):
            yield part
        else:
            for cluster in _CLUSTER.findall(part):
                yield cluster if lacking.isdisjoint(cluster) else SUBSTITUTE


@lru_cache(maxsize=16)
def glyphs_covered_by(faces: tuple[FontFace, ...]) -> frozenset[str]:
    """The characters that at least one of `faces` has."""
    return frozenset().union(*(_characters(face) for face in faces))


@lru_cache(maxsize=64)
def _characters(face: FontFace) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(face.path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
