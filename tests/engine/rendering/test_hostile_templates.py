"""Templates that do too much: each is named with its line, and everything else is published."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from syndicate.engine.rendering.preview import preview
from syndicate.errors import Exit
from syndicate.kit import allowance
from syndicate.newsroom.newsroom import load_newsroom
from tests.articles import article
from tests.engine.conftest import Desk
from tests.hostile_templates import FEW, SOME


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than templates have, so that the slow ones do not take seconds."""
    monkeypatch.setattr(allowance, "STEPS", 50_000)
    monkeypatch.setattr(allowance, "SECONDS", 0.1)


def add_hostile(desk: Desk, names: Iterable[str]) -> list[str]:
    """Add a channel for each of these templates; their channels' names."""
    channels = []
    for name in names:
        channels.append(name.replace(" ", "-"))
        folder = desk.root / "templates" / channels[-1]
        folder.mkdir(parents=True)
        (folder / "blocks.html.j2").write_text(SOME[name].replace("page.html", "blocks.html"))
        desk.channel(channels[-1], 'adapter = "ninjs"\n')
    return channels


@pytest.mark.parametrize("names", [FEW, pytest.param(tuple(SOME), marks=pytest.mark.slow)])
def test_each_is_named_and_the_rest_is_published(desk: Desk, names: tuple[str, ...]) -> None:
    (desk.root / "content" / "ferry.md").unlink()
    channels = add_hostile(desk, names)
    assert set(channels) < {step.channel for step in desk.plan().steps}
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    told = sorted(map(str, outcome.errors))
    assert len(told) == len(channels)
    for channel, error in zip(sorted(channels), told, strict=True):
        assert error.startswith(f"templates/{channel}/blocks.html.j2")
        assert f": {channel}: tides: stopped: it " in error
    assert (desk.root / "out" / "single" / "tides.txt").is_file()
    assert not {one for channel in channels for one in (desk.root / "out").glob(channel)}


def test_a_preview_shows_where_it_was_stopped(desk: Desk) -> None:
    (channel,) = add_hostile(desk, ["branching macro"])
    newsroom = load_newsroom(desk.root, {})
    error = preview(newsroom, newsroom.channels[channel], article()).error
    assert str(error).startswith("templates/branching-macro/blocks.html.j2:1: stopped: it takes")
