"""`store` in `syndicate.toml`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from syndicate.filesystems import scheme_of
from syndicate.store.contract import BlobStore
from syndicate.store.folder import FolderStore
from syndicate.store.remote import RemoteStore

_SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "sftp", "ssh", "file", "memory")


class Store(BaseModel):
    """`[store]`, or `store = "…"` for the `url` alone. `url` is a folder below the newsroom or a
    place that many machines share: `s3://bucket/folder` (extra `s3`), `gs://bucket/folder` (extra
    `gcs`), `sftp://host/folder` (extra `sftp`). `options` are the options of its file system
    (`endpoint_url`, `username`). For secret options, `secrets` names the environment variable with
    the value.

    `keep_versions` is how many versions of each article are kept. Versions that were sent or are in
    a numbered edition are always kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ".syndicate/store"
    options: dict[str, Any] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    keep_versions: int = Field(default=100, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        return {"url": given} if isinstance(given, str) else given

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        scheme, slashes, rest = url.partition("://")
        if not slashes:
            if not url.strip():
                raise ValueError("name a folder, or an address such as s3://bucket/folder")
            return url
        if scheme not in _SCHEMES:
            near = get_close_matches(scheme, _SCHEMES, n=1)
            told = f"did you mean {near[0]}://?" if near else "use s3://, gs:// or sftp://"
            raise ValueError(f"there is no kind of store {scheme}://; {told}")
        if not rest.strip("/"):
            raise ValueError(f"the address ends after {scheme}://; write {scheme}://bucket/folder")
        return url

    @property
    def is_shared(self) -> bool:
        """Whether other machines can reach it."""
        return bool(scheme_of(self.url) != self.url)


def open_store(settings: Store, root: Path) -> BlobStore:
    """The store of the newsroom in `root`. Nothing is connected yet."""
    if not settings.is_shared:
        return FolderStore(root / settings.url)
    return _remote(settings, root / Store().url)


def try_out(settings: Store, root: Path) -> None:
    """Check that the store can be used: something is written, read and removed.

    Raises:
        SyndicateError: it cannot.
    """
    store = open_store(settings, root)
    store.check()
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        near, reader = store, store
        if settings.is_shared:  # with folders of their own, so that all has to go there
            near, reader = _remote(settings, Path(one)), _remote(settings, Path(other))
        digest = near.put(b"Written by syndicate doctor.")
        reader.read(digest)
        reader.remove(digest, float("inf"))


def _remote(settings: Store, near: Path) -> RemoteStore:
    return RemoteStore(settings.url, FolderStore(near), settings.options, settings.secrets)
