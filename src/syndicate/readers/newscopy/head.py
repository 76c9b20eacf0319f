"""The head of news copy: headline, subtitle, byline, date, dateline."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from syndicate.article import Credit
from syndicate.errors import SourceError
from syndicate.readers.byline import BARS, authors_in
from syndicate.readers.newscopy.pieces import CopyPiece
from syndicate.readers.prose import reads_like_headline
from syndicate.readers.reader_state import ReaderState, shortened_for_note
from syndicate.readers.vocabulary import DATED, ORGANISATION, ORGANISATION_LINE, SECTIONS

LONGEST_HEADLINE = 200
_LOOK_AHEAD = 6
_DATELINE = re.compile(
    r"(?P<place>[^()\n]{2,60}?)\s*(?:\((?P<agency>[^()\n]{2,40})\)\s*)?(?:\s*[—–]+|\s*--|\s+-)\s+"
    r"(?P<text>\S.*)",
    re.DOTALL,
)
_ZONE_NAME = re.compile(r"\s+\(?[A-Z]{2,4}\)?$")


def take_newscopy_head(
    pieces: list[CopyPiece], state: ReaderState, title: str | None, beside: str | None = None
) -> tuple[dict[str, Any], list[CopyPiece]]:
    """The metadata in the first of `pieces`, and the other pieces. With a `title` from the front
    matter, a first line that repeats it is left out, and no other line is used as the headline.
    With a title from the sidecar (`beside`), a first line is only left out if it reads like a
    headline.

    Raises:
        SourceError: the article is empty, or its first line is too long for a headline.
    """
    if not pieces:
        raise SourceError("the article is empty", where=state.source.at(1, 1))
    found: dict[str, Any] = {}
    rest = _lines_apart(pieces)
    if title is None and beside is not None and not _is_headline(rest[0]):
        found["title"] = beside
    elif title is None:
        _take_section(rest, found, state)
        first = rest.pop(0)
        if len(first.text) > LONGEST_HEADLINE:
            raise SourceError(
                f"the first line is too long for a headline ({len(first.text)} characters)",
                where=state.source.at(first.line, 1),
                hint="begin with a headline on a line of its own",
            )
        found["title"] = first.text
    elif rest[0].text == title:
        rest.pop(0)
    rest = _take_byline(rest, found, state)
    if rest:
        rest[0] = _datelined(rest[0], found, state)
    return found, rest


def _is_headline(piece: CopyPiece) -> bool:
    """Whether `piece` reads like a headline and not like text."""
    return reads_like_headline(piece.text) and not piece.form


def _take_section(rest: list[CopyPiece], found: dict[str, Any], state: ReaderState) -> None:
    """Move a line such as "Opinion" above the headline from `rest` to `found`."""
    if len(rest) > 2 and SECTIONS.fullmatch(rest[0].text) and not rest[1].ends_sentence:
        found["section"] = rest[0].text
        state.guessed(f"the section {rest[0].text!r}", rest[0].line)
        del rest[0]


def _lines_apart(pieces: list[CopyPiece]) -> list[CopyPiece]:
    """`pieces`, with each line of the head as a piece of its own."""
    head = [
        CopyPiece(text, piece.line + number, False) if "\n" in piece.text else piece
        for piece in pieces[:_LOOK_AHEAD]
        for number, text in enumerate(piece.text.split("\n"))
    ]
    return head + pieces[_LOOK_AHEAD:]


def _take_byline(
    rest: list[CopyPiece], found: dict[str, Any], state: ReaderState
) -> list[CopyPiece]:
    """Move subtitle, byline and date lines from `rest` to `found`."""
    ahead = [authors_in(piece.text) for piece in rest[:3]]
    byline = next((number for number, authors in enumerate(ahead) if authors), None)
    if byline and all(len(piece.text) <= 300 for piece in rest[:byline]):
        above = [piece for piece in rest[:byline] if not _take_dates(piece, found, state)]
        if above:
            found["subtitle"] = " ".join(piece.text for piece in above)
            state.guessed(f"the subtitle {shortened_for_note(found['subtitle'])!r}", above[0].line)
    elif byline:
        return rest
    if byline is not None:
        line = rest[byline]
        names, *extras = BARS.split(line.text)
        found["contributors"] = authors_in(line.text) or authors_in(names)
        state.guessed(f"the byline {shortened_for_note(line.text)!r}", line.line)
        for extra in extras:
            _take_dates(CopyPiece(extra, line.line), found, state)
        rest = rest[byline + 1 :]
        if rest and _is_organisation(rest[0]):
            organisation = rest[0].text
            found["contributors"] = tuple(
                one.model_copy(update={"organisation": one.organisation or organisation})
                for one in found["contributors"]
            )
            state.guessed(f"the organisation {organisation!r}", rest[0].line)
            rest = rest[1:]
    while rest and _take_dates(rest[0], found, state):
        rest = rest[1:]
    return rest


def _is_organisation(piece: CopyPiece) -> bool:
    """Whether a line under the byline is the author's organisation or job."""
    if piece.form is not None or piece.ends_sentence or len(piece.text.split()) > 6:
        return False
    if ORGANISATION_LINE.fullmatch(piece.text):
        return True
    return not piece.alone and bool(ORGANISATION.search(piece.text))


def _take_dates(piece: CopyPiece, found: dict[str, Any], state: ReaderState) -> bool:
    """Whether `piece` contains only dates; if so, they are put into `found`."""
    if (
        piece.form is not None
        or len(piece.text) > 120
        or not any(character.isdigit() for character in piece.text)
    ):
        return False
    dates: dict[str, datetime] = {}
    for part in BARS.split(piece.text):
        what = DATED.match(part)
        written = part[what.end() :] if what else part
        day = moment_in_copy(written, state)
        if day is None:
            return False
        dates["updated" if what and what["updated"] else "published"] = day
    found.update(dates)
    state.guessed(f"the date in {shortened_for_note(piece.text)!r}", piece.line)
    return True


def moment_in_copy(text: str, state: ReaderState, language: str | None = None) -> datetime | None:
    """The date or time that `text` is, in `language` or that of `state`; None if none."""
    for spelled in (text, _ZONE_NAME.sub("", text)):
        try:
            return state.source.moment(spelled, language or state.language)
        except ValueError:
            continue
    return None


def _datelined(piece: CopyPiece, found: dict[str, Any], state: ReaderState) -> CopyPiece:
    """`piece` without a dateline at its start, which is put into `found`."""
    written = _DATELINE.match(piece.text)
    if not written:
        return piece
    place, agency, text = written["place"].strip(), written["agency"], written["text"]
    town = place.split(",")[0]
    shouted = town.isupper() and len(town) > 1 and not text[0].islower()
    if not shouted and not (agency and len(place.split()) <= 6 and not text[0].islower()):
        return piece
    found["dateline"] = place
    if agency:
        found["credit"] = Credit(source=agency.strip())
    state.guessed(f"the dateline {place!r}", piece.line)
    return CopyPiece(text, piece.line, piece.alone)
