"""Callouts and corrections: boxes with a label in plain copy."""

from __future__ import annotations

from datetime import UTC, date, datetime

from syndicate.article import Correction
from syndicate.readers.copy import Copy
from syndicate.readers.newscopy.pieces import CopyPiece
from syndicate.readers.newscopy.text import newscopy_content
from syndicate.readers.vocabulary import CORRECTED, CORRECTION, DATED

_WHEN = " ,()–—-"


def correction_in_copy(piece: CopyPiece, copy: Copy, found: dict[str, object]) -> Correction | None:
    """The correction in `piece`, None if it is something else. Its date is the date in its label,
    else the article's latest date."""
    text = piece.text
    bare = text[1:-1] if text[:1] in "[(" and text[-1:] in "])" else text
    labelled = CORRECTION.fullmatch(bare)
    if not labelled and not CORRECTED.match(bare):
        return None
    day = _day(labelled["when"] or "", copy) if labelled else None
    if labelled and labelled["when"] and day is None and labelled["when"].strip(_WHEN):
        return None
    if day is None:
        last = found.get("updated") or found.get("published") or copy.source.modified
        day = last.astimezone(UTC).date() if isinstance(last, datetime) else None
    dated = f" dated {day:%d %b %Y}" if day else ""
    copy.guessed(f"a correction{dated}", piece.line)
    words = labelled["text"] if labelled else bare
    return Correction(date=day or date.min, content=newscopy_content(words))


def _day(when: str, copy: Copy) -> date | None:
    stripped = when.strip(_WHEN)
    if dated := DATED.match(stripped):
        stripped = stripped[dated.end() :]
    try:
        zone = copy.source.publication.zone
        return copy.source.moment(stripped, copy.language).astimezone(zone).date()
    except ValueError:
        return None
