"""What is special about Bluesky: record keys, facets that count bytes, link previews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.couriers.social.account import Post
from syndicate.couriers.social.bluesky import BlueskyCourier, record_key
from tests.couriers.social.thread import POSTS, Room, draft, room, with_card
from tests.platforms import bluesky


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[bluesky.Bluesky]:
    monkeypatch.setenv(*next(iter(bluesky.SECRETS.items())))
    with bluesky.Bluesky() as server:
        yield server


def posted(server: bluesky.Bluesky, desk: Room, content: bytes) -> list[dict[str, object]]:
    """The records of `content`, in the order of their keys."""
    options = {"server": server.url, "handle": "gazette.example.org"}
    desk.run(BlueskyCourier.model_validate(options, context={"root": desk.root}), content)
    return [server.records[key] for key in sorted(server.records)]


def test_record_keys_sort_in_the_order_of_the_posts(
    server: bluesky.Bluesky, tmp_path: Path
) -> None:
    with room(tmp_path / "newsroom", with_card()) as desk:
        records = posted(server, desk, with_card())
    assert [one["text"] for one in records] == list(POSTS)
    moments = [str(one["createdAt"]) for one in records]
    assert moments == sorted(set(moments))


def test_facets_of_links_and_tags_count_bytes(server: bluesky.Bluesky, tmp_path: Path) -> None:
    text = "„Höhe“ 🚢 #Fähre, mehr: https://gazette.example.org/fähre"
    content = draft(posts=(text,), images=())
    with room(tmp_path / "newsroom", content) as desk:
        (record,) = posted(server, desk, content)
    facets = record["facets"]
    assert isinstance(facets, list)
    data = text.encode()
    marked = {
        data[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(): one["features"][0]
        for one in facets
    }
    assert marked["#Fähre"]["tag"] == "Fähre"
    assert marked["https://gazette.example.org/fähre"]["uri"].startswith("https://gazette.")


def test_the_first_post_has_the_picture_and_the_last_post_the_link_preview(
    server: bluesky.Bluesky, tmp_path: Path
) -> None:
    with room(tmp_path / "newsroom", with_card()) as desk:
        records = posted(server, desk, with_card())
    first, last = records[0]["embed"], records[-1]["embed"]
    assert isinstance(first, dict)
    assert isinstance(last, dict)
    assert first["images"][0]["aspectRatio"].items() >= {"width": 64, "height": 36}.items()
    assert (
        last["external"].items()
        >= {
            "uri": "https://gazette.example.org/night-ferry",
            "title": "The night ferry returns",
            "description": "Berths from Friday.",
        }.items()
    )
    assert not any("embed" in one for one in records[1:-1])
    assert all(one["langs"] == ["en"] for one in records)


def test_a_single_post_has_the_link_preview_with_the_picture(
    server: bluesky.Bluesky, tmp_path: Path
) -> None:
    from syndicate.thread import Card

    content = draft(posts=(POSTS[-1],), card=Card(title="The night ferry returns"))
    with room(tmp_path / "newsroom", content) as desk:
        (record,) = posted(server, desk, content)
    embed = record["embed"]
    assert isinstance(embed, dict)
    assert embed["external"]["thumb"]["mimeType"] == "image/png"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)), st.integers(1, 25), st.text())
def test_every_record_key_is_a_tid(at: datetime, number: int, key: str) -> None:
    """It has 13 characters of base32-sortable, and the first leaves the top bit unset."""
    made = record_key(Post(number, "words", key, at.replace(tzinfo=UTC)))
    assert len(made) == 13
    assert set(made) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert made[0] in "234567abcdefghij"
