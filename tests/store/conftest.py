"""The kinds of store: a folder, a place that many machines share, and S3 where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.store import BlobStore, FolderStore, RemoteStore
from tests.object_store import s3_server


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The URL of an S3 server on loopback with the bucket `gazette`."""
    with s3_server() as url:
        yield url


@pytest.fixture(params=["folder", "file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    near = FolderStore(tmp_path / "near")
    if request.param == "folder":
        return near
    if request.param == "file":
        return RemoteStore(f"file://{tmp_path}/far", near)
    url = f"s3://gazette/{tmp_path.name}"
    return RemoteStore(url, near, {"endpoint_url": request.getfixturevalue("s3")})
