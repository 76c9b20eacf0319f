"""What each article added to a rendering, kept for the next one: only what changed is made anew.

The pieces of a rendering are one blob in the store, which the ledger names. Their pictures are
artifacts of the same rendering.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syndicate.adapters import Piece
from syndicate.errors import MissingBlobError
from syndicate.kit import Loss
from syndicate.ledger.records import StoredArtifact
from syndicate.store import BlobStore

_FORMAT = 3  # of the blobs; one of another format is made anew


@dataclass(frozen=True)
class Kept:
    """A piece as it was kept. Its files are in the store."""

    content: bytes
    files: tuple[StoredArtifact, ...]
    losses: tuple[Loss, ...]


class RenderedPieces:
    """The pieces of a rendering. `last` is the digest of those of the rendering before, "" if there
    was none; `stamp` stands for all else that shapes them."""

    def __init__(self, store: BlobStore, last: str, stamp: str) -> None:
        self._store, self._last, self._stamp = store, last, stamp
        self._before = dict(self._read())
        self._now: dict[str, Kept] = {}

    def recall(self, key: str) -> Kept | None:
        """The piece kept under `key`, None if there is none or one of its files is gone."""
        kept = self._before.get(key)
        if kept is None or not all(self._store.holds(file.digest) for file in kept.files):
            return None
        self._now[key] = kept
        return kept

    def keep(self, key: str, piece: Piece, losses: Iterable[Loss]) -> Kept:
        """Keep `piece`, in making which `losses` were reported."""
        for file in piece.artifacts:
            self._store.put(file.content)
        files = tuple(StoredArtifact.of(file) for file in piece.artifacts)
        kept = Kept(piece.content, files, tuple(losses))
        self._now[key] = kept
        return kept

    def save(self) -> str:
        """Keep what was recalled and kept, and nothing else, for the next rendering. Returns its
        digest."""
        if self._now.keys() == self._before.keys() and self._last:
            return self._last
        index = [_row(key, kept) for key, kept in self._now.items()]
        blob = b"".join(kept.content for kept in self._now.values())
        head = json.dumps([_FORMAT, self._stamp, index])
        return self._store.put(head.encode() + b"\n" + blob)

    def _read(self) -> Iterator[tuple[str, Kept]]:
        if not self._last:
            return
        try:
            head, _, blob = self._store.read(self._last).partition(b"\n")
            format_, stamp, index = json.loads(head)
        except (MissingBlobError, ValueError):
            return
        if (format_, stamp) != (_FORMAT, self._stamp):
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
