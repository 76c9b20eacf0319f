"""Source → article. One file a format; this table names them by suffix."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from syndicate.plugins import load
from syndicate.readers.contract import MOST_BYTES, Note, Reader, Reading, Source

__all__ = [
    "MOST_BYTES",
    "READERS",
    "SUFFIXES",
    "Note",
    "Reader",
    "Reading",
    "Source",
    "reader_for",
]

READERS = {
    "markdown": "syndicate.readers.markdown:Markdown",
    "newscopy": "syndicate.readers.newscopy:NewsCopy",
    "json": "syndicate.readers.canonical:CanonicalJSON",
}
SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".txt": "newscopy", ".json": "json"}


def reader_for(path: PurePosixPath) -> Reader | None:
    """The reader for a file of this name, None if no reader knows its suffix."""
    name = SUFFIXES.get(path.suffix.lower())
    if name is None:
        return None
    return load(name, READERS, "syndicate.readers", Reader, Path())()  # type: ignore[type-abstract]
