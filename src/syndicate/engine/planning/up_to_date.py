"""Whether anything can have changed since a run that left nothing to do.

This is checked before anything heavy is imported. It compares the names, sizes and times of all
files that planning reads, the environment, and the clock.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate import __version__
from syndicate.atomic import write_whole
from syndicate.engine.content.folder_walk import FolderWalk, Listing, listing_of, mark_of
from syndicate.newsroom.root import SETTINGS

if TYPE_CHECKING:
    from syndicate.newsroom.newsroom import Newsroom


_INPUTS = ("channels", "content", "templates")
_OUTPUTS = ("drafts", "out")


@dataclass(frozen=True)
class PublishInputs:
    """What people edit in a newsroom, as it was at one time: `mark` is SHA-256 over the name, size
    and time of every file, `walk` the walk that found them."""

    mark: str
    walk: FolderWalk

    @classmethod
    def in_newsroom(cls, root: Path) -> PublishInputs:
        """What is in the newsroom at `root` now."""
        walk = FolderWalk()
        files = (root / name for name in (SETTINGS, *_INPUTS))
        return cls(_digest(files, walk.look_into), walk)


def is_settled(
    root: Path,
    channels: tuple[str, ...],
    due: bool = False,
    inputs: PublishInputs | None = None,
) -> bool:
    """Whether a run for `channels` would find nothing to do now.

    Args:
        due: a run with `--due`.
        inputs: those of now, if they are known.
    """
    try:
        kept = json.loads(_file(root).read_bytes())[_key(channels, due)]
        until = kept["until"] and datetime.fromisoformat(kept["until"])
        if until and datetime.now(UTC) >= until:
            return False
        inputs = inputs or PublishInputs.in_newsroom(root)
        if kept["inputs"] != inputs.mark:  # what changes most often, first
            return False
        return bool(kept["outputs"] == _outputs_mark(root, map(Path, kept["watched"])))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember_up_to_date(
    newsroom: Newsroom,
    channels: tuple[str, ...],
    due: bool,
    until: datetime | None,
    inputs: PublishInputs,
) -> None:
    """Record that there is nothing to do for `channels` before `until`, unless something changes.

    Recorded only if everything that planning reads is on this disk: a ledger on a server can change
    unnoticed.

    Args:
        inputs: those from before the run: an editor may have saved a file since.
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
        "inputs": inputs.mark,
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


def _file(root: Path) -> Path:
    return root / ".syndicate" / "cache" / "settled.json"


def _key(channels: tuple[str, ...], due: bool) -> str:
    names = [n for n in sorted(os.environ) if n.startswith(("SYNDICATE_", "SOURCE_DATE_"))]
    settings = [(name, os.environ[name]) for name in names]
    said = json.dumps([__version__, list(channels), due, settings])
    return hashlib.sha256(said.encode()).hexdigest()


def _outputs_mark(root: Path, watched: Iterable[Path]) -> str:
    """SHA-256 over the name, size and time of every other file that planning looks at."""
    return _digest([*(root / name for name in _OUTPUTS), *sorted(watched)], listing_of)


def _digest(places: Iterable[Path], look_into: Callable[[str], Listing]) -> str:
    digest = hashlib.sha256()
    for place in map(str, places):
        digest.update(f"{place} {mark_of(place)}\n".encode("utf-8", "surrogateescape"))
        if Path(place).is_dir():
            _add_folder(digest, place, look_into)
    return digest.hexdigest()


def _add_folder(digest: hashlib._Hash, place: str, look_into: Callable[[str], Listing]) -> None:
    try:
        here = look_into(place)
    except OSError:
        digest.update(b"closed\n")
        return
    names = sorted(here.marks)
    told = "\n".join((f"{place}:", *names, *map(here.marks.__getitem__, names)))
    digest.update(told.encode("utf-8", "surrogateescape"))
    for folder in sorted(here.folders):
        _add_folder(digest, f"{place}/{folder}", look_into)
