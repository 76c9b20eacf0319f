"""Removes boilerplate from copy pasted from a web page: share bars, teasers, forms, adverts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from syndicate.readers.newscopy.pieces import BULLET, CopyPiece
from syndicate.readers.reader_state import ReaderState, shortened_for_note
from syndicate.readers.vocabulary import CREDIT_LINE

LONGEST_TEASER = 160
LONGEST_LINE = 240
_DRESS = " :.!…»>→▼▾+|«<←›‹✉🔗"
_FEWEST_BEFORE_COMMENTS = 3


class _Boilerplate(NamedTuple):
    ends: re.Pattern[str]
    teasers: re.Pattern[str]
    lines: re.Pattern[str]


@cache
def _boilerplate() -> _Boilerplate:
    words = tomllib.loads(
        (files("syndicate.readers.newscopy") / "boilerplate.toml").read_text("utf-8")
    )
    return _Boilerplate(
        *(re.compile("|".join(words[kind]), re.IGNORECASE) for kind in _Boilerplate._fields)
    )


def without_boilerplate(pieces: list[CopyPiece], state: ReaderState) -> list[CopyPiece]:
    """`pieces` without boilerplate, with a note for each that is left out. Pieces for which an
    editor states a form stay, whatever they look like."""
    kept: list[CopyPiece] = []
    pieces = [part for piece in pieces for part in _opened(piece)]
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.form is not None:
            kept.append(piece)
        elif len(kept) >= _FEWEST_BEFORE_COMMENTS and _is(_boilerplate().ends, piece.text):
            at = _after_comments(pieces, at, kept, state)
            continue
        elif kept and _is(_boilerplate().teasers, piece.text):
            after = _after_teasers(pieces, at + 1)
            for left in pieces[at:after]:
                state.left_out(
                    f"{shortened_for_note(left.text)!r}: a link to another page", left.line
                )
            at = after
            continue
        elif rest := _without_lines(piece, state, bool(kept)):
            kept.append(rest)
        at += 1
    return kept


def _is(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= LONGEST_LINE and bool(pattern.fullmatch(text.strip(_DRESS)))


def _after_comments(
    pieces: Sequence[CopyPiece], at: int, kept: list[CopyPiece], state: ReaderState
) -> int:
    """Leave out all pieces from `at` onwards, except those for which an editor states a form."""
    for left in pieces[at:]:
        if left.form is not None:
            kept.append(left)
        else:
            state.left_out(
                f"{shortened_for_note(left.text)!r}: after the end of the article", left.line
            )
    return len(pieces)


def _opened(piece: CopyPiece) -> list[CopyPiece]:
    """`piece`, split into lines if one of its lines is the start of boilerplate."""
    lines = piece.text.split("\n")
    boilerplate = _boilerplate()
    if len(lines) == 1 or not any(
        _is(boilerplate.ends, one) or _is(boilerplate.teasers, one) for one in lines
    ):
        return [piece]
    return [
        replace(piece, text=line, line=piece.line + number, alone=False)
        for number, line in enumerate(lines)
    ]


def _after_teasers(pieces: Sequence[CopyPiece], start: int) -> int:
    """The first piece after a run of other pages' titles; a heading right before text is kept."""
    at = start
    while at < len(pieces) and _is_teaser(pieces[at]):
        at += 1
    if start < at < len(pieces) and pieces[at].ends_sentence:
        last = pieces[at - 1]
        if last.alone and "\n" not in last.text and not BULLET.match(last.text):
            return at - 1
    return at


def _is_teaser(piece: CopyPiece) -> bool:
    boilerplate = _boilerplate()
    if piece.form or _is(boilerplate.ends, piece.text) or _is(boilerplate.teasers, piece.text):
        return False
    if BULLET.match(piece.text):
        return True
    return len(piece.text) <= LONGEST_TEASER and not piece.text.rstrip('"”’»)').endswith((".", ":"))


def _without_lines(piece: CopyPiece, state: ReaderState, begun: bool) -> CopyPiece | None:
    lines = piece.text.split("\n")
    kept = []
    pattern = _boilerplate().lines
    for number, line in enumerate(lines):
        what = ""
        if _is(pattern, line) or (len(line) <= LONGEST_LINE and pattern.fullmatch(line)):
            what = "not part of the article"
        elif begun and CREDIT_LINE.fullmatch(line):
            what = "the credit of a picture that is not here"
        if what:
            state.left_out(f"{shortened_for_note(line)!r}: {what}", piece.line + number)
        else:
            kept.append(line)
    if len(kept) == len(lines):
        return piece
    return replace(piece, text="\n".join(kept)) if kept else None
