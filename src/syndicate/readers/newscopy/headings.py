"""Which pieces of news copy are headings: short, unpunctuated, and followed by text.

The rules are based on statistics of headings in web pages that were converted to plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syndicate.readers.byline import authors_in
from syndicate.readers.newscopy.pieces import BULLET, CopyPiece
from syndicate.readers.prose import DIVIDER
from syndicate.readers.vocabulary import (
    ANSWER,
    CAPTION,
    CREDIT_LINE,
    FAQ_HEADING,
    QUESTION,
    QUESTION_MARKS,
    callout_opening,
)

LONGEST = 110
MOST_WORDS = 16
LONGEST_RUN = 12
"""The longest run of short lines whose length matters."""
_TEXT = frozenset(("prose", "sentence", "marked", "box", "caption"))
_LIST = frozenset(("item", "number"))
_MAYBE = frozenset(("short", "question", "colon", "exclaimed"))
_CLOSED = re.compile(r"[.!?…:;。！？؟][\"'”’»“)\]]*$")
_NO_HEADING = re.compile(
    r"[\"“„«‘>»/|]|[—–―-]|\(.*\)$|https?://|@|.*(?:\s\|\s|[,\-–—]$)", re.IGNORECASE
)
_STAMP = re.compile(
    r"(?:[^\W\d]+[.,:]*\s+){0,3}(?:\d{1,2}(?:\.|st|nd|rd|th)?\s(?:de\s)?[^\W\d]+\.?,?\s(?:de\s)?\d{4}"
    r"|\d{1,2},?\s\d{4})(?:\W.{0,30})?|\W?[\d.,]+\W?\w?|(?:source|data|quelle|fuente|fonte)\s?:.*",
    re.IGNORECASE,
)
"""A date, a sum, a source: never a heading."""
_TURNS = re.compile(
    r"(?:and|but|or|so|then|because|y|e|o|pero|und|oder|aber|doch|et|ou|mais|mas|ma|sound familiar"
    r"|guess|surprised|really|know|remember)\b",
    re.IGNORECASE,
)
"""The start of a question that is only asked in passing."""
_COUNTED = re.compile(
    r"(?:(?P<word>#|[^\W\d_]{3,12})(?:(?<=#)|\s)(?P<number>\d{1,3})[.):]?\s|\(?(?P<bare>\d{1,3})[.)]\s)"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SMALL = frozenset(("a", "an", "and", "are", "as", "at", "be", "but", "by", "do", "for", "from"))
_SMALL |= {"if", "in", "into", "is", "it", "nor", "of", "on", "or", "our", "over", "per", "so"}
_SMALL |= {"than", "that", "the", "this", "to", "up", "via", "vs", "we", "with", "you", "your"}


def newscopy_headings(pieces: Sequence[CopyPiece]) -> frozenset[int]:
    """The numbers of those of `pieces` that are headings."""
    asked = any(QUESTION.match(piece.text) for piece in pieces)
    kinds = [_kind(piece, asked) for piece in pieces]
    found: set[int] = set(_numbered(pieces, kinds))
    for at, piece in enumerate(pieces):
        kind = kinds[at]
        if piece.form is not None:
            if piece.form.name == "heading":
                found.add(at)
        elif kind in _MAYBE and may_be_copy_heading(piece.text):
            before = kinds[at - 1] if at else "start"
            if _RULES[kind](kinds, at, piece, before) or (
                kind == "short" and _stands_out(pieces, kinds, at)
            ):
                found.add(at)
        elif at + 1 < len(pieces) and (kind == "faq" or _is_section(pieces, at)):
            found.add(at)
    return frozenset(found)


def _numbered(pieces: Sequence[CopyPiece], kinds: Sequence[str]) -> Iterator[int]:
    """The lines that continue a numbering, up or down, with text in between: "1. Audible", "#2
    Ferries", "Lesson 3: …"."""
    counted = {
        at: (found["word"], int(found["number"] or found["bare"]))
        for at, piece in enumerate(pieces)
        if (found := _COUNTED.match(piece.text)) and is_short_for_copy_heading(piece.text)
    }
    last: dict[tuple[str | None, int], int] = {}
    for at, (word, value) in counted.items():
        if kinds[at] == "item" or not may_be_copy_heading(pieces[at].text):
            continue
        beside = (counted.get(at + step, (None, -9)) for step in (-1, 1))
        if any(other == word and abs(number - value) == 1 for other, number in beside):
            continue
        for before in (last.get((word, value - 1)), last.get((word, value + 1))):
            if before is not None:
                yield from (before, at)
        last[word, value] = at


def may_be_copy_heading(text: str) -> bool:
    """Whether `text` begins like a heading and has nothing that headings never have."""
    bare = text[found.end() :] if (found := BULLET.match(text)) else text
    first = next((character for character in bare if character.isalnum()), "")
    return bool(first) and not first.islower() and not _NO_HEADING.match(bare)


def is_short_for_copy_heading(text: str) -> bool:
    """Whether `text` is short enough for a heading."""
    return len(text) <= LONGEST and len(text.split()) <= MOST_WORDS and "\n" not in text


