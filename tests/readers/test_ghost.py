"""Ghost exports: posts, their authors, and which stay drafts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syndicate.article.text import passages
from syndicate.readers import read
from tests.readers.reading import refused, source


def export(*posts: dict[str, Any]) -> str:
    data = {
        "posts": list(posts),
        "tags": [{"id": "t1", "name": "Harbour"}, {"id": "t2", "name": "#internal"}],
        "users": [{"id": "u1", "name": "Ruth Abara", "email": "ruth@example.org"}],
        "posts_tags": [{"post_id": "1", "tag_id": "t2"}, {"post_id": "1", "tag_id": "t1"}],
        "posts_authors": [{"post_id": "1", "author_id": "u1"}],
        "posts_meta": [{"post_id": "1", "feature_image_alt": "A quay"}],
    }
    return json.dumps({"db": [{"meta": {"version": "5.0.0"}, "data": data}]})


POST = {
    "id": "1",
    "uuid": "6c0e",
    "title": "Pilots stay",
    "slug": "pilots",
    "html": '<p>They stay.</p><img src="__GHOST_URL__/content/images/a.jpg">',
    "status": "published",
    "visibility": "paid",
    "published_at": "2026-10-06T08:12:00.000Z",
    "custom_excerpt": "Until spring.",
    "feature_image": "__GHOST_URL__/content/images/q.jpg",
    "type": "post",
}


def test_a_post_keeps_its_metadata_from_ghost() -> None:
    (reading,) = read(source(export(POST), "ghost.json"))
    article = reading.article
    assert (article.title, article.slug, article.summary) == (
        *("Pilots stay", "pilots", "Until spring."),
    )
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert [tag.name for tag in article.tags] == ["Harbour"]
    assert (article.section, article.access, article.status) == ("Harbour", "paid", "usable")
    assert article.published.isoformat() == "2026-10-06T08:12:00+00:00"
    assert article.lead_image is not None
    assert article.lead_image.src == "https://gazette.example.org/content/images/q.jpg"
    assert article.lead_image.alt == "A quay"
    assert "__GHOST_URL__" not in article.model_dump_json()
    assert "ruth@example.org" not in article.model_dump_json()
    assert next(iter(passages(article.body))) == "They stay."


@pytest.mark.parametrize(
    ("status", "found"), [("draft", "draft"), ("scheduled", "usable"), ("unheard", "draft")]
)
def test_drafts_stay_drafts(status: str, found: str) -> None:
    (reading,) = read(source(export({**POST, "status": status}), "ghost.json"))
    assert reading.article.status == found


def test_pages_and_posts_without_html_are_left_out_and_reported() -> None:
    page = {**POST, "id": "2", "type": "page", "title": "About"}
    bare = {**POST, "id": "3", "html": None, "lexical": "{}", "title": "Bare"}
    (reading,) = read(source(export(POST, page, bare), "ghost.json"))
    reported = " ".join(note.what for note in reading.notes)
    assert "the page 'About'" in reported
    assert "the post 'Bare'" in reported


def test_an_export_without_posts_is_refused() -> None:
    assert "no posts" in refused('{"db": [{"data": {"posts_tags": []}}]}', "a.json")[0].message
