"""Questions and answers: `Q:` and `A:`, questions under an FAQ heading, numbered questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syndicate.readers.newscopy.pieces import BULLET, CopyPiece
from syndicate.readers.vocabulary import ANSWER, FAQ_HEADING, QUESTION, QUESTION_MARKS

LONGEST_QUESTION = 220
_LETTER_AND_STOP = re.compile(r"\w\s?\.\s")


@dataclass(frozen=True)
class FAQPair:
    """A question at piece `at`: its words without their mark, and the pieces of its answer."""

    at: int
    question: str
    answer: range


def faq_pairs_in(pieces: Sequence[CopyPiece], headings: frozenset[int]) -> Iterator[FAQPair]:
    """The questions and answers among `pieces`. The last answer of a run has one piece, or as many
    as each answer before it: later pieces may be the article's text again."""
    asked = _asked(pieces, headings)
    lengths: list[int] = []
    for number, (at, shape, words) in enumerate(asked):
        following = asked[number + 1] if number + 1 < len(asked) else None
        goes_on = following is not None and following[1] == shape
        end = following[0] if following else len(pieces)
        heading = next((n for n in range(at + 1, end) if n in headings), end)
        if number and asked[number - 1][1] != shape:
            lengths = []
        if goes_on and heading == end:
            lengths.append(end - at - 1)
        else:
            length = min(lengths, default=1) if shape == "bare" else 1
            end = min(heading, _first_of_answer(pieces, at + 1, heading, shape) + length)
            lengths = []
        if end > at + 1 and _is_answered(pieces, at, end, shape):
            yield FAQPair(at, words, range(at + 1, end))


def _asked(pieces: Sequence[CopyPiece], headings: frozenset[int]) -> list[tuple[int, str, str]]:
    """Each question: its piece, the way it is written, and its words."""
    found: list[tuple[int, str, str]] = []
    under_heading = False
    for at, piece in enumerate(pieces):
        if piece.form is not None:
            if piece.form.name == "question":
                found.append((at, "stated", without_faq_mark(piece.text)))
            under_heading = under_heading and piece.form.name != "heading"
        elif FAQ_HEADING.fullmatch(piece.text.rstrip(":：")) and at in headings:
            under_heading = True
        elif words := _marked(piece.text):
            found.append((at, "marked", words))
        elif _is_question(pieces, at):
            numbered = _numbered(piece.text)
            if under_heading or numbered:
                found.append((at, "bare" if under_heading else "numbered", numbered or piece.text))
        elif at in headings:
            under_heading = False
    numbered_ones = [one for one in found if one[1] == "numbered"]
    return [one for one in found if one[1] != "numbered" or len(numbered_ones) > 1]


def without_faq_mark(text: str) -> str:
    """`text` without the mark of a question or an answer, if it has one."""
    for mark in (QUESTION, ANSWER, BULLET):
        if found := mark.match(text):
            return text[found.end() :]
    return text


def _marked(text: str) -> str:
    found = QUESTION.match(text)
    if not found or (_LETTER_AND_STOP.match(text) and not text.endswith(QUESTION_MARKS)):
        return ""
    return text[found.end() :]


def _numbered(text: str) -> str:
    found = BULLET.match(text)
    return text[found.end() :] if found and found["mark"].strip("(.)").isdigit() else ""


def _is_question(pieces: Sequence[CopyPiece], at: int) -> bool:
    text = pieces[at].text
    if not text.endswith(QUESTION_MARKS) or len(text) > LONGEST_QUESTION or "\n" in text:
        return False
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    return after is not None and not after.text.endswith(QUESTION_MARKS)


def _first_of_answer(pieces: Sequence[CopyPiece], start: int, end: int, shape: str) -> int:
    if shape != "marked":
        return start
    return next((at for at in range(start, end) if ANSWER.match(pieces[at].text)), start)


def _is_answered(pieces: Sequence[CopyPiece], at: int, end: int, shape: str) -> bool:
    """Whether a question has an answer: after a "Q:" there must be an "A:", or it is an initial."""
    if shape != "marked":
        return True
    return any(ANSWER.match(pieces[n].text) for n in range(at + 1, end))
