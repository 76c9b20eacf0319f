"""The files in `content/`, and how they reach the readers."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, islice
from pathlib import Path, PurePosixPath

from syndicate.article.publication import Publication
from syndicate.engine.content.folder_walk import FolderWalk
from syndicate.errors import Location, SourceError
from syndicate.grounds import Grounds, Opener, OutsideError, SpecialFileError, open_file
from syndicate.newsroom.newsroom import Newsroom
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
    grounds: Grounds | None = None,
) -> FoundFiles:
    """The files below `folder`, which errors call `shown`.

    Args:
        enter: told of each folder before it is looked through.
        walk: one that may have looked through it; None begins a new one.
        grounds: where links to folders may lead; None allows none.
    """
    links = FolderLinks(folder, grounds or Grounds((folder,)))
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
            if not _is_utf8(title):
                closed.append(_misnamed(f"{shown}/{prefix}{title}"))
            elif is_link and (refused := links.refused(prefix + title, shown)):
                closed.append(refused)
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


@dataclass(frozen=True)
class FolderLinks:
    """Links to folders below `folder`: those into `grounds` are followed, each place once."""

    folder: Path
    grounds: Grounds
    _entered: set[str] = field(default_factory=set)

    def refused(self, name: str, shown: str) -> SourceError | None:
        """Why the link `name` is not followed, None if it is."""
        real = os.path.realpath(self.folder / name)
        where = Location(f"{shown}/{name}")
        if not self.grounds.contain(real):
            return SourceError(
                "it is a link to a folder outside, so nothing in it is read",
                where=where,
                hint="copy the folder here; or allow it in syndicate.toml: [content] follow = […]",
            )
        if real in self._entered or Grounds((self.folder,)).contain(real):
            return SourceError(
                "it is a link to a folder that is read already",
                where=where,
                hint="remove the link, or let the articles stay where they are",
            )
        self._entered.add(real)
        return None


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


@dataclass(frozen=True)
class SourceFile:
    """The file at `path`, which errors call `shown`, and its sidecar. `open` opens files of the
    folder that they are in: in a newsroom only those that are in `content/`."""

    path: Path
    shown: str
    open: Opener = open_file

    @classmethod
    def in_content(cls, newsroom: Newsroom, name: str) -> SourceFile:
        """The file called `name` in the newsroom's `content/`."""
        return cls(newsroom.content / name, f"content/{name}", newsroom.grounds.open)

    @property
    def sidecar(self) -> Path | None:
        """The `NAME.toml` next to this `NAME.ext`, or None."""
        beside = self.path.with_suffix(".toml")
        return beside if beside != self.path and os.path.lexists(beside) else None

    def sidecar_bytes(self) -> bytes | None:
        """The bytes of the sidecar, if there is one.

        Raises:
            SourceError: it cannot be read.
        """
        beside = self.sidecar
        try:
            with self.open(beside) if beside else nullcontext() as file:
                return file.read() if file else None
        except OSError as error:
            shown = str(PurePosixPath(self.shown).with_suffix(".toml"))
            raise unreadable_source(error, shown) from error

    def digest(self) -> str:
        """SHA-256 of the file, and that of its sidecar if it has one.

        Raises:
            OSError: it cannot be read.
            SourceError: its sidecar cannot be read.
        """
        with self.open(self.path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        beside = self.sidecar_bytes()
        return digest + (hashlib.sha256(beside).hexdigest() if beside is not None else "")

    def date_order(self) -> DateOrder:
        """What the dates in numbers in it tell of the order of day and month."""
        with suppress(OSError), self.open(self.path) as file:
            return date_order_in(file.read(HEAD))
        return DateOrder.UNSEEN  # it is named when it is read


def date_order_of(files: Iterable[SourceFile]) -> DateOrder:
    """What the dates in numbers in `files` tell of the order of day and month."""
    order = DateOrder.UNSEEN
    for file in files:
        order |= file.date_order()
    return order


def readings_of(
    source: SourceFile, name: PurePosixPath, publication: Publication, habits: Habits = USUAL
) -> Iterator[Reading]:
    """The articles in `source`, as they are read.

    Args:
        name: its path below `content/`, or its bare name outside a newsroom.
        habits: how the newsroom wants it read.

    Raises:
        SourceError: it cannot be read.
    """
    path, shown = source.path, source.shown
    try:
        with source.open(path) as file:
            stat = os.fstat(file.fileno())
            large = stat.st_size > MOST_BYTES
            data = file.read(HEAD) if large else file.read()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise unreadable_source(error, shown) from error
    if (after.st_size, after.st_mtime_ns) != (stat.st_size, stat.st_mtime_ns):
        raise SourceError(
            "is still being written", where=Location(shown), hint="it is read by the next run"
        )
    stated = source.sidecar_bytes()
    folder = shown.removesuffix(str(name)).rstrip("/")
    opener = (lambda: source.open(path)) if large else None
    modified = source_modified_time(stat)
    return stream(Source(name, data, modified, publication, folder, opener, stated, habits=habits))


def named(name: str, readings: Iterable[Reading]) -> Iterator[tuple[str, Reading]]:
    """Each of `readings` with a name: its file's, plus a number if the file has several."""
    rest = iter(readings)
    first = list(islice(rest, 2))
    for number, reading in enumerate(chain(first, rest), 1):
        fragment = reading.fragment or (str(number) if len(first) > 1 else "")
        yield f"{name}#{fragment}" if fragment else name, reading


def unreadable_source(error: OSError, shown: str) -> SourceError:
    """The error for a file that cannot be opened."""
    hint = None
    if isinstance(error, OutsideError):
        hint = "copy the file here; or allow its folder in syndicate.toml: [content] follow = […]"
    elif isinstance(error, SpecialFileError):
        hint = "remove it, or move it out of this folder"
    elif error.errno == errno.ELOOP:
        hint = "remove the link: it leads back to itself"
    elif error.errno == errno.ENOENT and os.path.islink(error.filename or ""):  # noqa: PTH114 - may be bytes
        hint = "remove the link: what it leads to does not exist"
    return SourceError(
        f"cannot be read: {error.strerror or error}", where=Location(shown), hint=hint
    )


def source_modified_time(stat: os.stat_result) -> datetime:
    """A file's own time in whole seconds of UTC, no later than `SOURCE_DATE_EPOCH` if set."""
    seconds = int(stat.st_mtime)
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        seconds = min(seconds, int(epoch))
    return datetime.fromtimestamp(seconds, UTC)
