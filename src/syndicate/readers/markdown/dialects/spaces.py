"""Pictures whose names have spaces: `![A quay](my photo.jpg)`, which CommonMark reads as text."""

from __future__ import annotations

import re

from syndicate.readers.contract import Note
from syndicate.readers.reader_state import ReaderState, shortened_for_note

BARE = re.compile(
    r"(?<!\\)!\[(?P<alt>[^\[\]\n]{0,500})\]\((?P<src>[^()<>\n\"']{1,300}?\s[^()<>\n\"']{0,300}?"
    r"\.(?:jpe?g|png|gif|webp|svg|tiff?|heic))(?P<title>\s+\"[^\"\n]{0,500}\")?\)",
    re.IGNORECASE,
)


class SpacesDialect:
    """Puts such names between `<` and `>`, as Markdown requires."""

    def __init__(self, state: ReaderState) -> None:
        self._state = state

    def line(self, written: str, number: int) -> str:
        """A whole line, unchanged."""
        return written

    def words(self, written: str, number: int) -> str:
        """A line, or a part of one, with its pictures fixed."""
        return BARE.sub(lambda found: self._fenced(found, number), written)

    def _fenced(self, found: re.Match[str], number: int) -> str:
        name = found["src"].strip()
        shown = shortened_for_note(name)
        what = f"{shown!r} is a picture; a name with spaces should be written <{name}>"
        self._state.notes.append(Note("guessed", what, number, doubtful=True))
        return f"![{found['alt']}](<{name}>{found['title'] or ''})"
