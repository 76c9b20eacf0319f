"""One article as a channel would show it; nothing is recorded."""

from __future__ import annotations

import pytest

from syndicate.engine.rendering import preview as module
from syndicate.engine.rendering.preview import preview, preview_within_limits
from syndicate.newsroom.newsroom import load_newsroom
from tests.articles import article
from tests.engine.conftest import Desk


def test_an_article_alone_in_each_kind_of_channel(desk: Desk) -> None:
    newsroom = load_newsroom(desk.root, {})
    one = article()
    for name, file in (
        ("single", f"{one.slug}.txt"),
        ("rolling", "all.txt"),
        ("numbered", "1.txt"),
    ):
        shown = preview(newsroom, newsroom.channels[name], one)
        assert shown.error is None
        assert [artifact.name for artifact in shown.artifacts] == [file]
        assert one.title.encode() in shown.artifacts[0].content
    assert not desk.files()
    assert not (desk.root / ".syndicate").exists()


def test_what_goes_wrong_is_shown_instead(desk: Desk) -> None:
    one = article()
    desk.channel("single", f'adapter = "./own.py"\nfail = "{one.slug}"\n')
    desk.channel("rolling", 'adapter = "./own.py"\nscope = "rolling"\nlossy = true\n')
    newsroom = load_newsroom(desk.root, {})
    assert "asked to fail" in str(preview(newsroom, newsroom.channels["single"], one).error)
    lost = preview(newsroom, newsroom.channels["rolling"], one).losses
    assert [loss.reason for loss in lost] == ["nothing to see"]


def test_pages_are_typeset_in_a_process_that_can_be_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.channel("pdf", "")
    newsroom = load_newsroom(desk.root, {})
    (made,) = preview_within_limits(newsroom, newsroom.channels["pdf"], article()).artifacts[:1]
    assert made.content.startswith(b"%PDF")
    folder = desk.root / "templates" / "pdf"
    folder.mkdir(parents=True)
    many = "{% macro paragraph(block) %}{% for i in range(100000) %}<p>x</p>{% endfor %}"
    (folder / "blocks.html.j2").write_text(many + "{% endmacro %}")
    monkeypatch.setattr(module, "LONGEST", 1.5)
    newsroom = load_newsroom(desk.root, {})
    error = preview_within_limits(newsroom, newsroom.channels["pdf"], article()).error
    assert "stopped: it takes longer than 1.5 seconds" in str(error)
