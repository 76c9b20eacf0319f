"""What was read is kept between runs, and may be deleted at any time."""

from __future__ import annotations

from pathlib import Path

from syndicate.engine.content.cache import Cache
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.store import FolderStore
from tests.articles import every_block
from tests.engine.conftest import SETTINGS, make_desk


def opened(root: Path) -> Cache:
    return Cache.open(load_newsroom(root, {}))


def test_an_article_is_kept_by_its_digest(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "", FolderStore(tmp_path / "store"))
    article = every_block()
    digest = cache.keep(article)
    assert cache.keep(article) == digest
    assert cache.article(digest) == article
    assert cache.article("0" * 64) is None
    assert cache.article("") is None


def test_it_comes_back_for_the_same_publication_only(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.plan()
    assert opened(desk.root).sources.keys() == {"ferry.md", "tides.md"}
    (desk.root / "syndicate.toml").write_text(SETTINGS.replace("Gazette", "Herald"))
    assert not opened(desk.root).sources


def test_damage_is_like_an_empty_cache(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.plan()
    (desk.root / ".syndicate" / "cache" / "read.json").write_text("{")
    assert not opened(desk.root).sources


def test_a_picture_is_read_again_only_if_it_changed(tmp_path: Path) -> None:
    cache, picture = Cache(tmp_path, "", FolderStore(tmp_path)), tmp_path / "a.png"
    assert cache.picture_digest(picture, "a.png") == ""
    picture.write_bytes(b"pixels")
    digest = cache.picture_digest(picture, "a.png")
    assert cache.changed
    cache.changed = False
    assert cache.picture_digest(picture, "a.png") == digest
    assert not cache.changed
    picture.write_bytes(b"other pixels")
    assert cache.picture_digest(picture, "a.png") != digest
