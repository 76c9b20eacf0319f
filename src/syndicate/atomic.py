"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def write_whole(target: Path, content: bytes, commit: Callable[[], None] = lambda: None) -> None:
    """Put `content` at `target` so that a reader or a crash sees the old file or the new one.

    One process at a time may write a target: the file beside it in which the bytes gather has
    always the same name, so that what a crash leaves there is taken over by the next write.

    Args:
        commit: called when all is on disk and only the renaming is left.

    Raises:
        OSError: the folder cannot be written; `target` is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    gathering = target.with_name(f".{target.name[:80]}.part")
    try:
        with gathering.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        commit()
        gathering.replace(target)
        _sync_folder(target.parent)
    except BaseException:
        gathering.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
