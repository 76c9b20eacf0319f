"""A store in an object store or on a file server, with a folder of this machine in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndicate.errors import MissingBlobError, StoreError, SyndicateError
from syndicate.filesystems import is_of_objects, open_filesystem
from syndicate.store.blob_digest import digest_of_bytes, missing_blob
from syndicate.store.folder import FolderStore

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_WAYS = 16  # blobs that are sent to an object store at once
_FOLDERS = "0123456789abcdef"


@dataclass
class RemoteStore:
    """Blobs below `url`, any place that fsspec can write to, each in a folder named after the first
    digit of its digest. What was put or read once is `near`, too, so it is not fetched again.
    `options` and `secrets` are as in `open_filesystem`."""

    url: str
    near: FolderStore
    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    _opened: tuple[int, AbstractFileSystem] | None = field(default=None, init=False, repr=False)

    @property
    def shown(self) -> str:
        """See `BlobStore`."""
        return self.url

    def check(self) -> None:
        """See `BlobStore`."""
        self.near.check()
        far, bucket = self._far, self._root.partition("/")[0]
        place = bucket if bucket and is_of_objects(self.url) else "/"
        with self._errors():
            found = far.exists(place)
        if not found:
            hint = "create it, or correct 'store' in syndicate.toml"
            raise StoreError(f"the store {self.url}: there is no {place!r}", hint=hint)

    def put(self, content: bytes) -> str:
        """See `BlobStore`."""
        digest = self.near.keep(content)
        self._send(digest, content)
        return digest

    def keep(self, content: bytes) -> str:
        """See `BlobStore`."""
        return self.near.keep(content)

    def share(self, digests: Iterable[str]) -> None:
        """See `BlobStore`."""
        wanted = tuple(digests)
        if not wanted:
            return
        _ = self._far  # opened once, not by each thread
        with ThreadPoolExecutor(_WAYS if is_of_objects(self.url) else 1) as pool:
            for _ in pool.map(lambda digest: self._send(digest, self.near.read(digest)), wanted):
                pass

    def adopt(self, file: Path, digest: str) -> None:
        """See `BlobStore`."""
        self.near.adopt(file, digest)
        self.share([digest])

    def holds(self, digest: str) -> bool:
        """See `BlobStore`."""
        if self.near.holds(digest):
            return True
        far = self._far
        with self._errors():
            return bool(far.exists(self._target(digest)))

    def path(self, digest: str) -> Path:
        """See `BlobStore`."""
        self.read(digest)
        return self.near.place(digest)

    def read(self, digest: str) -> bytes:
        """See `BlobStore`."""
        try:
            return self.near.read(digest)
        except MissingBlobError:
            far = self._far
        try:
            with self._errors():
                content = bytes(far.cat_file(self._target(digest)))
        except FileNotFoundError as error:
            raise missing_blob(digest) from error
        if digest_of_bytes(content) != digest:
            raise missing_blob(digest)
        self.near.keep(content)
        return content

    def pages(self) -> Iterator[list[tuple[str, float]]]:
        """See `BlobStore`."""
        far = self._far
        for folder in _FOLDERS:
            try:
                with self._errors():
                    found = far.ls(f"{self._root}/{folder}", detail=True, refresh=True)
            except FileNotFoundError:
                continue
            yield [(entry["name"].rpartition("/")[2], _put_at(entry)) for entry in found]

    def remove(self, digest: str, before: float) -> None:
        """See `BlobStore`."""
        far, target = self._far, self._target(digest)
        try:
            with self._errors():
                far.invalidate_cache()
                if _put_at(far.info(target)) < before:
                    far.rm_file(target)
        except FileNotFoundError:
            return

    @property
    def _far(self) -> AbstractFileSystem:
        """The file system, opened by this very process: connections do not survive a fork."""
        if self._opened is None or self._opened[0] != os.getpid():
            with self._errors():
                opened = open_filesystem(self.url, self.options, self.secrets)
            self._opened = os.getpid(), opened
        return self._opened[1]

    @property
    def _root(self) -> str:
        return str(self._far._strip_protocol(self.url)).rstrip("/")

    def _target(self, digest: str) -> str:
        return f"{self._root}/{digest[:1]}/{digest}"

    def _send(self, digest: str, content: bytes) -> None:
        far, target = self._far, self._target(digest)
        try:
            with self._errors():
                if is_of_objects(self.url):
                    far.pipe_file(target, content)
                    return
                part = f"{target}.{os.getpid()}.part"
                far.makedirs(target.rpartition("/")[0], exist_ok=True)
                far.pipe_file(part, content)
                far.mv(part, target)
        except FileNotFoundError as error:  # a bucket or a folder that cannot be created
            raise self._unusable(error) from error

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn any exception of the library into a StoreError that names the place."""
        try:
            yield
        except (SyndicateError, FileNotFoundError):
            raise
        except Exception as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StoreError:
        told = f"the store {self.url} cannot be used: {_in_words(error)}"
        return StoreError(told[:300], hint=LOOK)


LOOK = "check with: syndicate doctor"


def _in_words(error: Exception) -> str:
    """What went wrong, without the number that an OSError begins with."""
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}"
    return f"{type(error).__name__}: {error}"


def _put_at(entry: Mapping[str, Any]) -> float:
    """When a blob was put (seconds since 1970), as the place says it. One that does not say is
    never old."""
    told = next((entry[key] for key in _TIMES if entry.get(key) is not None), None)
    if isinstance(told, str):
        told = datetime.fromisoformat(told)
    if isinstance(told, datetime):
        return told.timestamp()
    return float(told) if told is not None else float("inf")


_TIMES = ("LastModified", "mtime", "updated", "last_modified", "created")
