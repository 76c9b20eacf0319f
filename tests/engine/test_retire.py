"""What a dropped channel has left behind stays until it is retired."""

from __future__ import annotations

import pytest

from syndicate.engine.retire import left_behind, retire
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk


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
    (desk.root / "channels" / "old.toml").unlink()
    desk.publish("new")
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
