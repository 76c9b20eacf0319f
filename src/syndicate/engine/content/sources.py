"""The files in `content/`, and how they reach the readers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from syndicate.article.publication import Publication
from syndicate.engine.content.folder_walk import FolderWalk
from syndicate.errors import Location, SourceError
from syndicate.readers import MOST_BYTES, Reading, Source, reader_suffixes, stream
from syndicate.readers.contract import HEAD, USUAL, Habits
from syndicate.readers.dates import DateOrder, date_order_in
from syndicate.readers.others import (
    LICENCES,
    PICTURES,
    is_system_file,
    is_unreadable_document,
    remedy_for_unreadable,
    unreadable_file,
)


@dataclass(frozen=True)
class FoundFiles:
    """The files below `folder`: those that a reader takes, by their names relative to it, each with
    its mark and that of its sidecar if it has one; and of the others all but pictures, sidecars and
    what systems and editors leave there, each with what to do. They were looked for at the time
    `at` (ns). `closed` are the folders that cannot be looked into, "" for `folder` itself."""

    folder: Path
    files: dict[str, str]
    unread: tuple[SourceError, ...]
    at: int
    closed: frozenset[str] = frozenset()

    def is_closed(self, name: str) -> bool:
        """Whether the file `name` is in a folder that cannot be looked into."""
        return any(not one or name.startswith(f"{one}/") for one in self.closed)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names and marks. While it is the same, nothing has to be looked at."""
        told = "\n".join((*self.files, "", *self.files.values(), *map(str, self.unread)))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()

    @cached_property
    def newest(self) -> int:
        """The time (ns) of the file that changed last."""
        return max(map(latest, self.files.values()), default=0)


def content_files(content: Path) -> Iterator[tuple[str, Path]]:
    """Each file below `content` that a reader takes, with its name relative to it, sorted."""
    return ((name, content / name) for name in files_found_in(content, "content").files)


def files_found_in(
    folder: Path,
    shown: str,
    enter: Callable[[str], None] = lambda _: None,
    walk: FolderWalk | None = None,
) -> FoundFiles:
    """The files below `folder`, which errors call `shown`.

    Args:
        enter: told of each folder before it is looked through.
        walk: one that may have looked through it; None begins a new one.
    """
    files: dict[str, str] = {}
    others: dict[str, str] = {}
    known = reader_suffixes()
    closed: list[SourceError] = []
    shut: set[str] = set()
    places, walk = [""], walk or FolderWalk()
    while places:
        below = places.pop()
        place = str(folder / below)
        enter(place)
        try:
            here = walk.look_into(place)
        except OSError as error:
            closed.append(unreadable_source(error, f"{shown}/{below or '.'}"))
            shut.add(below)
            continue
        inside: list[str] = []
        prefix = f"{below}/" if below else ""
        for title in sorted(here.marks):
            is_source = title[title.rfind(".") :].lower() in known
            if not (is_source and title[0].isalnum()) and is_system_file(title):
                continue  # the pattern is slow, and no system's file looks like an article's
            is_link = here.folders.get(title)
            if is_link:
                continue  # links to folders are not followed
            if not _is_utf8(title):
                closed.append(_misnamed(f"{shown}/{prefix}{title}"))
            elif is_link is not None:
                inside.append(prefix + title)
            elif is_source:
                files[prefix + title] = here.marks[title]
            else:
                others[prefix + title] = here.marks[title]
        places += reversed(inside)
    beside = {name.removesuffix(".toml"): m for name, m in others.items() if name.endswith(".toml")}
    for name in files if beside else ():
        if sidecar := beside.get(name.rpartition(".")[0]):
            files[name] += f" {sidecar}"
    unread = (*closed, *_unread(files, others, shown))
    return FoundFiles(folder, files, unread, walk.at, frozenset(shut))


def _is_utf8(name: str) -> bool:
    """Whether the bytes of a file's name are UTF-8, so that it can be stored and printed."""
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def _misnamed(path: str) -> SourceError:
    """The error for a file or folder whose name is not UTF-8, as in archives from old computers."""
    return SourceError(
        "its name is not in UTF-8, so it is not read",
        where=Location(path.encode("utf-8", "backslashreplace").decode()),
        hint="rename it, without special characters",
    )


def latest(marks: str) -> int:
    """The latest time (ns) in the marks of a file and its sidecar."""
    return max(map(int, marks.split()[1::2]))


def _unread(files: Iterable[str], others: Collection[str], shown: str) -> Iterator[SourceError]:
    """What to say of `others`; many of one ending that are no documents in one line."""
    sidecars: set[str] = set()
    if any(name.endswith(".toml") for name in others):
        sidecars = {f"{name.rpartition('.')[0]}.toml" for name in files}
    alike: dict[str, list[str]] = {}
    for name in others:
        path = PurePosixPath(name)
        suffix = path.suffix.lower()
        if suffix in PICTURES or name in sidecars or path.name.lower() in LICENCES:
            continue
        if suffix == ".toml":
            yield SourceError(
                "there is no article of this name, so nothing here is used",
                where=Location(f"{shown}/{name}"),
                hint="name it as the article's file is named, with .toml instead of its ending",
            )
        elif suffix and not is_unreadable_document(suffix):
            alike.setdefault(suffix, []).append(name)
        else:
            where = Location(f"{shown}/{name}")
            yield SourceError(
                unreadable_file(name), where=where, hint=remedy_for_unreadable(suffix)
            )
    for suffix, names in alike.items():
        more = f" ({len(names)} of them)" if len(names) > 1 else ""
        where = Location(f"{shown}/{names[0]}")
        yield SourceError(
            f"{unreadable_file(names[0])}{more}", where=where, hint=remedy_for_unreadable(suffix)
        )


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
        if not S_ISREG(stat.st_mode):
            raise SourceError("this is no file that can be read", where=Location(shown))
        with path.open("rb") as file:
            large = stat.st_size > MOST_BYTES
            data = file.read(HEAD) if large else file.read()
            after = os.fstat(file.fileno())
        if (after.st_size, after.st_mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            raise SourceError(
                "is still being written", where=Location(shown), hint="it is read by the next run"
            )
        beside = sidecar_in_content(path)
        stated = beside.read_bytes() if beside else None
    except OSError as error:
        raise unreadable_source(error, shown) from error
    folder = shown.removesuffix(str(name)).rstrip("/")
    opener = (lambda: path.open("rb")) if large else None
    modified = source_modified_time(stat)
    return stream(Source(name, data, modified, publication, folder, opener, stated, habits=habits))


def date_order_of(paths: Iterable[Path]) -> DateOrder:
    """What the dates in numbers in the files at `paths` tell of the order of day and month."""
    order = DateOrder.UNSEEN
    for path in paths:
        try:
            with path.open("rb") as file:
                order |= date_order_in(file.read(HEAD))
        except OSError:
            continue  # it is named when it is read
    return order


def sidecar_in_content(path: Path) -> Path | None:
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


def unreadable_source(error: OSError, shown: str) -> SourceError:
    """The error for a file that cannot be opened."""
    return SourceError(f"cannot be read: {error.strerror or error}", where=Location(shown))


def source_modified_time(stat: os.stat_result) -> datetime:
    """A file's own time in whole seconds of UTC, no later than `SOURCE_DATE_EPOCH` if set."""
    seconds = int(stat.st_mtime)
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        seconds = min(seconds, int(epoch))
    return datetime.fromtimestamp(seconds, UTC)
