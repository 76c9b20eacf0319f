"""Where a sentence ends: by rules, without a model, in any script.

A full stop ends a sentence unless what stands before it is an abbreviation, an initial, an
ordinal, or what follows it goes on in lower case. Nothing is split inside quotation marks or
brackets, so that words stay with whoever said them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from syndicate.adapters.social.lexicon import fold, lexicon

Span = tuple[int, int]

_CLOSERS = "\"'”’»›)\\]」』）】〉》*"
_UNSPACED_STOPS = "。！？｡．"
# A set first: the engine then skips to it without trying the rest.
_STOP = re.compile(rf"[.!?…؟۔।॥։።။។{_UNSPACED_STOPS}][.!?…{_UNSPACED_STOPS}]*[{_CLOSERS}]*(\s*)")
_GREEK_STOP = re.compile(rf"[.!?;…][.!?;…]*[{_CLOSERS}]*(\s*)")
# A passage in quotation marks or brackets, of a length at which a missing half is no accident.
_OPENER = re.compile('[“„«»「『（("‘]')
_ENCLOSED = re.compile(
    "“[^“”]{0,1500}”|„[^„“”]{0,1500}[“”]|«[^«»]{0,1500}»|»[^«»]{0,1500}«"
    "|「[^「」]{0,1500}」|『[^『』]{0,1500}』|（[^（）]{0,500}）|\\([^()]{0,500}\\)"
    '|"(?<!\\w")[^"]{1,1500}"(?!\\w)'
    "|‘(?<!\\w‘)(?:[^‘’]|(?<=\\w)’(?=\\w)){0,1500}’(?!\\w)"
)
_OPENING_MARKS = "([{“„«\"'‘—–/"
_NEXT_WORD = re.compile(r"[\"'“‘„«»(\[¿¡]*([^\W\d_]+(?:[’'][^\W\d_]+)?)?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\.$")
_ORDINAL = re.compile(r"\d{1,2}\.$")
_LIST_NUMBER = re.compile(r"\s*(?:\d{1,3}|[a-zA-Z])\.\s*$")
_LONGEST_WORD = 40


def sentences(text: str, language: str = "en") -> list[str]:
    """The sentences of `text`, in order, without the white space between them.

    `language` is a BCP 47 tag; it chooses the abbreviations and ordinals that are known.
    """
    return [text[start:end] for start, end in spans(text, language)]


def spans(text: str, language: str = "en") -> list[Span]:
    """Start and end of each sentence of `text`; between them lies white space only."""
    return list(_trimmed(text, _ends(text, language)))


def _trimmed(text: str, ends: Iterator[int]) -> Iterator[Span]:
    start = 0
    for end in (*ends, len(text)):
        piece = text[start:end]
        if stripped := piece.strip():
            first = start + len(piece) - len(piece.lstrip())
            yield first, first + len(stripped)
        start = end


def _ends(text: str, language: str) -> Iterator[int]:
    """The offsets in `text`, after the white space, at which a sentence is over."""
    primary = language.split("-")[0]
    enclosed = []
    if _OPENER.search(text):
        enclosed = [match.span() for match in _ENCLOSED.finditer(text)]
    start, nearest = 0, 0
    for match in (_GREEK_STOP if primary == "el" else _STOP).finditer(text):
        stop, end = match.span()
        if end == len(text):
            return
        space = match.start(1)
        if space == end and text[stop] not in _UNSPACED_STOPS:
            continue
        while nearest < len(enclosed) and enclosed[nearest][1] <= space:
            nearest += 1
        if nearest < len(enclosed) and enclosed[nearest][0] <= stop:
            continue
        if not _goes_on(text, _Stop(start, stop, space, end), primary):
            yield end
            start = end


class _Stop(NamedTuple):
    """Where a sentence may end: it begins at `start`, its closing mark is from `stop` up to
    `space`, and `at` is where the text goes on after the white space."""

    start: int
    stop: int
    space: int
    at: int


def _goes_on(text: str, place: _Stop, language: str) -> bool:
    """Whether the sentence runs on behind the closing mark at this `place`."""
    start, stop, space, at = place
    mark, follows = text[stop:space], text[at]
    if follows.islower():
        return True
    words = lexicon(language)
    if mark[-1] in '”’"»」』' and (
        _is_hiragana(follows) or words.speech.match(fold(text[at : at + 80]))
    ):
        return True
    following = _NEXT_WORD.match(text, at)
    word = (following and following[1]) or ""
    if word[:1].islower():
        return True
    if mark != ".":
        return False

    if _LIST_NUMBER.fullmatch(text, start, stop + 1):
        return True
    before = text[max(start, stop - _LONGEST_WORD) : stop].split()
    last = (before[-1] if before else "").lstrip(_OPENING_MARKS) + "."
    folded = last.casefold()
    if folded in words.titles or (follows.isdigit() and folded in words.before_numbers):
        return True
    if folded in words.abbreviations or _INITIALS.match(last):
        return word.casefold() not in words.starters
    if words.ordinals and _ORDINAL.match(last):
        return bool(word) and word.casefold() not in words.starters
    return False


def _is_hiragana(character: str) -> bool:
    """In Japanese a particle follows the closing bracket of what was said: 「…。」と."""
    return "\u3041" <= character <= "\u309f"
