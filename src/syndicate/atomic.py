"""Files that appear whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_whole(target: Path, content: bytes, commit: Callable[[], None] = lambda: None) -> None:
    """Put `content` at `target` so that a reader or a crash sees the old file or the new one.

    Writers of one target take turns. The file beside it in which the bytes gather has always the
    same name, so that what a crash leaves there is taken over by the next write.

    Args:
        commit: called when all is on disk and only the renaming is left.

    Raises:
        OSError: the folder cannot be written; `target` is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    gathering = target.with_name(f".{target.name[:80]}.part")
    with _alone(gathering) as file:
        try:
            file.truncate(0)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            commit()
            gathering.replace(target)
            _sync_folder(target.parent)
        except BaseException:
            gathering.unlink(missing_ok=True)
            raise


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """The file at `path`, made if it is missing, for one writer at a time."""
    while True:
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_still(path, file):
                yield file
                return


def _is_still(path: Path, file: BinaryIO) -> bool:
    """False if the writer before has renamed or removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
