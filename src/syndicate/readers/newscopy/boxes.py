"""Callouts and corrections: boxes with a label in plain copy."""

from __future__ import annotations

from datetime import UTC, date, datetime

from syndicate.article import Correction
from syndicate.readers.newscopy.pieces import CopyPiece
from syndicate.readers.newscopy.text import newscopy_content
from syndicate.readers.reader_state import ReaderState
from syndicate.readers.vocabulary import CORRECTED, CORRECTION, DATED

_WHEN = " ,()–—-"


def correction_in_copy(
    piece: CopyPiece, state: ReaderState, found: dict[str, object]
) -> Correction | None:
    """The correction in `piece`, None if it is something else. Its date is the date in its label,
    else the article's latest date."""
    text = piece.text
    bare = text[1:-1] if text[:1] in "[(" and text[-1:] in "])" else text
    labelled = CORRECTION.fullmatch(bare)
    if not labelled and not CORRECTED.match(bare):
        return None
    day = _day(labelled["when"] or "", state) if labelled else None
    if labelled and labelled["when"] and day is None and labelled["when"].strip(_WHEN):
        return None
    if day is None:
        last = found.get("updated") or found.get("published") or state.source.modified
        day = last.astimezone(UTC).date() if isinstance(last, datetime) else None
    dated = f" dated {day:%d %b %Y}" if day else ""
    state.guessed(f"a correction{dated}", piece.line)
    words = labelled["text"] if labelled else bare
    return Correction(date=day or date.min, content=newscopy_content(words))


def _day(when: str, state: ReaderState) -> date | None:
    stripped = when.strip(_WHEN)
    if dated := DATED.match(stripped):
        stripped = stripped[dated.end() :]
    try:
        zone = state.source.publication.zone
        return state.source.moment(stripped, state.language).astimezone(zone).date()
    except ValueError:
        return None
