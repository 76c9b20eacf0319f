"""What was read is kept between runs, and may be deleted at any time."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.engine.content.cache import ContentCache
from syndicate.errors import SourceError
from syndicate.newsroom.newsroom import load_newsroom
from tests.articles import every_block
from tests.engine.conftest import SETTINGS, make_desk


def opened(root: Path) -> ContentCache:
    return ContentCache.open(load_newsroom(root, {}))


def test_an_article_is_kept_by_its_digest(tmp_path: Path) -> None:
    cache = opened(make_desk(tmp_path).root)
    article = every_block()
    digest = cache.keep(article)
    assert cache.keep(article) == digest
    assert cache.article(digest) == article
    assert cache.article("0" * 64) is None


def test_it_comes_back_for_the_same_publication_only(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.plan()
    assert opened(desk.root).files() == {"ferry.md", "tides.md"}
    (desk.root / "syndicate.toml").write_text(SETTINGS.replace("Gazette", "Herald"))
    assert not opened(desk.root).files()


def test_damage_is_like_an_empty_cache(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.plan()
    for file in (desk.root / ".syndicate" / "cache").glob("read.db*"):
        file.write_bytes(b"{" * 5000)
    assert not opened(desk.root).files()


def test_a_picture_is_read_again_only_if_it_changed(tmp_path: Path) -> None:
    cache, picture = opened(make_desk(tmp_path).root), tmp_path / "a.png"
    assert cache.picture_digest(picture, "a.png") == ""
    picture.write_bytes(b"pixels")
    digest = cache.picture_digest(picture, "a.png")
    changes = cache.tables.total_changes
    assert cache.picture_digest(picture, "a.png") == digest
    assert cache.tables.total_changes == changes
    picture.write_bytes(b"other pixels")
    assert cache.picture_digest(picture, "a.png") != digest


def test_inputs_are_kept_for_the_article_that_they_were_worked_out_from(tmp_path: Path) -> None:
    """Another process may have read a newer text meanwhile."""
    desk = make_desk(tmp_path)
    desk.plan()
    cache = opened(desk.root)
    query = "SELECT id, digest FROM articles WHERE slug = 'ferry'"
    ((ferry, digest),) = cache.tables.execute(query)
    cache.keep_inputs("single", "shape", [(ferry, "0" * 64, "of an older text")])
    assert cache.inputs_of("single", "shape", [ferry]) == {}
    cache.keep_inputs("single", "shape", [(ferry, digest, "of this text")])
    assert cache.inputs_of("single", "shape", [ferry]) == {ferry: (digest, "of this text", 0)}
    assert cache.inputs_of("single", "another shape", [ferry]) == {}


def test_what_was_found_at_rest_is_not_once_its_inputs_change(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.plan()
    cache = opened(desk.root)
    query = "SELECT id, digest FROM articles WHERE slug = 'ferry'"
    ((ferry, digest),) = cache.tables.execute(query)
    cache.keep_inputs("single", "shape", [(ferry, digest, "one")])
    cache.note_at_rest("single", [(ferry, "another")], True)
    assert cache.at_rest("single", "shape", False) == {ferry}, "its inputs were others"
    cache.note_at_rest("single", [(ferry, "one")], True)
    assert cache.at_rest("single", "shape", True) == {ferry}
    cache.keep_inputs("single", "shape", [(ferry, digest, "two")])
    assert cache.at_rest("single", "shape", True) == frozenset()
    assert cache.at_rest("single", "shape", False) == {ferry}


def test_a_full_disk_is_reported_in_words(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    cache = opened(desk.root)
    (pages,) = cache.tables.execute("PRAGMA page_count").fetchone()
    cache.tables.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(SourceError) as caught:
        for number in range(1000):
            cache.note(**{f"fact {number}": "x" * 1000})
    assert str(caught.value).endswith("read.db: cannot be used: database or disk is full")
    assert caught.value.hint == "free some space there, then run the command again; nothing is lost"


def test_what_changes_nothing_does_not_keep_a_later_change_out(tmp_path: Path) -> None:
    """Another process writes meanwhile."""
    desk = make_desk(tmp_path)
    desk.plan()
    one, other = opened(desk.root), opened(desk.root)
    query = "SELECT id, digest FROM articles WHERE slug = 'ferry'"
    one.note_at_rest("single", [], True)
    one.keep_inputs("single", "shape", [])
    ((ferry, digest),) = one.tables.execute(query)
    other.note(fact="new")
    other.save()
    one.keep_inputs("single", "shape", [(ferry, digest, "of this text")])
    one.save()
    assert other.inputs_of("single", "shape", [ferry]) == {ferry: (digest, "of this text", 0)}
