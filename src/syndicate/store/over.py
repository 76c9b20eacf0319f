"""A store that can only be read, and a folder for what is added to it."""

from __future__ import annotations

from pathlib import Path

from syndicate.errors import MissingBlobError
from syndicate.store.contract import BlobStore
from syndicate.store.folder import FolderStore


class OverStore(FolderStore):
    """Blobs in `folder`, and all those of the store `below`, to which nothing is written."""

    def __init__(self, folder: Path, below: BlobStore) -> None:
        super().__init__(folder)
        self._below = below

    def holds(self, digest: str) -> bool:
        """See `BlobStore`."""
        return super().holds(digest) or self._below.holds(digest)

    def path(self, digest: str) -> Path:
        """See `BlobStore`."""
        return super().path(digest) if super().holds(digest) else self._below.path(digest)

    def read(self, digest: str) -> bytes:
        """See `BlobStore`."""
        try:
            return super().read(digest)
        except MissingBlobError:
            return self._below.read(digest)
