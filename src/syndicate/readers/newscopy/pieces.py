"""From lines to pieces: paragraphs, items, questions, headings, each still plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.readers.newscopy.byline import authors_in
from syndicate.readers.vocabulary import ANSWER, QUESTION

BULLET = re.compile(r"(?P<mark>[-–•*·▪●◦‣]|\d{1,3}[.)])\s+(?=\S)")
DIVIDER = re.compile(r"(?:[*_~=–—-]\s*){3,}|[⁂❦]")
ATTRIBUTION = re.compile(r"(?:[—–―]|--)\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟][\"'”’»)\]]*$")
WIDEST_WRAP = 100
"""Lines longer than this were not wrapped by hand: each is a paragraph."""
WIDEST_VERSE = 45
"""Where no line is longer than this, breaks before capitals are meant: verse, addresses."""


@dataclass(frozen=True)
class Piece:
    """A paragraph or less. `text` keeps the line breaks that are meant, `line` counts from 1;
    `alone` tells that blank lines, or the ends of the text, part it from its neighbours."""

    text: str
    line: int
    alone: bool = True

    @property
    def ends_sentence(self) -> bool:
        """Whether it closes like a sentence does."""
        return bool(_SENTENCE_END.search(self.text))


def pieces(text: str, first_line: int) -> list[Piece]:
    """The pieces of `text`, which begins at `first_line`."""
    found: list[Piece] = []
    for chunk in _chunks(text, first_line):
        signed = 0 if found else _signed_lines(chunk)
        parts = [*chunk[:signed], *(_parts(chunk[signed:]) if chunk[signed:] else ())]
        found.extend(Piece(words, line, len(parts) == 1) for words, line in parts)
    return found


def _signed_lines(chunk: list[tuple[str, int]]) -> int:
    """How many lines at the head of the first chunk stand for themselves: those down to a byline
    and, if no text follows them, those after it."""
    for number, (line, _) in enumerate(chunk[:5]):
        if authors_in(line):
            return len(chunk) if len(chunk) <= number + 4 else number + 1
    return 0


def _chunks(text: str, first_line: int) -> Iterator[list[tuple[str, int]]]:
    chunk: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), first_line):
        folded = " ".join(line.split())
        if folded:
            chunk.append((folded, number))
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _parts(chunk: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The lines of `chunk`, put together where they were only wrapped."""
    width = max(len(line) for line, _ in chunk)
    words, start = chunk[0]
    before = words
    for line, number in chunk[1:]:
        if _begins_anew(line) or _ended(before, line, width, first=before is chunk[0][0]):
            yield words, start
            words, start = line, number
        elif width <= WIDEST_VERSE and not line[0].islower() and not _begins_anew(words):
            words += "\n" + line
        else:
            words = _joined(words, line)
        before = line
    yield words, start


def _begins_anew(line: str) -> bool:
    return any(mark.match(line) for mark in (BULLET, QUESTION, ANSWER)) or bool(
        DIVIDER.fullmatch(line)
    )


def _ended(before: str, line: str, width: int, first: bool) -> bool:
    """Whether the paragraph that `before` is the last line of does not go on in `line`."""
    if width > WIDEST_WRAP or DIVIDER.fullmatch(before):
        return True
    if ATTRIBUTION.match(line) or width <= WIDEST_VERSE:
        return False
    if _SENTENCE_END.search(before):
        return len(before) < 0.7 * width
    return first and len(before) < 0.6 * width and len(line) > len(before)


def _joined(words: str, line: str) -> str:
    if words.endswith("\u00ad"):
        return words[:-1] + line
    if ATTRIBUTION.match(line):
        return f"{words}\n{line}"
    if words.endswith("-") and words[-2:-1].isalpha() and line[:1].isalpha():
        return words + line
    if ord(words[-1]) > 0x2FFF and ord(line[0]) > 0x2FFF:
        return words + line
    return f"{words} {line}"
