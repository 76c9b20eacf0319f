"""Words to look for, however they were typed or set."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_QUOTES = dict.fromkeys("'\"`´ʼʻʹ‘’‚‛“”„‟′″«»‹›「」『』", "'")
_DASHES = dict.fromkeys("-‐‑‒–—―−⸺⸻﹣－", "-")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+-=()n", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()", strict=True))
_SAME = str.maketrans({**_QUOTES, **_DASHES, **_RAISED, **_LOWERED, "…": "...", "ς": "σ"})
_INSIDE = re.compile(r"(?<=[«‹])\s+|\s+(?=[»›])")  # French quotes have spaces inside
_DASH = re.compile(r"\s*-+\s*")
_VARIANTS = re.compile("[\ufe00-\ufe0f\u034f]")  # they choose how a character looks
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_PLAIN = re.compile(r"[0-9a-z]{3,}")
# Bytes in UTF-8 of characters that nobody sees, or that fold to a letter of ASCII.
_UNSEEN = re.compile(
    rb"\xc2\xad|\xcd\x8f|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xb8[\x80-\x8f]"
    rb"|\xef\xbb\xbf|\xe2\x84\xaa"
)
_LONGEST = 4  # words that are looked for first


def folded(text: str) -> str:
    """`text` without what typing and typesetting change: the forms of quotation marks, dashes and
    spaces, capital letters, soft hyphens and other characters that nobody sees; in NFC."""
    if not text.isascii():
        seen = (one for one in text if one.isascii() or unicodedata.category(one) != "Cf")
        text = unicodedata.normalize("NFC", _VARIANTS.sub("", "".join(seen)))
        text = _INSIDE.sub("", text)
    text = " ".join(text.translate(_SAME).lower().split())
    return _DASH.sub("-", text)


@dataclass(frozen=True)
class Phrase:
    """The words `text`, which are looked for whole: "art" is not in "party"."""

    text: str

    @cached_property
    def words(self) -> str:
        """The words as they are compared."""
        return folded(self.text)

    def is_in(self, text: str) -> bool:
        """Whether the words are in `text`, one after the other."""
        return self._pattern.search(folded(text)) is not None

    def may_be_in(self, data: bytes) -> bool:
        """Whether the words can be in a text of which `data` is a form in UTF-8, such as JSON or
        HTML: False is certain, True is not. It takes a hundredth of the time in which the text
        could be read.

        One of the longest words may be missing, and each may be in two halves, since markup can
        begin and end within words.
        """
        if not self._longest or _UNSEEN.search(data):
            return True
        small = data.lower()
        found = sum(first in small or last in small for first, last in self._longest)
        return found >= max(1, len(self._longest) - 1)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = self.words
        before = r"(?<!\w)" if _is_bounded(words[:1]) else ""
        after = r"(?!\w)" if _is_bounded(words[-1:]) else ""
        return re.compile(before + re.escape(words) + after)

    @cached_property
    def _longest(self) -> tuple[tuple[bytes, bytes], ...]:
        """The halves of the longest words that are the same in every form of UTF-8 text."""
        found = sorted(set(_PLAIN.findall(self.words)), key=lambda word: (-len(word), word))
        return tuple(
            (word[: len(word) // 2 + 1].encode(), word[len(word) // 2 :].encode())
            for word in found[:_LONGEST]
        )


def _is_bounded(character: str) -> bool:
    return bool(re.match(r"\w", character)) and not _UNSPACED.match(character)
