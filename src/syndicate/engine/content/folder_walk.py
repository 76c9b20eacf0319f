"""What is in folders: names, sizes and times, with one look at each file. It loads nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from stat import S_ISDIR

UNREADABLE = "-1 -1"
"""The mark of a file that is reported when it is read."""


@dataclass(frozen=True)
class Listing:
    """What is directly in a folder: the mark of everything, by name, which of it are folders, each
    with whether it is a link, and the inodes. A mark is the size (bytes) and the time (ns)."""

    marks: Mapping[str, str]
    folders: Mapping[str, bool]
    inodes: Mapping[str, int]


@dataclass(frozen=True)
class FolderWalk:
    """A walk through folders that began at the time `at` (ns). It looks into each only once, so
    everyone who goes along sees the same."""

    at: int = field(default_factory=time.time_ns)
    _seen: dict[str, Listing] = field(default_factory=dict, repr=False)

    def look_into(self, folder: str) -> Listing:
        """What is in `folder`.

        Raises:
            OSError: it cannot be opened.
        """
        if folder not in self._seen:
            self._seen[folder] = listing_of(folder)
        return self._seen[folder]

    def look_again(self, folder: str) -> Listing:
        """What is in `folder` by now. Of files that were there before, only those are looked at
        that were replaced as a whole, as everything here is that writes files. One that something
        else has written into keeps its old mark, which is that of no file there now."""
        self._seen[folder] = listing_of(folder, self._seen.get(folder))
        return self._seen[folder]


def listing_of(folder: str, before: Listing | None = None) -> Listing:
    """What is in `folder` now.

    Args:
        before: files that have the same inode as they had then keep their mark.

    Raises:
        OSError: it cannot be opened.
    """
    marks, folders, inodes = dict[str, str](), dict[str, bool](), dict[str, int]()
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            inodes[name] = entry.inode()
            if before and name not in before.folders and before.inodes.get(name) == inodes[name]:
                marks[name] = before.marks[name]
                continue
            try:
                stat = entry.stat()
            except OSError:
                marks[name] = UNREADABLE
                continue
            marks[name] = f"{stat.st_size} {stat.st_mtime_ns}"
            if S_ISDIR(stat.st_mode):
                folders[name] = entry.is_symlink()
    return Listing(marks, folders, inodes)


def mark_of(file: str) -> str:
    """The size (bytes) and time (ns) of a file; while they are the same, it counts as unchanged."""
    try:
        stat = os.stat(file)  # noqa: PTH116 - hot path
    except OSError:
        return UNREADABLE
    return f"{stat.st_size} {stat.st_mtime_ns}"
