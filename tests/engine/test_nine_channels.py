"""One article on every kind of channel is withdrawn: what a crawler still finds is exactly what the
report names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.nine_channels import CHANNELS, MARK, furnished, last, with_secrets
from tests.platforms.pds import WHY_NOT, is_installed

BLUESKY = [
    "bluesky",
    pytest.param("pds", marks=pytest.mark.skipif(not is_installed(), reason=WHY_NOT)),
]


@pytest.mark.slow
@pytest.mark.parametrize("delete", [True, False])
@pytest.mark.parametrize("bluesky", BLUESKY)
def test_what_is_still_there_is_what_the_report_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bluesky: str, delete: bool
) -> None:
    with_secrets(monkeypatch)
    with furnished(tmp_path / "newsroom", (*CHANNELS, "x", "mastodon", bluesky)) as world:
        assert len(world.files()) >= 8
        posted = world.posts()
        assert len(posted) >= 5
        report = world.withdraw(delete=delete).report
        files = {one.address for one in report.remaining if one.kind in ("file", "feed", "issue")}
        assert world.files() == files == {"out/epub/epub-0001.epub"}
        posts = {last(one.address) for one in report.remaining if one.kind == "post"}
        assert world.posts() == posts == (set() if delete else posted)
        mails = [one for one in report.remaining if one.kind == "mail"]
        assert sum(int(one.address.split()[0]) for one in mails) == 3
        assert sum(MARK.encode() in one for one in world.sink.contents) == 3
        assert not report.uncertain
        assert len(report.answered) == (0 if delete else 3)
        assert MARK not in (world.desk.root / "out/rss/ferries/feed.xml").read_text()
