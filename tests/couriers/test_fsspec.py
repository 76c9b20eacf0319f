"""Delivery to object stores and servers with fsspec."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.couriers import Delivery
from syndicate.couriers.fsspec import FsspecCourier
from syndicate.errors import CredentialsError, DeliveryError
from tests.object_store import s3_server


def way(**keys: object) -> FsspecCourier:
    return FsspecCourier.model_validate(keys)


def delivery(root: Path, unit: str, content: bytes = b"<rss/>") -> Delivery:
    file = root / "waiting"
    file.write_bytes(content)
    return Delivery("rss", unit, "application/rss+xml", hashlib.sha256(content).hexdigest(), file)


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    return f"memory://{uuid.uuid4()}" if request.param == "memory" else f"file://{tmp_path}/store"


def test_a_delivered_object_is_found_until_it_is_deleted(url: str, tmp_path: Path) -> None:
    import fsspec

    one = delivery(tmp_path, "deep/feed.xml")
    assert not way(url=url).exists("deep/feed.xml", 6)
    courier = way(url=url)
    receipt = courier.deliver(one, lambda: None)
    assert receipt.url
    with fsspec.open(receipt.url) as file:
        assert file.read() == b"<rss/>"
    for seen in (courier, way(url=url)):
        assert seen.exists("deep/feed.xml", 6)
        assert not seen.exists("deep/feed.xml", 7)
        assert seen.find(one) == receipt
    store, path = fsspec.url_to_fs(receipt.url)
    store.rm(path)
    assert not way(url=url).exists("deep/feed.xml", 6)
    assert way(url=url).find(one) is None


def test_a_second_version_replaces_the_first(url: str, tmp_path: Path) -> None:
    way(url=url).deliver(delivery(tmp_path, "feed.xml"), lambda: None)
    second = delivery(tmp_path, "feed.xml", b"<rss>new</rss>")
    way(url=url).deliver(second, lambda: None)
    assert way(url=url).find(second)


def test_a_store_that_does_not_answer_does_not_count_as_empty(tmp_path: Path) -> None:
    (tmp_path / "locked").write_text("a file where a folder should be")
    courier = way(url=f"file://{tmp_path}/locked/deep")
    with pytest.raises(DeliveryError):
        courier.deliver(delivery(tmp_path, "feed.xml"), lambda: None)
    missing = way(url="s3://bucket/x", secrets={"key": "NO_SUCH_VARIABLE"})
    assert missing.exists("feed.xml", 6)
    with pytest.raises(CredentialsError, match="NO_SUCH_VARIABLE"):
        missing.deliver(delivery(tmp_path, "feed.xml"), lambda: None)


def test_an_unknown_store_names_the_extra(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="nowhere"):
        way(url="nowhere://x").deliver(delivery(tmp_path, "feed.xml"), lambda: None)


@pytest.fixture
def s3() -> Iterator[str]:
    """The URL of an S3 server on loopback with the bucket `gazette`."""
    with s3_server() as url:
        yield url


def test_objects_have_their_media_type_and_cache_control(s3: str, tmp_path: Path) -> None:
    import s3fs

    store = s3fs.S3FileSystem(endpoint_url=s3)
    courier = way(url="s3://gazette/feeds", options={"endpoint_url": s3})
    courier.deliver(delivery(tmp_path, "feed.xml"), lambda: None)
    told = store.call_s3("head_object", Bucket="gazette", Key="feeds/feed.xml")
    assert told["ContentType"] == "application/rss+xml; charset=utf-8"
    assert told["CacheControl"] == "public, max-age=300"
