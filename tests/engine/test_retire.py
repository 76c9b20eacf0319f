"""What a dropped channel has left behind stays until it is retired."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syndicate.engine.retire import left_behind, retire
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk
from tests.engine.test_posting import make_desk as posting_desk
from tests.platforms import PLATFORMS


def retired(desk: Desk, channel: str) -> int:
    """How many copies were removed."""
    newsroom = load_newsroom(desk.root, {})
    return retire(newsroom, channel, lambda _: None, Stop()).removed


def test_a_dropped_channel_is_named_until_it_is_retired(desk: Desk) -> None:
    desk.publish()
    (desk.root / "channels" / "single.toml").unlink()
    desk.publish()
    assert "out/single/ferry.txt" in desk.files()
    told = desk.command("plan").stderr
    assert "there is no channel 'single' any more, but 2 copies of it stand" in told
    assert retired(desk, "single") == 2
    assert not [name for name in desk.files() if "single" in name]
    assert "single" not in desk.command("plan").stderr


def test_what_another_channel_needs_stays(desk: Desk) -> None:
    both = 'adapter = "./own.py"\n[deliver]\npath = "out/shared"\n'
    desk.channel("old", both)
    desk.publish("old")
    desk.channel("new", both)
    desk.publish("new")
    (desk.root / "channels" / "old.toml").unlink()
    retired(desk, "old")
    assert {"out/shared/ferry.txt", "out/shared/tides.txt"} <= desk.files().keys()
    (desk.root / "channels" / "new.toml").unlink()
    assert retired(desk, "new") == 2


def test_the_old_place_of_a_channel_that_has_moved_is_retired(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\npath = "out/moved"\n')
    desk.publish("single")
    assert retired(desk, "single") == 2
    assert {name for name in desk.files() if name.startswith("out/")} == {
        "out/moved/ferry.txt",
        "out/moved/tides.txt",
    }


def test_another_name_of_the_same_folder_is_the_same_place(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "link").symlink_to(desk.root / "out")
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\npath = "link/single"\n')
    desk.publish("single")
    assert retired(desk, "single") == 0
    assert "out/single/ferry.txt" in desk.files()


def test_a_channel_in_use_has_left_nothing_behind(desk: Desk) -> None:
    desk.publish("single")
    newsroom = load_newsroom(desk.root, {})
    assert left_behind(newsroom, "single").removable == ()
    with pytest.raises(UsageError, match="nothing of a channel 'typo'"):
        left_behind(newsroom, "typo")


def test_the_command_asks_first(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "channels" / "single.toml").unlink()
    assert "retire single --yes" in desk.command("retire", "single").stderr
    assert "out/single/ferry.txt" in desk.files()
    assert "2 files removed" in desk.command("retire", "single", "--yes").stderr


def test_each_file_is_counted_once(desk: Desk) -> None:
    """Both articles need the same file, as they may need the same picture."""
    both = Path(desk.root / "own.py").read_text().replace('f"{one.slug}.txt"', '"same.txt"')
    (desk.root / "own.py").write_text(both)
    desk.publish("single")
    (desk.root / "channels" / "single.toml").unlink()
    told = desk.command("retire", "single").stderr
    assert told.count("out/single/same.txt") == 1
    assert "1 file" in told


def test_a_channel_that_posted_is_named_until_somebody_has_retired_it(tmp_path: Path) -> None:
    with PLATFORMS["x"].server() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in PLATFORMS["x"].secrets.items():
            patch.setenv(name, value)
        desk = posting_desk(tmp_path / "newsroom", "x", server)
        approve_draft(load_newsroom(desk.root, {}), "ferry.x", "Ines")
        desk.publish()
        (desk.root / "channels" / "x.toml").unlink()
        assert "retire x" in desk.command("plan").stderr
        told = desk.command("retire", "x").stderr
        assert "stays: https://x.com/gazette/status/" in told
        assert "retire x" not in desk.command("plan").stderr
        assert "https://x.com/gazette/status/" in desk.command("where", "ferry").stdout
        assert server.posts


# -- a channel is renamed -----------------------------------------------------------------------


def test_the_feeds_of_a_renamed_channel_stay_and_still_tell_of_a_withdrawal(desk: Desk) -> None:
    for name in desk.channels():
        (desk.root / "channels" / f"{name}.toml").unlink()
    feed = 'adapter = "atom"\n[split]\nby = "tag"\n[deliver]\npath = "out/feeds"\n'
    desk.channel("news", feed)
    desk.write("ferry.md", "---\ntags: [Ferries]\n---\n# The ferry\n\nIt sails.\n")
    desk.publish()
    withdraw(
        load_newsroom(desk.root, {}),
        WithdrawalOrder("ferry", "wrong", "Ines"),
        lambda _: None,
        Stop(),
    )
    before = desk.files()["out/feeds/ferries/feed.atom"]
    assert b"deleted-entry" in before
    (desk.root / "channels" / "news.toml").rename(desk.root / "channels" / "feeds.toml")
    desk.publish()
    after = desk.files()["out/feeds/ferries/feed.atom"]
    assert b"deleted-entry" in after
    assert "news" not in desk.command("plan").stderr


def test_a_withdrawn_article_that_a_gone_channel_shows_is_named_until_it_is_retired(
    desk: Desk,
) -> None:
    desk.channel("feed", 'adapter = "rss"\n')
    desk.publish("single", "feed")
    for name in ("single", "feed"):
        (desk.root / "channels" / f"{name}.toml").unlink()
    desk.channel("other", 'adapter = "./own.py"\n')
    source = desk.root / "content" / "ferry.md"
    source.write_text(f"---\nstatus: withdrawn\n---\n\n{source.read_text()}")
    for _ in range(2):  # whether or not there is anything to do
        done = desk.command("publish", "--channels", "other")
        assert "ferry is withdrawn, but still public: out/single/ferry.txt" in done.stderr
        assert "still public: out/feed/feed.xml" in done.stderr
        assert done.returncode == 3
    assert "syndicate retire single" in done.stderr
    retired(desk, "single")
    retired(desk, "feed")
    assert desk.command("publish", "--channels", "other").returncode == 0


@pytest.mark.parametrize("both", [False, True])
def test_files_of_a_renamed_channel_go_when_their_article_leaves(desk: Desk, both: bool) -> None:
    desk.publish("single")
    desk.channel("renamed", 'adapter = "./own.py"\n[deliver]\npath = "out/single"\n')
    if both:  # two channels had the same place for a while
        desk.publish("renamed")
    (desk.root / "channels" / "single.toml").unlink()
    desk.publish("renamed")
    source = desk.root / "content" / "ferry.md"
    source.write_text(f"---\nexpires: 2026-01-01\n---\n\n{source.read_text()}")
    desk.publish("renamed")
    assert {name for name in desk.files() if "single" in name} == {"out/single/tides.txt"}
    with pytest.raises(UsageError, match="nothing of a channel 'single' stands"):
        retired(desk, "single")


def test_what_was_approved_in_a_renamed_channel_needs_no_other_approval(desk: Desk) -> None:
    draft = 'adapter = "./own.py"\ndraft = true\nreview = true\n[deliver]\npath = "out/social"\n'
    desk.channel("social", draft)
    desk.publish("social")
    approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")
    desk.publish("social")
    before = desk.files()
    assert "out/social/ferry.txt" in before
    (desk.root / "channels" / "social.toml").rename(desk.root / "channels" / "other.toml")
    assert desk.publish("other").waiting == 1, "tides.txt, which nobody has approved"
    assert desk.files() == before
    approve_draft(load_newsroom(desk.root, {}), "tides.txt", "Ines")
    desk.publish("other")
    assert "out/social/tides.txt" in desk.files()
    assert {"ferry.txt", "tides.txt"} == {
        Path(json.loads(line)["address"]).name
        for name in ("ferry", "tides")
        for line in desk.command("where", name, "--json").stdout.splitlines()
    }


def test_a_channel_may_be_renamed_to_one_that_was_retired(desk: Desk) -> None:
    feed = 'adapter = "atom"\n[split]\nby = "tag"\n[deliver]\npath = "out/{}"\n'
    desk.write("ferry.md", "---\ntags: [Ferries]\n---\n# The ferry\n\nIt sails.\n")
    for name in ("old", "new"):
        desk.channel(name, feed.format(name))
    desk.publish("old", "new")
    (desk.root / "channels" / "old.toml").unlink()
    retired(desk, "old")
    (desk.root / "channels" / "new.toml").rename(desk.root / "channels" / "old.toml")
    assert desk.publish("old").exit == 0
    assert "out/new/ferries/feed.atom" in desk.files()
    assert "new" not in desk.command("plan").stderr


def test_numbered_issues_stay_if_another_channel_gets_their_place(desk: Desk) -> None:
    desk.publish("numbered")
    desk.channel("files", 'adapter = "./own.py"\n[deliver]\npath = "out/numbered"\n')
    (desk.root / "channels" / "numbered.toml").unlink()
    desk.publish("files")
    assert "there is no channel 'numbered' any more" in desk.command("plan").stderr
    assert "out/numbered/1.txt" in desk.files()


def test_a_withdrawn_article_at_the_old_place_of_a_channel_is_named_until_it_is_retired(
    desk: Desk,
) -> None:
    desk.channel("feed", 'adapter = "rss"\n')
    desk.publish("single", "feed")
    for name, adapter in (("single", "./own.py"), ("feed", "rss")):
        moved = f'adapter = "{adapter}"\n[deliver]\npath = "out/moved/{name}"\n'
        desk.channel(name, moved)
    desk.publish("single", "feed")
    assert desk.publish("single", "feed").exit == 0
    source = desk.root / "content" / "ferry.md"
    source.write_text(f"---\nstatus: withdrawn\n---\n\n{source.read_text()}")
    for _ in range(2):  # whether or not there is anything to do
        done = desk.command("publish", "--channels", "single,feed")
        assert "ferry is withdrawn, but still public: out/single/ferry.txt" in done.stderr
        assert (
            "still public: out/feed/feed.xml; the channel 'feed' delivers elsewhere" in done.stderr
        )
        assert "hint: syndicate retire feed" in done.stderr
        assert done.returncode == 3
    retired(desk, "single")
    retired(desk, "feed")
    assert desk.command("publish", "--channels", "single,feed").returncode == 0


def test_a_withdrawal_says_that_the_old_place_of_a_channel_has_to_be_retired(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\npath = "out/moved"\n')
    desk.publish("single")
    told = desk.command("withdraw", "ferry", "--reason", "wrong", "--yes").stderr
    assert "out/single/ferry.txt is still public; run: syndicate retire single" in told


def test_a_retired_feed_tells_of_a_withdrawal_once_its_channel_is_there_again(desk: Desk) -> None:
    """Whoever followed it before may still ask for it."""
    feed = 'adapter = "atom"\n[split]\nby = "tag"\n'
    desk.channel("tags", feed)
    text = "---\ntitle: Harbour\ntags: [Piers]\n{}---\n\nThe pier is closed.\n"
    desk.write("harbour.md", text.format(""))
    desk.publish()
    (desk.root / "channels" / "tags.toml").unlink()
    desk.publish()
    retired(desk, "tags")
    desk.write("harbour.md", text.format("status: withdrawn\n"), age=0)
    desk.publish()
    assert "out/tags/piers/feed.atom" not in desk.files()
    desk.channel("tags", feed)
    desk.publish()
    told = desk.files()["out/tags/piers/feed.atom"]
    assert b"deleted-entry" in told
    assert b"pier is closed" not in told
