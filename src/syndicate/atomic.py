"""Atomic file writes: a file appears whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from syndicate.private import UNSUPPORTED, make_public, make_served, public_folder, served_folder

_PATIENCE, _PAUSE = 30.0, 0.005  # seconds


def write_public(target: Path, content: bytes, commit: Callable[[], None] = lambda: None) -> None:
    """As `write_whole`, for everyone to read: what people edit."""
    public_folder(target.parent)
    _write(target, content, commit, lambda file: make_public(file, target))


def write_served(target: Path, content: bytes, commit: Callable[[], None] = lambda: None) -> None:
    """As `write_whole`, for everyone to read: what readers fetch."""
    served_folder(target.parent)
    _write(target, content, commit, lambda file: make_served(file, target))


def write_whole(target: Path, content: bytes, commit: Callable[[], None] = lambda: None) -> None:
    """Write `content` to `target`, so that readers see the old file or the new one, even after a
    crash.

    Writers of the same target take turns. The bytes are first written to a part file next to the
    target. Its name is always the same, so the next write reuses what a crash left there.

    Args:
        commit: called when everything is on disk and only the rename is left.

    Raises:
        OSError: the folder cannot be written, or another process does not finish writing;
            `target` is unchanged.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, content, commit, lambda _: None)


def remove_whole(target: Path, above: Path) -> None:
    """Delete `target`, if it is there, and the folders in which nothing is left, but not `above`.
    It stays deleted after a power cut.

    Raises:
        OSError: it cannot be deleted.
    """
    try:
        target.unlink()
    except FileNotFoundError:
        return
    sync_folder(target.parent)
    for folder in target.parents:
        if folder == above or not folder.is_relative_to(above):
            return
        try:
            folder.rmdir()
        except OSError:  # something is left in it
            return


def _write(
    target: Path, content: bytes, commit: Callable[[], None], release: Callable[[int], None]
) -> None:
    part = _part_of(target)
    with _exclusive(part) as file:
        try:
            release(file.fileno())
            file.truncate(0)
            file.write(content)
            file.flush()
            sync(file.fileno())
            commit()
            part.replace(target)
            sync_folder(target.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


@contextmanager
def _exclusive(path: Path) -> Iterator[BinaryIO]:
    """The file at `path`, locked for one writer; created if it is missing.

    Raises:
        TimeoutError: another process does not finish writing; perhaps it is paused.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        with path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > end:
                    told = "another process has been writing it for half a minute"
                    raise TimeoutError(errno.ETIMEDOUT, told) from error
                time.sleep(_PAUSE)
                continue
            if _is_at(path, file):
                yield file
                return


def _is_at(path: Path, file: BinaryIO) -> bool:
    """Whether `file` is still at `path`; the previous writer may have renamed or removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _part_of(target: Path) -> Path:
    """The part file of `target`. Its name has at most 255 bytes, whatever those of the target."""
    return target.with_name(f".{target.name[:60]}.part")


def place_new(own: Path, target: Path) -> None:
    """Give the file `own`, which nobody else writes, the name `target`, unless there is a file of
    that name already; then `own` is deleted.

    Raises:
        OSError: the folder cannot be written.
    """
    try:
        os.link(own, target)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        part = _part_of(target)
        with _exclusive(part):
            try:
                if not target.exists():
                    own.rename(target)
                    return
            finally:
                part.unlink(missing_ok=True)
    own.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names of files in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def sync(descriptor: int) -> None:
    """Write a file or a folder to the disk, where the file system can do that: some on servers
    cannot for folders."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
