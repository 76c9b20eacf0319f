"""Whether anything can have changed since a run that left nothing to do.

This is checked before anything heavy is imported. It compares the names, sizes and times of all
files that planning reads, the environment, and the clock.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
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


def is_settled(root: Path, channels: tuple[str, ...], due: bool = False) -> bool:
    """Whether a run for `channels` would find nothing to do now. `due`: a run with `--due`."""
    try:
        kept = json.loads(_file(root).read_bytes())[_key(channels, due)]
        until = kept["until"] and datetime.fromisoformat(kept["until"])
        if until and datetime.now(UTC) >= until:
            return False
        return bool(kept["mark"] == _mark(root, map(Path, kept["watched"])))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember(
    newsroom: Newsroom, channels: tuple[str, ...], due: bool, until: datetime | None, inputs: str
) -> None:
    """Record that there is nothing to do for `channels` before `until`, unless something changes.

    Recorded only if everything that planning reads is on this disk (a ledger on a server can change
    unnoticed), and only if `inputs`, the `inputs_mark` from before the run, is still the same: an
    editor may have saved a file during the run.
    """
    if "://" in newsroom.ledger or inputs != inputs_mark(newsroom.root):
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
        "mark": _mark(newsroom.root, watched),
    }
    key = _key(channels, due)
    if kept.get(key) != entry:
        kept = {key: value for key, value in kept.items() if value["mark"] == entry["mark"]}
        write_whole(_file(newsroom.root), json.dumps({**kept, key: entry}).encode())


def inputs_mark(root: Path) -> str:
    """SHA-256 over the name, size and time of every file that people edit."""
    return _digest(root / name for name in (SETTINGS, *_INPUTS))


def _file(root: Path) -> Path:
    return root / ".syndicate" / "cache" / "settled.json"


def _key(channels: tuple[str, ...], due: bool) -> str:
    names = [n for n in sorted(os.environ) if n.startswith(("SYNDICATE_", "SOURCE_DATE_"))]
    settings = [(name, os.environ[name]) for name in names]
    said = json.dumps([__version__, list(channels), due, settings])
    return hashlib.sha256(said.encode()).hexdigest()


def _mark(root: Path, watched: Iterable[Path]) -> str:
    """SHA-256 over the name, size and time of every file that planning reads."""
    return _digest([*(root / name for name in (SETTINGS, *_INPUTS, *_OUTPUTS)), *sorted(watched)])


def _digest(places: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for place in places:
        for line in _lines(str(place)):
            digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _lines(place: str) -> Iterator[str]:
    try:
        stat = os.stat(place)  # noqa: PTH116 - thousands of these are the whole cost
    except OSError:
        yield f"{place} gone\n"
        return
    yield f"{place} {stat.st_size} {stat.st_mtime_ns}\n"
    if S_ISDIR(stat.st_mode):
        with os.scandir(place) as entries:
            for path in sorted(entry.path for entry in entries):
                yield from _lines(path)