def _kind(piece: CopyPiece, asked: bool) -> str:
    """What `piece` looks like; "A." marks an answer only if there are questions with a mark."""
    text = piece.text
    if DIVIDER.fullmatch(text):
        return "divider"
    if piece.form is not None:
        return "short" if piece.form.name == "heading" else "prose"
    if found := BULLET.match(text):
        return (
            "number"
            if found["mark"].strip("(.)").isdigit() and is_short_for_copy_heading(text)
            else "item"
        )
    if asked and (QUESTION.match(text) or ANSWER.match(text)):
        return "marked"
    if FAQ_HEADING.fullmatch(text.rstrip(":：")) and is_short_for_copy_heading(text):
        return "faq"
    if callout_opening(text):
        return "box"
    if CREDIT_LINE.fullmatch(text) or CAPTION.fullmatch(text):
        return "caption"
    if not is_short_for_copy_heading(text):
        return "prose"
    if _STAMP.fullmatch(text) or authors_in(text):
        return "stamp"
    closed = _CLOSED.search(text)
    if not closed:
        return "short"
    if closed[0][0] in QUESTION_MARKS:
        return "question"
    if closed[0][0] == ":":
        return "colon"
    return "sentence" if len(text.split()) > 5 else "exclaimed"


def _after(kinds: Sequence[str], at: int) -> str:
    return kinds[at] if at < len(kinds) else "end"


def _short(kinds: Sequence[str], at: int, piece: CopyPiece, before: str) -> bool:
    """Whether a short line is a heading: one or two before text are; more are a list without its
    bullets."""
    begin = end = at
    while begin and kinds[begin - 1] == "short" and at - begin < LONGEST_RUN:
        begin -= 1
    while _after(kinds, end + 1) == "short" and end - at < LONGEST_RUN:
        end += 1
    run, last = end - begin + 1, at == end
    opener = kinds[begin - 1] if begin else "start"
    after = _after(kinds, end + 1)
    if opener == "colon" and before != "faq":
        return (
            last and after in ("prose", "sentence") and is_copy_title_case(piece.text) and run == 1
        )
    if run == 1:
        if before == "item" and after == "item":
            return False
        return after in _TEXT or after in _LIST or after in ("question", "colon", "faq")
    if (
        run > 1
        and at == begin
        and opener in _TEXT | {"exclaimed"}
        and is_copy_title_case(piece.text)
    ):
        return True
    if run == 2 and after in ("colon", "stamp"):
        return opener in _TEXT and is_copy_title_case(piece.text)
    if after not in ("prose", "sentence", "item", "box", "caption"):
        return False
    if run == 2:
        return opener != "stamp" if last else opener in _TEXT | _LIST | {"start", "stamp"}
    if after not in ("prose", "sentence", "item") or not is_copy_title_case(piece.text):
        return False
    return last or (run == 3 and opener in _TEXT)


def _stands_out(pieces: Sequence[CopyPiece], kinds: Sequence[str], at: int) -> bool:
    """Whether a line in a run of short lines is in title case and its neighbours are not."""
    around = (at - 1, at + 1, at + 2)
    return (
        at > 0
        and all(_after(kinds, near) == "short" for near in around)
        and is_copy_title_case(pieces[at].text)
        and not any(is_copy_title_case(pieces[near].text) for near in around)
    )


def _question(kinds: Sequence[str], at: int, piece: CopyPiece, before: str) -> bool:
    after = _after(kinds, at + 1)
    if before == "question" or _TURNS.match(piece.text):
        return False
    if not piece.alone and after != "prose":
        return False
    if len(piece.text.split()) < 3 and not is_copy_title_case(piece.text):
        return False
    if after == "short":
        return _after(kinds, at + 2) in _TEXT
    return after in _TEXT or after in _LIST or after == "colon"


def _colon(kinds: Sequence[str], at: int, piece: CopyPiece, before: str) -> bool:
    """Whether a line that ends with a colon is a heading: only in title case, as other lines
    introduce what follows."""
    return is_copy_title_case(piece.text) and _after(kinds, at + 1) in (
        "prose",
        "item",
        "box",
        "short",
        "number",
    )


def _exclaimed(kinds: Sequence[str], at: int, piece: CopyPiece, before: str) -> bool:
    """Whether a line that ends with "!" or "…" is a heading: only a few words in title case, in a
    paragraph of their own."""
    after = _after(kinds, at + 1)
    return piece.alone and is_copy_title_case(piece.text) and after in _TEXT | _LIST | {"short"}


_RULES = {"short": _short, "question": _question, "colon": _colon, "exclaimed": _exclaimed}


def _is_section(pieces: Sequence[CopyPiece], at: int) -> bool:
    """Whether a line such as "The bottom line" is the heading of a section, not of a box."""
    opened = callout_opening(pieces[at].text)
    return opened is not None and opened.weak and not BULLET.match(pieces[at + 1].text)


def is_copy_title_case(text: str) -> bool:
    """Whether most of the words in `text` begin with a capital, not counting small words."""
    words = [word for word in _WORD.findall(text) if word.lower() not in _SMALL]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
