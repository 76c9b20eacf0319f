"""Whether anything can have changed since a run that left nothing to do.

This is checked before anything heavy is imported. It compares the names, sizes and times of all
files that planning reads, the environment, and the clock.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING

from syndicate import __version__
from syndicate.atomic import write_whole
from syndicate.newsroom.root import SETTINGS

if TYPE_CHECKING:
    from syndicate.newsroom.newsroom import Newsroom


_INPUTS = ("channels", "content", "templates")
_OUTPUTS = ("drafts", "out")


def is_settled(
    root: Path, channels: tuple[str, ...], due: bool = False, inputs: str | None = None
) -> bool:
    """Whether a run for `channels` would find nothing to do now.

    Args:
        due: a run with `--due`.
        inputs: the `up_to_date_mark` of now, if it is known.
    """
    try:
        kept = json.loads(_file(root).read_bytes())[_key(channels, due)]
        until = kept["until"] and datetime.fromisoformat(kept["until"])
        if until and datetime.now(UTC) >= until:
            return False
        if kept["inputs"] != (inputs or up_to_date_mark(root)):  # what changes most often, first
            return False
        return bool(kept["outputs"] == _outputs_mark(root, map(Path, kept["watched"])))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember_up_to_date(
    newsroom: Newsroom, channels: tuple[str, ...], due: bool, until: datetime | None, inputs: str
) -> None:
    """Record that there is nothing to do for `channels` before `until`, unless something changes.

    Recorded only if everything that planning reads is on this disk: a ledger on a server can change
    unnoticed.

    Args:
        inputs: the `up_to_date_mark` from before the run: an editor may have saved a file since.
    """
    if "://" in newsroom.ledger:
        return
    from syndicate.newsroom.starter import starter

    # While somebody has the ledger open, changes are in a file next to it.
    ledger = newsroom.root / newsroom.ledger
    watched = {ledger, ledger.with_name(f"{ledger.name}-wal"), starter() / "templates"}
    for channel in newsroom.channels.values():
        watched |= {channel.plugin} if channel.plugin else set()
        for courier in channel.couriers.values():
            path = getattr(courier, "path", None)
            if isinstance(path, Path) and not path.is_relative_to(newsroom.root / "out"):
                watched.add(path)
    try:
        kept = json.loads(_file(newsroom.root).read_bytes())
    except (OSError, ValueError):
        kept = {}
    entry = {
        "until": until and until.isoformat(),
        "watched": sorted(map(str, watched)),
        "inputs": inputs,
        "outputs": _outputs_mark(newsroom.root, watched),
    }
    key = _key(channels, due)
    if kept.get(key) != entry:
        marks = (entry["inputs"], entry["outputs"])
        kept = {
            key: value
            for key, value in kept.items()
            if (value.get("inputs"), value.get("outputs")) == marks
        }
        write_whole(_file(newsroom.root), json.dumps({**kept, key: entry}).encode())


def up_to_date_mark(root: Path) -> str:
    """SHA-256 over the name, size and time of every file that people edit."""
    return _digest(root / name for name in (SETTINGS, *_INPUTS))


def _file(root: Path) -> Path:
    return root / ".syndicate" / "cache" / "settled.json"


def _key(channels: tuple[str, ...], due: bool) -> str:
    names = [n for n in sorted(os.environ) if n.startswith(("SYNDICATE_", "SOURCE_DATE_"))]
    settings = [(name, os.environ[name]) for name in names]
    said = json.dumps([__version__, list(channels), due, settings])
    return hashlib.sha256(said.encode()).hexdigest()


def _outputs_mark(root: Path, watched: Iterable[Path]) -> str:
    """SHA-256 over the name, size and time of every other file that planning looks at."""
    return _digest([*(root / name for name in _OUTPUTS), *sorted(watched)])


def _digest(places: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for place in places:
        try:
            stat = os.stat(place)  # noqa: PTH116 - thousands of these are the whole cost
        except OSError:
            digest.update(f"{place} gone\n".encode("utf-8", "surrogateescape"))
            continue
        digest.update(
            f"{place} {stat.st_size} {stat.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
        )
        if S_ISDIR(stat.st_mode):
            _add_folder(digest, str(place))
    return digest.hexdigest()


def _add_folder(digest: hashlib._Hash, place: str) -> None:
    lines, folders = [], []
    with os.scandir(place) as entries:
        for entry in entries:  # none is kept: a folder may have a hundred thousand
            try:
                stat = entry.stat()
            except OSError:
                lines.append(f"{entry.name} gone")
                continue
            lines.append(f"{entry.name} {stat.st_size} {stat.st_mtime_ns}")
            if S_ISDIR(stat.st_mode):
                folders.append(entry.path)
    lines.sort()
    digest.update("\n".join((f"{place}:", *lines)).encode("utf-8", "surrogateescape"))
    for folder in sorted(folders):
        _add_folder(digest, folder)
