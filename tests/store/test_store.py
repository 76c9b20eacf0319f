"""What every kind of store does: bytes are there whole, checked, for everyone, until removed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from syndicate.errors import CredentialsError, MissingBlobError, StoreError, UsageError
from syndicate.store import BlobStore, FolderStore, RemoteStore, digest_of_bytes

WORDS = b"The ferry sails at nine."


def elsewhere(store: BlobStore, folder: Path) -> BlobStore:
    """The same store as another checkout sees it."""
    if isinstance(store, RemoteStore):
        return RemoteStore(store.url, FolderStore(folder / "elsewhere"), store.options)
    return FolderStore(store.near.folder)


def listed(store: BlobStore) -> dict[str, float]:
    return {digest: at for page in store.pages() for digest, at in page}


def test_bytes_that_were_put_are_there_for_every_checkout(store: BlobStore, tmp_path: Path) -> None:
    store.check()
    digest = store.put(WORDS)
    assert digest == digest_of_bytes(WORDS) == store.put(WORDS)
    for one in (store, elsewhere(store, tmp_path)):
        assert one.holds(digest)
        assert one.read(digest) == WORDS
        assert one.path(digest).read_bytes() == WORDS
    assert listed(store).keys() == {digest}


def test_what_nobody_put_is_missing(store: BlobStore) -> None:
    digest = digest_of_bytes(WORDS)
    assert not store.holds(digest)
    for read in (store.read, store.path):
        with pytest.raises(MissingBlobError):
            read(digest)
    assert listed(store) == {}


def test_what_is_kept_is_there_for_others_once_it_is_shared(
    store: BlobStore, tmp_path: Path
) -> None:
    digests = [store.keep(f"article {number}".encode()) for number in range(40)]
    store.share(digests)
    other = elsewhere(store, tmp_path)
    assert [other.read(one) for one in digests] == [f"article {n}".encode() for n in range(40)]
    with pytest.raises(MissingBlobError):
        elsewhere(store, tmp_path / "third").read("0" * 64)


def test_damaged_bytes_are_as_good_as_none(store: BlobStore, tmp_path: Path) -> None:
    digest = store.put(WORDS)
    store.near.place(digest).write_bytes(WORDS[:-1])
    if isinstance(store, RemoteStore):
        assert store.read(digest) == WORDS, "it is fetched again"
        assert store.near.read(digest) == WORDS
        return
    with pytest.raises(MissingBlobError):
        store.read(digest)
    assert not store.holds(digest), "so that it is made again"
    store.put(WORDS)
    assert store.read(digest) == WORDS


def test_only_what_is_old_is_removed(store: BlobStore) -> None:
    digest = store.put(WORDS)
    store.remove(digest, time.time() - 60)
    assert listed(store).keys() == {digest}
    store.remove(digest, time.time() + 60)
    assert listed(store) == {}
    store.remove(digest, time.time() + 60)


def test_to_put_again_makes_it_young(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    digest = store.put(WORDS)
    for again in (store.put, store.keep):
        os.utime(store.place(digest), (1_000, 1_000))
        again(WORDS)
        store.remove(digest, 2_000)
        assert store.read(digest) == WORDS


def test_a_file_is_taken_over_without_copying_it(store: BlobStore, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_bytes(WORDS)
    os.utime(file, (1_000, 1_000))
    digest = digest_of_bytes(WORDS)
    store.adopt(file, digest)
    assert store.path(digest).samefile(file)
    assert elsewhere(store, tmp_path).read(digest) == WORDS
    assert listed(store)[digest] > 1_000


def test_a_file_is_copied_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    file, store = tmp_path / "kept", FolderStore(tmp_path / "store")
    file.write_bytes(WORDS)
    store.adopt(file, digest_of_bytes(WORDS))
    assert store.read(digest_of_bytes(WORDS)) == WORDS


def test_what_a_crash_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    half = store.place(digest_of_bytes(WORDS)).with_name(f"{digest_of_bytes(WORDS)[:40]}.7-7")
    half.parent.mkdir()
    half.write_bytes(WORDS[:3])
    assert not store.holds(digest_of_bytes(WORDS))
    (name,) = listed(store)
    store.remove(name, time.time() + 60)
    assert listed(store) == {}


def _put_and_read(store: BlobStore, words: bytes, first: str) -> None:
    assert store.read(first) == WORDS
    store.put(words)


@pytest.mark.parametrize("kind", ["fork", "spawn"])
def test_it_works_in_a_process_that_began_later(
    store: BlobStore, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = store.put(WORDS)
    far = elsewhere(store, tmp_path)
    far.check()
    work: Callable[..., None] = _put_and_read
    started = get_context(kind).Process(target=work, args=(far, b"from a child", digest))  # type: ignore[attr-defined]
    started.start()
    started.join(60)
    assert started.exitcode == 0
    assert store.read(digest_of_bytes(b"from a child")) == b"from a child"
    assert far.read(digest) == WORDS, "the parent's connection still works"


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").write_text("a file where a folder should be")
    for store in (
        FolderStore(tmp_path / "locked" / "store"),
        RemoteStore(f"file://{tmp_path}/locked/store", FolderStore(tmp_path / "near")),
    ):
        with pytest.raises(StoreError, match="locked"):
            store.put(WORDS)


def test_missing_credentials_and_packages_are_named_first(tmp_path: Path) -> None:
    near = FolderStore(tmp_path)
    with pytest.raises(CredentialsError, match="NO_SUCH_VARIABLE"):
        RemoteStore("s3://gazette/x", near, secrets={"key": "NO_SUCH_VARIABLE"}).check()
    with pytest.raises(UsageError, match="nowhere"):
        RemoteStore("nowhere://gazette/x", near).check()


def test_a_bucket_that_is_not_there_is_named(s3: str, tmp_path: Path) -> None:
    store = RemoteStore("s3://herald/x", FolderStore(tmp_path), {"endpoint_url": s3})
    with pytest.raises(StoreError, match="there is no 'herald'"):
        store.check()


def test_a_server_that_does_not_answer_is_named(s3: str, tmp_path: Path) -> None:
    options = {
        "endpoint_url": "http://127.0.0.1:9",
        "config_kwargs": {"retries": {"max_attempts": 0}},
    }
    store = RemoteStore("s3://gazette/x", FolderStore(tmp_path), options)
    with pytest.raises(StoreError, match="s3://gazette/x"):
        store.check()
