"""Quotations in a paragraph of their own: with an attribution, or pulled from the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syndicate.article import Block, Paragraph, PullQuote, Quote
from syndicate.readers.newscopy.pieces import ATTRIBUTION, CopyPiece
from syndicate.readers.newscopy.text import newscopy_content
from syndicate.readers.reader_state import ReaderState, shortened_for_note

Found = tuple[Sequence[Block], int] | None
"""The blocks and the number of pieces that they were made from; None if it is something else."""

LONGEST_CITE = 120
_QUOTED = re.compile(
    r"[\"“„«‘](?P<words>[^\n]+)[\"”“»’]\s*\n?\s*(?:[—–―]|--|(?<=[\"”“»’]\s)-)\s*(?P<cite>[^\n]{2,120})"
)
_WHOLLY_QUOTED = re.compile(r"[\"“„«](?P<words>[^\"“”„«»\n]{20,300})[\"”“»]")


def quote(pieces: Sequence[CopyPiece], at: int, state: ReaderState) -> Found:
    """Quoted words with the speaker's name after a dash or on the next line."""
    piece = pieces[at]
    text, taken = piece.text, 1
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    if after and ATTRIBUTION.match(after.text) and len(after.text) <= LONGEST_CITE:
        text, taken = f"{text}\n{after.text}", 2
    found = _QUOTED.fullmatch(text)
    if not found:
        return None
    state.guessed(f"the quote by {shortened_for_note(found['cite'])!r}", piece.line)
    words = Paragraph(content=newscopy_content(found["words"].strip()))
    return [Quote(blocks=(words,), cite=newscopy_content(found["cite"].strip()))], taken


def pull_quote(pieces: Sequence[CopyPiece], at: int, state: ReaderState) -> Found:
    """Quoted words alone in a paragraph that are repeated elsewhere in the text."""
    piece = pieces[at]
    found = _WHOLLY_QUOTED.fullmatch(piece.text)
    if not found or not any(
        found["words"].rstrip(".,") in other.text for other in pieces if other is not piece
    ):
        return None
    state.guessed("a pull quote", piece.line)
    return [PullQuote(content=newscopy_content(found["words"].strip()))], 1
