"""Bytes that releases before version 6 of the ledger kept in folders of their own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from syndicate.store import BlobStore
from syndicate.store.blob_digest import is_digest


def take_over(state: Path, store: BlobStore) -> None:
    """Put into `store` what an earlier release left in the folder `state`: artifacts on their way,
    approved drafts, and the articles of numbered editions.

    Artifacts and drafts stay where they are, too, so that one can go back by one release.

    Raises:
        StoreError: the store cannot be used.
    """
    for folder in (state / "outbox", state / "approved"):
        for file in folder.glob("*"):
            if is_digest(file.name) and not store.near.holds(file.name):
                store.adopt(file, file.name)
    articles = state / "cache" / "articles"
    for file in articles.glob("*/*.json"):
        if is_digest(file.stem):
            with suppress(FileNotFoundError):  # another process was faster
                store.near.adopt(file, file.stem)
        file.unlink(missing_ok=True)
    for folder in (*articles.glob("*"), articles):
        with suppress(OSError):  # it is not empty, or another process was faster
            folder.rmdir()
