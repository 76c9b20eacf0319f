"""One article as a channel would show it; nothing is recorded."""

from __future__ import annotations

from syndicate.engine.rendering.preview import preview
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
