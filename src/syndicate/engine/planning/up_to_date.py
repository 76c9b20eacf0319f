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
from syndicate.engine.content.folder_walk import FolderWalk, Listing, mark_of
from syndicate.newsroom.root import SETTINGS

if TYPE_CHECKING:
    from syndicate.newsroom.newsroom import Newsroom


_SETTINGS = (SETTINGS, "channels", "templates")
_OUTPUTS = ("drafts", "out")


@dataclass(frozen=True)
class PublishInputs:
    """What people edit in a newsroom, as it was at one time: `settings` (with the templates) and
    `content` are SHA-256 over the name, size and time of every file, `walk` the walk that found
    them."""

    settings: str
    content: str
    walk: FolderWalk

    @classmethod
    def in_newsroom(cls, root: Path) -> PublishInputs:
        """What is in the newsroom at `root` now."""
        walk = FolderWalk()
        settings = _digest((root / name for name in _SETTINGS), walk.look_into)
        return cls(settings, _digest([root / "content"], walk.look_into), walk)


@dataclass(frozen=True)
class Rest:
    """How a run left things: nothing is to be done before `until`, unless something changes.
    `counts` are how many renderings were unchanged by then and how many waited for approval; None
    if that is not all there was to say."""

    until: datetime | None
    counts: tuple[int, int] | None = None


@dataclass(frozen=True)
class Settled:
    """What a run found that left nothing to do before `until` (RFC 3339): the inputs, and
    `outputs`, SHA-256 over every other file that planning looks at, `watched` among them. `counts`
    are those of its `Rest`."""

    until: str | None
    watched: tuple[str, ...]
    settings: str
    content: str
    outputs: str
    counts: tuple[int, int] | None

    @classmethod
    def last(cls, root: Path, channels: tuple[str, ...], due: bool = False) -> Settled | None:
        """What the last such run for `channels` recorded.

        Args:
            due: a run with `--due`.
        """
        try:
            kept = json.loads(_file(root).read_bytes())[_key(channels, due)]
            counts = kept["counts"] and tuple(kept["counts"])
            return cls(**{**kept, "watched": tuple(kept["watched"]), "counts": counts})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def is_so(self, root: Path, inputs: PublishInputs) -> bool:
        """Whether nothing has changed: a run would find nothing to do now."""
        return self.content == inputs.content and self.is_so_apart_from_content(root, inputs)

    def is_so_apart_from_content(self, root: Path, inputs: PublishInputs) -> bool:
        """Whether nothing has changed, except perhaps files in `content/`."""
        if self.settings != inputs.settings:
            return False
        if self.until and datetime.now(UTC) >= datetime.fromisoformat(self.until):
            return False
        return self.outputs == _outputs_mark(root, map(Path, self.watched), inputs.walk.look_into)


def only_content_changed(
    root: Path, channels: tuple[str, ...], due: bool, inputs: PublishInputs
) -> bool:
    """Whether all but `content/` is as a run for `channels` left it that left nothing to do."""
    settled = Settled.last(root, channels, due)
    return bool(settled and settled.is_so_apart_from_content(root, inputs))


def remember_up_to_date(
    newsroom: Newsroom,
    channels: tuple[str, ...],
    due: bool,
    rest: Rest,
    inputs: PublishInputs,
) -> None:
    """Record how a run for `channels` left things.

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
    watched |= set(newsroom.follow)
    for channel in newsroom.channels.values():
        watched |= {channel.plugin} if channel.plugin else set()
        for courier in channel.couriers.values():
            path = getattr(courier, "path", None)
            if isinstance(path, Path) and not path.is_relative_to(newsroom.root / "out"):
                watched.add(path)
    outputs = _outputs_mark(newsroom.root, watched, inputs.walk.look_again)
    names = tuple(sorted(map(str, watched)))
    until = rest.until.isoformat() if rest.until else None
    settled = Settled(until, names, inputs.settings, inputs.content, outputs, rest.counts)
    key = _key(channels, due)
    if Settled.last(newsroom.root, channels, due) == settled:
        return
    try:
        kept = json.loads(_file(newsroom.root).read_bytes())
    except (OSError, ValueError):
        kept = {}
    same = ("settings", "content", "outputs")
    entry = vars(settled)
    kept = {
        key: value
        for key, value in kept.items()
        if all(value.get(one) == entry[one] for one in same)
    }
    write_whole(_file(newsroom.root), json.dumps({**kept, key: entry}).encode())


def _file(root: Path) -> Path:
    return root / ".syndicate" / "cache" / "settled.json"


def _key(channels: tuple[str, ...], due: bool) -> str:
    names = [n for n in sorted(os.environ) if n.startswith(("SYNDICATE_", "SOURCE_DATE_"))]
    settings = [(name, os.environ[name]) for name in names]
    said = json.dumps([__version__, list(channels), due, settings])
    return hashlib.sha256(said.encode()).hexdigest()


def _outputs_mark(root: Path, watched: Iterable[Path], look_into: Callable[[str], Listing]) -> str:
    """SHA-256 over the name, size and time of every other file that planning looks at."""
    return _digest([*(root / name for name in _OUTPUTS), *sorted(watched)], look_into)


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
    for folder in sorted(name for name, is_link in here.folders.items() if not is_link):
        _add_folder(digest, f"{place}/{folder}", look_into)
