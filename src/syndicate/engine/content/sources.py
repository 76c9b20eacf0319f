"""The files in `content/`, and how they reach the readers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path, PurePosixPath

from syndicate.article.publication import Publication
from syndicate.errors import Location, SourceError
from syndicate.readers import MOST_BYTES, Reading, Source, stream, suffixes
from syndicate.readers.contract import HEAD, USUAL, Habits


def content_files(content: Path) -> Iterator[tuple[str, Path]]:
    """Each file below `content` that a reader knows, with its name relative to it, sorted."""
    for folder, folders, names in os.walk(content):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(folder).relative_to(content).as_posix()
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in suffixes():
                yield name if below == "." else f"{below}/{name}", Path(folder, name)


def readings_of(
    path: Path,
    name: PurePosixPath,
    publication: Publication,
    shown: str,
    habits: Habits = USUAL,
) -> Iterator[Reading]:
    """The articles in the file at `path`, as they are read.

    Args:
        name: its path below `content/`, or its bare name outside a newsroom.
        shown: what errors call it.
        habits: how the newsroom wants it read.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        stat = path.stat()
        with path.open("rb") as file:
            large = stat.st_size > MOST_BYTES
            data = file.read(HEAD) if large else file.read()
        beside = sidecar(path)
        stated = beside.read_bytes() if beside else None
    except OSError as error:
        raise unreadable(error, shown) from error
    folder = shown.removesuffix(str(name)).rstrip("/")
    opener = (lambda: path.open("rb")) if large else None
    modified = modified_time(stat)
    return stream(Source(name, data, modified, publication, folder, opener, stated, habits=habits))


def sidecar(path: Path) -> Path | None:
    """The `NAME.toml` next to the source `NAME.ext` at `path`, or None."""
    beside = path.with_suffix(".toml")
    return beside if beside != path and beside.is_file() else None


def named(name: str, readings: Iterable[Reading]) -> Iterator[tuple[str, Reading]]:
    """Each of `readings` with a name: its file's, plus a number if the file has several."""
    rest = iter(readings)
    first = list(islice(rest, 2))
    for number, reading in enumerate(chain(first, rest), 1):
        fragment = reading.fragment or (str(number) if len(first) > 1 else "")
        yield f"{name}#{fragment}" if fragment else name, reading


def unreadable(error: OSError, shown: str) -> SourceError:
    """The error for a file that cannot be opened."""
    return SourceError(f"cannot be read: {error.strerror or error}", where=Location(shown))


def modified_time(stat: os.stat_result) -> datetime:
    """A file's own time in whole seconds of UTC, no later than `SOURCE_DATE_EPOCH` if set."""
    seconds = int(stat.st_mtime)
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        seconds = min(seconds, int(epoch))
    return datetime.fromtimestamp(seconds, UTC)
