"""The faces that a book is set in, cut down to the characters that it holds."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from syndicate.kit import Face
from syndicate.kit.faces import faces

# What style.css asks for; every other weight would be dead weight.
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
_FEATURES = ("smcp", "c2sc", "onum", "lnum", "tnum", "pnum")
# Always kept, so that most books of a newsroom share one cut, which is made once.
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2040))))
_ARABIC = frozenset(map(chr, range(0x600, 0x700)))
# More letters than this are a text in Arabic, fewer a name or a phrase.
_PHRASE = 20


@dataclass(frozen=True)
class Font:
    """A font file of the book."""

    face: Face
    name: str
    content: bytes


def fonts_for(texts: Iterable[str]) -> tuple[Font, ...]:
    """The faces needed to set `texts`, as TrueType with the characters of `texts` in them."""
    characters = frozenset().union(*map(frozenset, texts)) | _LATIN
    if len(characters & _ARABIC) > _PHRASE:
        characters |= _ARABIC
    wanted = (
        face
        for face in faces(("".join(sorted(characters)),))
        if (face.family, face.weight, face.style) in _SET_IN
    )
    return tuple(Font(face, f"fonts/{face.file}", _cut(face.path, characters)) for face in wanted)


@lru_cache(maxsize=64)
def _cut(path: Path, characters: frozenset[str]) -> bytes:
    from fontTools import subset

    options = subset.Options()
    options.layout_features = [*options.layout_features, *_FEATURES]
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables = [*options.drop_tables, "meta", "DSIG"]
    font = subset.load_font(str(path), options, lazy=True)
    # Kept whole: to prune it, fontTools walks every table, which takes as long as all the rest.
    names = font["name"]
    del font["name"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(map(ord, characters)))
    cutter.subset(font)
    font["name"] = names
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
