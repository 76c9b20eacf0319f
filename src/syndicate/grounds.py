"""Files that a pull request may have brought: they are opened only if they are files, in folders
where they may be. A link out of them, a pipe or a device is named instead."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader
from pathlib import Path

Opener = Callable[[Path], BufferedReader]
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class OutsideError(OSError):
    """A link leads to a file that is not in a folder where it may be."""


class SpecialFileError(OSError):
    """Something is not a file: opening it could wait forever."""


def open_file(path: Path) -> BufferedReader:
    """The file at `path`, opened. It never waits.

    Raises:
        OSError: it is missing or cannot be read; `SpecialFileError` if it is a folder, a pipe, a
            socket or a device.
    """
    _check_kind(os.stat(path), path)  # noqa: PTH116 - opening some devices does something
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        _check_kind(os.fstat(descriptor), path)  # it may have been replaced
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind(seen: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(seen.st_mode):
        kind = next((name for fits, name in _KINDS if fits(seen.st_mode)), "something special")
        raise SpecialFileError(errno.EINVAL, f"it is {kind}, not a file", str(path))


@dataclass(frozen=True)
class Grounds:
    """The folders in which files may be, wherever links lead. A folder may be a link itself."""

    folders: tuple[Path, ...]

    @cached_property
    def _real(self) -> tuple[str, ...]:
        return tuple(os.path.realpath(folder) for folder in self.folders)

    def contain(self, path: Path | str) -> bool:
        """Whether `path` leads into one of the folders, through all links."""
        return self._holds(os.path.realpath(path))

    def open(self, path: Path) -> BufferedReader:
        """The file at `path`, opened; see `open_file`.

        Raises:
            OSError: as `open_file` does; `OutsideError` if it is not in one of the folders.
        """
        real = os.path.realpath(path)
        if os.path.lexists(real) and not self._holds(real):
            raise OutsideError(errno.EXDEV, "it is a link to somewhere outside", str(path))
        file = open_file(path)
        try:
            # That a link was changed meanwhile is found out: the file has to be the one at `real`.
            if not os.path.samestat(os.fstat(file.fileno()), os.lstat(real)):
                raise OutsideError(errno.EXDEV, "it has just been replaced", str(path))
        except BaseException:
            file.close()
            raise
        return file

    def read(self, path: Path) -> bytes:
        """The bytes of the file at `path`.

        Raises:
            OSError: as `open` does.
        """
        with self.open(path) as file:
            return file.read()

    def _holds(self, real: str) -> bool:
        return any(real == one or real.startswith(one.rstrip("/") + "/") for one in self._real)
