"""Splits text into sentences by rules, without a model, in any script.

A full stop ends a sentence unless it follows an abbreviation, an initial or an ordinal, or the
text continues in lower case. Quotations and brackets are never split, so that words stay with
their speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from syndicate.adapters.social.lexicon import fold_for_lexicon, lexicon

Span = tuple[int, int]

_CLOSERS = "\"'”’»›)\\]」』）】〉》*"
_UNSPACED_STOPS = "。！？｡．"
# The pattern begins with a set: `re` then skips to the next match without trying the rest.
_STOP = re.compile(rf"[.!?…؟۔।॥։።။។{_UNSPACED_STOPS}][.!?…{_UNSPACED_STOPS}]*[{_CLOSERS}]*(\s*)")
_GREEK_STOP = re.compile(rf"[.!?;…][.!?;…]*[{_CLOSERS}]*(\s*)")
# A passage in quotation marks or brackets. A longer one more likely lacks its closing mark.
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


def split_sentences(text: str, language: str = "en") -> list[str]:
    """The sentences of `text`, in order, without the white space between them.

    `language` is a BCP 47 tag; it decides which abbreviations and ordinals are known.
    """
    return [text[start:end] for start, end in sentence_spans(text, language)]


def sentence_spans(text: str, language: str = "en") -> list[Span]:
    """The start and end of each sentence of `text`; only white space is between them."""
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
    """The offsets in `text` at which a sentence and the white space after it end."""
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
    """A possible end of a sentence, as offsets: the sentence begins at `start`, its closing mark
    reaches from `stop` to `space`, and the text continues at `at`, after the white space."""

    start: int
    stop: int
    space: int
    at: int


def _goes_on(text: str, place: _Stop, language: str) -> bool:
    """Whether the sentence continues after the closing mark at this `place`."""
    start, stop, space, at = place
    mark, follows = text[stop:space], text[at]
    if follows.islower():
        return True
    words = lexicon(language)
    if mark[-1] in '”’"»」』' and (
        _is_hiragana(follows) or words.speech.match(fold_for_lexicon(text[at : at + 80]))
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
    """Whether `character` is hiragana: in Japanese a particle follows a quotation: 「…。」と."""
    return "\u3041" <= character <= "\u309f"
