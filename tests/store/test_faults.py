"""A call to the system that fails while bytes are stored, before or after its effect: the error is
named, nothing half-written is ever read, and the next attempt stores them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from syndicate.errors import StoreError
from syndicate.store import BlobStore, FolderStore, RemoteStore, digest_of_bytes
from syndicate.testing.faults import HOW, Faults

WORDS = b"The ferry sails at nine." * 1000
SOME = (1, 3)
EVERY = range(1, 1000)
FEW_OR_ALL = [pytest.param(SOME, id="some"), pytest.param(EVERY, id="all", marks=pytest.mark.slow)]


def _put(store: BlobStore, _: Path) -> None:
    store.put(WORDS)


def _share(store: BlobStore, _: Path) -> None:
    store.share([store.keep(WORDS)])


def _adopt(store: BlobStore, folder: Path) -> None:
    store.adopt(folder / "kept", digest_of_bytes(WORDS))


def fresh(store: BlobStore, name: str) -> BlobStore:
    """An empty store of the same kind."""
    near = FolderStore(store.near.folder / name)
    if isinstance(store, RemoteStore):
        return RemoteStore(f"{store.url}/{name}", near, store.options)
    return near


def elsewhere(store: BlobStore) -> BlobStore:
    """The same store as another checkout sees it."""
    if isinstance(store, RemoteStore):
        near = FolderStore(store.near.folder / "elsewhere")
        return RemoteStore(store.url, near, store.options)
    return FolderStore(store.near.folder)


@pytest.mark.parametrize("points", FEW_OR_ALL)
@pytest.mark.parametrize("work", [_put, _share, _adopt], ids=["put", "share", "adopt"])
def test_what_is_stored_is_whole_or_not_there(
    store: BlobStore,
    tmp_path: Path,
    work: Callable[[BlobStore, Path], None],
    points: Iterable[int],
) -> None:
    for how, after in product(HOW, (False, True)):
        for at in points:
            faults = Faults(at, how, after, tmp_path)
            attempt(fresh(store, f"{how}-{after}-{at}"), work, faults)
            if not faults.is_met:
                break


def attempt(one: BlobStore, work: Callable[[BlobStore, Path], None], injected: Faults) -> None:
    """Store with a fault, then without."""
    digest, folder = digest_of_bytes(WORDS), one.near.folder / "work"
    folder.mkdir(parents=True)
    (folder / "kept").write_bytes(WORDS)
    try:
        with injected.injected():
            work(one, folder)
    except StoreError as error:
        assert str(error), injected
    else:
        assert elsewhere(one).read(digest) == WORDS, injected
    if one.holds(digest):
        assert one.read(digest) == WORDS, injected
    work(one, folder)
    assert elsewhere(one).read(digest) == WORDS, injected


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_removing_is_refused_in_words_and_done_the_next_time(
    store: BlobStore, tmp_path: Path, after: bool
) -> None:
    digest = store.put(WORDS)
    for how, at in product(HOW, (1, 2)):
        faults, later = Faults(at, how, after, tmp_path), time.time() + 60
        with faults.injected(), suppress(StoreError):
            store.remove(digest, later)
        store.remove(digest, later)
        assert digest not in {name for page in store.pages() for name, _ in page}, faults
        store.put(WORDS)
        assert elsewhere(store).read(digest) == WORDS, faults
