"""Groups lines into pieces: paragraphs, items, questions, headings, each still plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from syndicate.readers.byline import authors_in
from syndicate.readers.overrides import BlockOverride, Form
from syndicate.readers.prose import DIVIDER
from syndicate.readers.vocabulary import ANSWER, QUESTION, callout_opening

BULLET = re.compile(r"(?P<mark>[-–•*·▪●◦‣○■□✓✔➤►]|\(?\d{1,3}[.)])\s+(?=\S)")
ATTRIBUTION = re.compile(r"(?:[—–―]|--)\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟][\"'”’»“)\]]*$")
_UNDERLINE = re.compile(r"[-=~]{3,}")
_DRESSED = re.compile(
    r"(?P<marks>#{1,6})\s+(?P<marked>[^\n]{2,110}?)\s*#*|(?:\*\*|__)(?P<bold>[^*_\n]{2,110})(?:\*\*|__)"
    r"|={2,4}\s*(?P<equal>[^=\n]{2,110}?)\s*={2,4}"
)
LONGEST_UNDERLINED = 110
WIDEST_WRAP = 100
"""Lines longer than this, in characters, were not wrapped by hand: each is a paragraph."""
WIDEST_VERSE = 45
"""If no line is longer than this, breaks before capitals are intended: verse, addresses."""


@dataclass(frozen=True)
class CopyPiece:
    """A paragraph or part of one. `text` has only the intended line breaks; `line` counts from 1;
    `alone` means that there are blank lines, or the ends of the text, on both sides; `indent` is in
    characters; `form` is what the editor states the piece to be."""

    text: str
    line: int
    alone: bool = True
    indent: int = 0
    form: Form | None = None

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends like a sentence."""
        return bool(_SENTENCE_END.search(self.text))


@dataclass(frozen=True)
class _Line:
    text: str
    number: int
    indent: int
    begins: bool
    """Whether a piece begins here because of an override."""


def copy_pieces(
    text: str, first_line: int, overrides: Sequence[BlockOverride] = ()
) -> list[CopyPiece]:
    """The pieces of `text`, which begins at `first_line`, each in the form that `overrides` state
    for it, without the pieces that they leave out."""
    found: list[CopyPiece] = []
    for chunk in _chunks(text, first_line, overrides):
        signed = 0 if found else _signed_lines(chunk)
        parts = [(line.text, line) for line in chunk[:signed]]
        parts.extend(_parts(chunk[signed:]) if chunk[signed:] else ())
        found.extend(
            CopyPiece(words, line.number, len(parts) == 1, line.indent) for words, line in parts
        )
    return [piece for piece in (_formed(one, overrides) for one in _undressed(found)) if piece]


def _undressed(found: Sequence[CopyPiece]) -> Iterator[CopyPiece]:
    """`found`, with underlined headings and Markdown headings as headings, without their marks."""
    taken = False
    for at, piece in enumerate(found):
        if taken:
            taken = False
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        dressed = _DRESSED.fullmatch(piece.text)
        taken = bool(at and after and _UNDERLINE.fullmatch(after.text)) and (
            after is not None
            and after.line == piece.line + 1
            and len(piece.text) <= LONGEST_UNDERLINED
        )
        if at and dressed:
            marks = dressed["marks"] or ""
            words = dressed["marked"] or dressed["bold"] or dressed["equal"]
            yield replace(piece, text=words, form=Form("heading", min(6, max(2, len(marks)))))
        elif taken:
            yield replace(piece, alone=True, form=Form("heading"))
        else:
            yield piece


def _formed(piece: CopyPiece, overrides: Sequence[BlockOverride]) -> CopyPiece | None:
    meant = [one for one in overrides if one.is_of(piece.line, piece.text)]
    for one in meant:
        one.used = True
    if not meant:
        return piece
    return None if meant[-1].form.name == "left out" else replace(piece, form=meant[-1].form)


def _signed_lines(chunk: list[_Line]) -> int:
    """The number of lines at the start of the first chunk that are separate: those down to a byline
    and, if no text follows them, those after it."""
    for number, line in enumerate(chunk[:5]):
        if authors_in(line.text):
            return len(chunk) if len(chunk) <= number + 4 else number + 1
    return 0


def _chunks(
    text: str, first_line: int, overrides: Sequence[BlockOverride]
) -> Iterator[list[_Line]]:
    chunk: list[_Line] = []
    for number, line in enumerate(text.split("\n"), first_line):
        folded = " ".join(line.split())
        if folded:
            begins = any(one.is_of(number, folded) for one in overrides)
            indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
            chunk.append(_Line(folded, number, indent, begins))
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _parts(chunk: list[_Line]) -> Iterator[tuple[str, _Line]]:
    """The lines of `chunk`, joined where they were only wrapped."""
    width = max(len(line.text) for line in chunk)
    first = before = chunk[0]
    words = first.text
    for line in chunk[1:]:
        ended = _ended(before.text, line.text, width, first=before is chunk[0])
        if line.begins or _begins_anew(line.text) or _DRESSED.fullmatch(before.text) or ended:
            yield words, first
            words, first = line.text, line
        elif width <= WIDEST_VERSE and not line.text[0].islower() and not _begins_anew(words):
            words += "\n" + line.text
        else:
            words = _joined(words, line.text)
        before = line
    yield words, first


def _begins_anew(line: str) -> bool:
    return (
        any(mark.match(line) for mark in (BULLET, QUESTION, ANSWER))
        or bool(DIVIDER.fullmatch(line))
        or callout_opening(line) is not None
    )


def _ended(before: str, line: str, width: int, first: bool) -> bool:
    """Whether the paragraph ends with its line `before` and does not continue with `line`."""
    if width > WIDEST_WRAP or DIVIDER.fullmatch(before):
        return True
    if ATTRIBUTION.match(line) or width <= WIDEST_VERSE:
        return False
    if opened := callout_opening(before):
        return not opened.text
    if _SENTENCE_END.search(before):
        return len(before) < 0.7 * width
    if line[0].isupper() and len(before) + len(line.split()[0]) < 0.6 * width:
        return True  # there was room for the next word, so the break is intended
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
