"""Who may read the files of a newsroom.

Whatever a command creates is private: `keep_private` sets the umask, so no code can forget it. What
readers fetch (`out/`) and what people edit (`content/`) is created with `make_public`,
`public_folder`, which use the umask that the command was started with. Cron may have a stricter one
than the command before: `make_served` and `served_folder` take nothing away from readers.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import Literal

Share = Literal["none", "group"]
# What file systems answer that have no modes (FAT, some shares), or cannot write out a folder.
UNSUPPORTED = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_SETGID = 0o2000  # what is created in such a folder belongs to the folder's group

_usual: int | None = None  # the umask that the command was started with
_share: Share = "none"


def keep_private(share: Share) -> None:
    """From now on, only this user can read and write what this process and its children create;
    with "group", the group can too."""
    global _usual, _share
    before = os.umask(_others(share))
    _usual, _share = before if _usual is None else _usual, share


def file_mode() -> int:
    """The mode of a private file: 0600, or 0660 if the group may use it."""
    return 0o666 & ~_others(_share)


def make_public(file: Path | int, target: Path) -> None:
    """Give a file (or its descriptor), which is about to become `target`, the mode that it would
    have without `keep_private`. Whoever can read the file that it replaces can read it too."""
    _make_public(file, target, 0)


def make_served(file: Path | int, target: Path) -> None:
    """As `make_public`. Whoever can enter the folder of `target` can read it too."""
    _make_public(file, target, (target.parent.stat().st_mode & 0o111) << 2)


def _make_public(file: Path | int, target: Path, rights: int) -> None:
    if _usual is None:
        return
    with suppress(FileNotFoundError):
        rights |= target.stat().st_mode & 0o666
    set_mode(file, rights | 0o666 & ~_usual)


def set_mode(file: Path | int, mode: int) -> None:
    """Give a file or folder (or its descriptor) a mode, where its file system has modes."""
    try:
        os.chmod(file, mode)  # noqa: PTH101 - a descriptor has no Path
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise


def public_folder(folder: Path) -> None:
    """Create `folder` and its parents if they are missing, for everyone to read."""
    for one in _missing(folder):
        one.mkdir(exist_ok=True)
        if _usual is not None:
            set_mode(one, 0o777 & ~_usual)


def served_folder(folder: Path) -> None:
    """As `public_folder`, but whoever can read the folder around a new one can also read that."""
    for one in _missing(folder):
        one.mkdir(exist_ok=True)
        if _usual is not None:
            set_mode(one, 0o777 & ~_usual | one.parent.stat().st_mode & 0o555)


def _missing(folder: Path) -> list[Path]:
    """`folder` and the folders around it that do not exist, the outermost first."""
    return [one for one in (folder, *folder.parents) if not one.exists()][::-1]


def is_shared(folder: Path) -> bool:
    """Whether `folder` has been shared with a group on purpose: the group can write to it, and is
    not the owner's own group, which many systems create for each user."""
    import grp
    import pwd

    try:
        stat = folder.stat()
        own = grp.getgrgid(stat.st_gid).gr_name == pwd.getpwuid(stat.st_uid).pw_name
    except (OSError, KeyError):
        return False
    return bool(stat.st_mode & 0o020) and not own


def close_to_others(places: Iterable[Path], share: Share) -> list[Path]:
    """Take from others what they can read of `places` and everything in them. With "group", the
    group can read and write it all.

    Returns:
        those of `places` that somebody else could read. What belongs to another user stays as it
        is.
    """
    changed = []
    for place in places:
        try:
            before = place.stat().st_mode
            if _wanted(before, share) == S_IMODE(before):
                continue
            for path in _all(place):
                mode = path.lstat().st_mode
                if _wanted(mode, share) != S_IMODE(mode):
                    path.chmod(_wanted(mode, share))
            if before & _others(share):
                changed.append(place)
        except OSError:  # it is missing, or belongs to somebody else
            continue
    return changed


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine can read `path`: its own mode and the folders above."""
    try:
        if not path.stat().st_mode & 0o004:
            return False
        return all(one.stat().st_mode & 0o001 for one in path.absolute().parents)
    except OSError:
        return False


def _others(share: Share) -> int:
    """The bits of a mode that give rights to somebody else."""
    return 0o007 if share == "group" else 0o077


def _wanted(mode: int, share: Share) -> int:
    """The mode that a file or folder of this `mode` should have."""
    kept = S_IMODE(mode) & ~_others(share) & ~_SETGID
    if share == "none":
        return kept
    return kept | (_SETGID | 0o770 if S_ISDIR(mode) else 0o660)


def _all(place: Path) -> Iterator[Path]:
    """`place` and everything in it that is a file or a folder, not a link."""
    yield place
    if place.is_dir():
        for folder, names, files in os.walk(place):
            for name in (*names, *files):
                mode = (path := Path(folder, name)).lstat().st_mode
                if S_ISDIR(mode) or S_ISREG(mode):
                    yield path
