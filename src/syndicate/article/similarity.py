"""Estimates how much text two articles share."""

from __future__ import annotations

import hashlib
import re

from syndicate.article.blocks import Blocks
from syndicate.article.text import passages

SKETCH = 64
_WORD = re.compile(r"\w+")

Sketch = tuple[int, ...]


def sketch(blocks: Blocks) -> Sketch:
    """The 64 smallest hashes of all sequences of three words in the text: a bottom-k MinHash
    (Broder 1997)."""
    words = _WORD.findall(" ".join(passages(blocks)).casefold())
    shingles = {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
    hashes = (hashlib.blake2b(s.encode(), digest_size=6).digest() for s in shingles)
    return tuple(sorted(int.from_bytes(h) for h in hashes)[:SKETCH])


def similarity(one: Sketch, other: Sketch) -> float:
    """The estimated Jaccard similarity of two texts from their sketches, 0 to 1."""
    union = sorted({*one, *other})[:SKETCH]
    return len(set(one) & set(other) & set(union)) / len(union) if union else 0.0
