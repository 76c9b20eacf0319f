"""Source → article. One file a format; this table names them by suffix."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from syndicate.errors import SourceError, SyndicateError
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
    "read",
    "reader_for",
]

READERS = {
    "markdown": "syndicate.readers.markdown:Markdown",
    "newscopy": "syndicate.readers.newscopy:NewsCopy",
    "json": "syndicate.readers.canonical:CanonicalJSON",
}
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "newscopy",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}


def reader_for(path: PurePosixPath) -> Reader | None:
    """The reader for a file of this name, None if no reader knows its suffix."""
    name = SUFFIXES.get(path.suffix.lower())
    if name is None:
        return None
    return load(name, READERS, "syndicate.readers", Reader, Path())()  # type: ignore[type-abstract]


def read(source: Source) -> list[Reading]:
    """The articles in `source`.

    Raises:
        SourceError: no reader knows its suffix, it is too large, or it cannot be read as an
            article; `Problems` if several things are wrong. Never anything else.
    """
    if len(source.data) > MOST_BYTES:
        raise SourceError(
            f"{len(source.data):,} bytes; an article may have {MOST_BYTES:,}", where=source.at()
        )
    reader = reader_for(source.path)
    if reader is None:
        raise SourceError(
            f"no reader knows files ending in {source.path.suffix!r}",
            where=source.at(),
            hint=f"known: {', '.join(sorted(SUFFIXES))}",
        )
    try:
        readings = list(reader.read(source))
    except SyndicateError:
        raise
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise SourceError(f"{path}: {first['msg']}", where=source.at()) from error
    except Exception as error:
        raise SourceError(
            f"cannot be read as an article ({type(error).__name__}: {error})", where=source.at()
        ) from error
    for reading in readings:
        if not reading.article.body:
            raise SourceError("the article has no body", where=source.at())
    return readings
