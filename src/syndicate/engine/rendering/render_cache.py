"""What each article added to a rendering, kept for the next one: only what changed is made anew.

For each channel and rendering, a file in `.syndicate/cache/pieces/` holds the pieces of the last
one and no others, so nothing has to be cleared away but the pictures that they referred to. It may
be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from syndicate.adapters import Piece
from syndicate.kit import Loss
from syndicate.ledger.outbox import Outbox
from syndicate.ledger.records import StoredArtifact

_FORMAT = 2  # of the files; one of another format is made anew


@dataclass(frozen=True)
class Kept:
    """A piece as it was kept: its files are in the folder of files, under their digests."""

    content: bytes
    files: tuple[StoredArtifact, ...]
    losses: tuple[Loss, ...]


class Pieces:
    """The pieces of one rendering of a channel; `stamp` stands for all else that shapes them."""

    def __init__(self, cache: Path, channel: str, rendering: str, stamp: str) -> None:
        name = hashlib.sha256(json.dumps([channel, rendering]).encode()).hexdigest()
        self._file = cache / "pieces" / name
        self._files = Outbox(cache / "pieces")
        self._stamp = stamp
        self._before = dict(self._read())
        self._now: dict[str, Kept] = {}

    def recall(self, key: str) -> Kept | None:
        """The piece kept under `key`, None if there is none or one of its files is gone."""
        kept = self._before.get(key)
        if kept is None or not all(self._files.holds(file.digest) for file in kept.files):
            return None
        self._now[key] = kept
        return kept

    def keep(self, key: str, piece: Piece, losses: Iterable[Loss]) -> Kept:
        """Keep `piece`, in making which `losses` were reported."""
        files = tuple(self._files.put(file) for file in piece.artifacts)
        kept = Kept(piece.content, files, tuple(losses))
        self._now[key] = kept
        return kept

    def release(self, file: StoredArtifact, outbox: Outbox) -> StoredArtifact:
        """Put a kept file into `outbox`, without copying it."""
        outbox.link(file.digest, self._files.path(file.digest))
        return file

    def save(self) -> None:
        """Keep what was recalled and kept, and nothing else, for the next rendering."""
        if self._now.keys() == self._before.keys():
            return
        index = [_row(key, kept) for key, kept in self._now.items()]
        blob = b"".join(kept.content for kept in self._now.values())
        head = json.dumps([_FORMAT, self._stamp, hashlib.sha256(blob).hexdigest(), index])
        self._file.parent.mkdir(parents=True, exist_ok=True)
        own = self._file.with_suffix(f".{os.getpid()}")
        own.write_bytes(head.encode() + b"\n" + blob)
        own.replace(self._file)

    def _read(self) -> Iterator[tuple[str, Kept]]:
        try:
            head, _, blob = self._file.read_bytes().partition(b"\n")
            format_, stamp, digest, index = json.loads(head)
        except (OSError, ValueError):
            return
        if (format_, stamp) != (_FORMAT, self._stamp) or hashlib.sha256(blob).hexdigest() != digest:
            return
        place = 0
        for key, size, files, losses in index:
            content = blob[place : place + size]
            stored = tuple(
                StoredArtifact(name, media_type, sha256, bytes_, draft)
                for name, media_type, sha256, bytes_, draft in files
            )
            lost = tuple(Loss(article, block, reason) for article, block, reason in losses)
            yield key, Kept(content, stored, lost)
            place += size


def _row(key: str, kept: Kept) -> list[object]:
    """What the index says of `kept`, in the order in which `_read` takes it."""
    files = [[one.name, one.media_type, one.digest, one.size, one.draft] for one in kept.files]
    losses = [[one.article, one.block, one.reason] for one in kept.losses]
    return [key, len(kept.content), files, losses]


def tidy(cache: Path, renderings: Iterable[tuple[str, str]]) -> None:
    """Delete the pieces of all but these (channel, rendering), and files that none refers to."""
    folder = cache / "pieces"
    names = {
        hashlib.sha256(json.dumps(list(rendering)).encode()).hexdigest() for rendering in renderings
    }
    needed: set[str] = set()
    for file in folder.glob("*"):
        if not file.is_file():
            continue
        try:
            with file.open("rb") as lines:
                _, _, _, index = json.loads(lines.readline())
        except ValueError:  # or of an older format
            index = None
        if file.name in names and index is not None:
            needed |= {kept[2] for _, _, files, _ in index for kept in files}
        else:
            file.unlink(missing_ok=True)
    Outbox(folder).keep_only(frozenset(needed))
