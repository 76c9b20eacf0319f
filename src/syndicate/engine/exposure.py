"""Private files that others can read: other users of this machine, or everyone with the git
repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from syndicate.newsroom.newsroom import Newsroom
from syndicate.private import open_to_others

_TEXTS = (".csv", ".tsv", ".txt")  # of lists of subscribers, and of passwords
_HEAD = 4096  # bytes of such a file that are looked at
_GIT_SECONDS = 20


def readable_by_others(newsroom: Newsroom) -> list[str]:
    """The private files and folders of `newsroom` that other users of this machine can read."""
    places = dict.fromkeys((*newsroom.private, *_secrets(newsroom)))
    found = [one for one in places if open_to_others(one)]
    return [_shown(newsroom, one) for one in found if one.parent not in found]


def tracked_by_git(newsroom: Newsroom) -> list[str]:
    """The private files of `newsroom` that are in its git repository."""
    return _private_among(newsroom, _git(newsroom.root, "ls-files", "-z"))


def unknown_to_git(newsroom: Newsroom) -> list[str]:
    """The private files of `newsroom` that the next `git add .` would put into its repository."""
    names = _git(newsroom.root, "ls-files", "-z", "--others", "--exclude-standard")
    return _private_among(newsroom, names)


def is_in_git(newsroom: Newsroom, path: Path) -> bool:
    """Whether `path` (below the newsroom's folder) is in its git repository, or was."""
    return bool(_git(newsroom.root, "log", "-1", "-z", "--format=%h", "--all", "--", str(path)))


def _secrets(newsroom: Newsroom) -> Iterator[Path]:
    """The files with secrets or addresses that people keep in the newsroom's folder."""
    yield from sorted((newsroom.root / "channels").glob("*.local.toml"))
    for path in sorted(newsroom.root.iterdir()):
        if path.name == ".env" or (path.suffix in _TEXTS and _has_people(path)):
            yield path
    for channel in newsroom.channels.values():
        for courier in channel.couriers.values():
            if isinstance(key := getattr(courier, "dkim_key", None), Path):
                yield key


def _has_people(path: Path) -> bool:
    """Whether `path` is a list of subscribers or a file of passwords."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8-sig", "replace")
    except OSError:
        return False
    first = head.partition("\n")[0].lower()
    return ":$argon2" in first or ("mail" in first and "@" in head)


def _private_among(newsroom: Newsroom, names: Iterable[str]) -> list[str]:
    """Those of `names` (files below the newsroom's folder) that are private, except drafts: teams
    may keep those in git. All in `.syndicate/` counts as one."""
    secret = {_shown(newsroom, path) for path in (*_secrets(newsroom), *newsroom.private)}
    state = f"{newsroom.state.name}/"
    shown = (state if name.startswith(state) else name for name in names)
    return [name for name in dict.fromkeys(shown) if name == state or name in secret]


def _git(root: Path, *words: str) -> list[str]:
    """What git lists; nothing if there is no git or no repository."""
    if shutil.which("git") is None:
        return []
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, timeout=_GIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _shown(newsroom: Newsroom, path: Path) -> str:
    return os.path.relpath(path, newsroom.root)
