"""Delivers to an object store or a server: any place that fsspec can write to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, PrivateAttr

from syndicate.couriers.contract import Commit, Copy, Delivery, Place, Receipt
from syndicate.couriers.disk import place_on_disk, root_in
from syndicate.couriers.looking import (
    GONE,
    SAME,
    Contents,
    Seen,
    compared,
    digest_of_stream,
    side_by_side,
)
from syndicate.couriers.purging import PurgingCourier
from syndicate.errors import DeliveryError, MissingBlobError, RefusedError, UsageError
from syndicate.filesystems import is_of_objects, open_filesystem, scheme_of
from syndicate.private import make_served, public_folder, served_folder

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_WAYS = 16  # objects that are looked at at once
_MD5 = re.compile("[0-9a-f]{32}")


class FsspecCourier(PurgingCourier):
    """`via = "fsspec"`: files below `url`, such as `s3://bucket/folder` (extra `s3`),
    `sftp://host/folder` (extra `sftp`), `gs://bucket` (extra `gcs`) or `memory://folder`.

    `options` are the options of the file system (`endpoint_url`, `username`). For secret options,
    `secrets` names the environment variable with the value. Objects get their media type and
    `cache_control`, if the store supports these. With `owned`, nobody else puts files below `url`:
    `syndicate audit` names those that the ledger does not know.
    """

    via: ClassVar[str] = "fsspec"

    url: str = Field(pattern=r"^[a-z][a-z0-9+]*://")
    cache_control: str = "public, max-age=300"
    options: dict[str, Any] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    owned: bool = False
    _newsroom: Path = PrivateAttr(Path())

    def model_post_init(self, context: Any) -> None:
        """Remember the newsroom's folder."""
        self._newsroom = root_in(context)

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """On a file server, write a temporary file and rename it. Object stores need no such step:
        they always show an object whole or not at all."""
        store, target = self._store, self._target(delivery.unit)
        try:
            content = delivery.content.read_bytes()
        except OSError as error:
            raise DeliveryError(f"{delivery.artifact}: {error.strerror or error}") from error
        folder, _, name = target.rpartition("/")
        temporary = f"{folder}/.{name[:80]}.part"
        if not self._is_of_objects:
            with _store_errors(target):
                if self._is_local:
                    public_folder(Path(self._root))
                    served_folder(Path(folder))
                store.makedirs(folder, exist_ok=True)
                store.pipe_file(temporary, content)
                if self._is_local:
                    make_served(Path(temporary), Path(target))
        commit()
        with _store_errors(target):
            if self._is_of_objects:
                store.pipe_file(target, content, **self._headers(delivery.media_type))
            else:
                store.mv(temporary, target)
        self._sizes[target] = len(content)
        return self._receipt(target)

    def find(self, delivery: Delivery) -> Receipt | None:
        """A receipt if the object is there with exactly these bytes, else None."""
        target = self._target(delivery.unit)
        with _store_errors(target):
            try:
                found = hashlib.sha256(self._store.cat_file(target)).hexdigest()
            except FileNotFoundError:
                return None
        return self._receipt(target) if found == delivery.digest else None

    def exists(self, unit: str, size: int) -> bool:
        """Whether the object is there with `size` bytes. The folder is listed once a run; if the
        store does not answer, the object is assumed to be there."""
        try:
            return self._sizes.get(self._target(unit)) == size
        except DeliveryError:
            return True

    def place(self, artifact: str, unit: str) -> Place:
        """The object or file, by its path at the server or in the bucket."""
        scheme, _, rest = self.url.partition("://")
        if self._is_local:
            path = str(PurePosixPath(rest, self._checked(unit)))
            return place_on_disk(path, self._newsroom)
        host, _, folder = ("", "", rest) if scheme == "memory" else rest.partition("/")
        path = str(PurePosixPath("/", folder, self._checked(unit)))
        server = self.options.get("endpoint_url")
        return Place(f"{scheme}://{host}" + (f" at {server}" if server else ""), path)

    def remove(self, copy: Copy, commit: Commit) -> None:
        """Delete the object or file."""
        target = self._target(copy.unit)
        commit()
        with _store_errors(target), suppress(FileNotFoundError):
            self._store.rm_file(target)
        self._sizes.pop(target, None)

    def look(self, copies: Iterable[Copy], content: Contents) -> Iterator[tuple[Copy, Seen]]:
        """The digests of the objects. The folder is listed first: what is missing from it, has
        another size or is known to be the same by its ETag is not fetched."""
        listed = self._listed()

        def seen(copy: Copy) -> Seen:
            target = self._target(copy.unit)
            if target not in listed:
                return GONE
            if copy.digest is not None and (known := _by_listing(listed[target], copy, content)):
                return known
            with _store_errors(target):
                try:
                    with self._store.open(target, "rb") as stream:
                        return compared(digest_of_stream(stream), copy)
                except FileNotFoundError:
                    return GONE

        return side_by_side(seen, copies, _WAYS if self._is_of_objects else 1)

    def everything(self) -> Iterator[Place]:
        """See `Owns`."""
        if self.owned:
            for target in self._listed():
                unit = target.removeprefix(f"{self._root}/")
                yield self.place(unit, unit)

    def _listed(self) -> dict[str, tuple[int, str]]:
        """The size and the ETag ("" if there is none) of every object in the store now, by name."""
        with _store_errors(self.url):
            self._store.invalidate_cache()
            try:
                found = self._store.find(self._root, detail=True)
            except FileNotFoundError:
                return {}
        return {
            name: (int(info["size"]), str(info.get("ETag") or "").strip('"'))
            for name, info in found.items()
        }

    @property
    def _is_of_objects(self) -> bool:
        return is_of_objects(self.url)

    @property
    def _is_local(self) -> bool:
        return scheme_of(self.url) in ("file", "local")

    @cached_property
    def _store(self) -> AbstractFileSystem:
        try:
            with _store_errors(self.url):
                return open_filesystem(self.url, self.options, self.secrets)
        except UsageError as error:
            raise DeliveryError(error.message, hint=error.hint) from error

    @cached_property
    def _sizes(self) -> dict[str, int]:
        """The sizes in bytes of the objects in the store, by name."""
        with _store_errors(self.url):
            try:
                found = self._store.find(self._root, detail=True)
            except FileNotFoundError:
                return {}
        return {name: int(info["size"]) for name, info in found.items()}

    @cached_property
    def _root(self) -> str:
        return str(self._store._strip_protocol(self.url)).rstrip("/")

    def _target(self, unit: str) -> str:
        return f"{self._root}/{self._checked(unit)}"

    def _checked(self, unit: str) -> PurePosixPath:
        path = PurePosixPath(unit)
        if path.is_absolute() or ".." in path.parts:
            raise RefusedError(f"{unit!r} is outside {self.url}")
        return path

    def _receipt(self, target: str) -> Receipt:
        place = self._store.unstrip_protocol(target)
        return Receipt(place, place)

    def _headers(self, media_type: str) -> dict[str, Any]:
        """The arguments that set the media type and `cache_control` in this store."""
        text = media_type.startswith("text/") or media_type.endswith(("+xml", "/xml", "/json"))
        kind = f"{media_type}; charset=utf-8" if text else media_type
        scheme = scheme_of(self.url)
        if scheme in ("s3", "s3a"):
            return {"ContentType": kind, "CacheControl": self.cache_control}
        if scheme in ("gs", "gcs"):
            fixed = {"cache_control": self.cache_control}
            return {"content_type": kind, "fixed_key_metadata": fixed}
        return {}


def _by_listing(listed: tuple[int, str], copy: Copy, content: Contents) -> Seen | None:
    """What the size and the ETag of an object say of it; None if it has to be fetched."""
    assert copy.digest is not None
    try:
        expected = content(copy.digest)
    except MissingBlobError:
        return None
    size, etag = listed
    if size != len(expected):
        return Seen("changed", f"{size:,} bytes instead of {len(expected):,}")
    # Many stores use the MD5 of the bytes. If it is not that, the ETag says nothing.
    if _MD5.fullmatch(etag) and hashlib.md5(expected, usedforsecurity=False).hexdigest() == etag:
        return SAME
    return None


@contextmanager
def _store_errors(what: str) -> Iterator[None]:
    """Turn any exception of the store's library into a DeliveryError: the delivery did not happen.

    The store may have taken the object without answering. That is fine, since writing the same
    bytes again does no harm.
    """
    try:
        yield
    except (DeliveryError, UsageError):
        raise
    except Exception as error:
        raise DeliveryError(f"{what}: {type(error).__name__}: {error}"[:300]) from error
