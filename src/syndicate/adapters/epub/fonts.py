"""The fonts of a book, reduced to the characters that it uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from syndicate.kit import FontFace
from syndicate.kit.fonts import font_faces

# The fonts that style.css uses; others would only make the file larger.
_SET_IN = frozenset(
    {
        ("Source Serif", 400, "normal"),
        ("Source Serif", 400, "italic"),
        ("Source Serif", 700, "normal"),
        ("Source Sans", 400, "normal"),
        ("Source Sans", 600, "normal"),
        ("Amiri", 400, "normal"),
        ("Amiri", 700, "normal"),
        ("IBM Plex Sans Arabic", 400, "normal"),
        ("IBM Plex Sans Arabic", 600, "normal"),
    }
)
_ASCII = bytes(range(0x80))
_FEATURES = (b"smcp", b"c2sc", b"onum", b"lnum", b"tnum", b"pnum")
# All of ASCII, and characters that reading systems insert: hyphens, quotation marks, and the
# ellipsis of a shortened title.
_ALWAYS = frozenset(map(chr, (*range(0x20, 0x7F), *range(0x2010, 0x2027))))


@dataclass(frozen=True)
class BookFont:
    """A font file of the book."""

    face: FontFace
    name: str
    content: bytes


def book_fonts(pages: Iterable[bytes]) -> tuple[BookFont, ...]:
    """The fonts needed to set `pages` (UTF-8), as TrueType subsets with their characters."""
    characters = _ALWAYS.union(*(page.translate(None, _ASCII).decode() for page in pages))
    wanted = (
        face
        for face in font_faces(("".join(sorted(characters)),))
        if (face.family, face.weight, face.style) in _SET_IN
    )
    return tuple(
        BookFont(face, f"fonts/{face.file}", _cut(face.path, characters)) for face in wanted
    )


def _cut(path: Path, characters: frozenset[str]) -> bytes:
    import uharfbuzz

    cut = uharfbuzz.SubsetInput()
    cut.unicode_set.update(map(ord, characters))
    cut.layout_feature_tag_set.update(int.from_bytes(tag, "big") for tag in _FEATURES)
    cut.flags = uharfbuzz.SubsetFlags.NO_HINTING
    return bytes(uharfbuzz.subset(_whole(path), cut).blob.data)


@lru_cache(maxsize=16)
def _whole(path: Path) -> object:
    import uharfbuzz

    return uharfbuzz.Face(path.read_bytes())
