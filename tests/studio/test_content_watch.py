"""What the studio knows of `content/` without looking through it each time."""

from __future__ import annotations

import random
import shutil
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from syndicate.engine.content.sources import files_found_in
from syndicate.studio import content_watch
from syndicate.studio.content_watch import ContentWatch
from tests import waiting


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "content" / "sea").mkdir(parents=True)
    (tmp_path / "content" / "ferry.md").write_text("# The night ferry\n")
    return tmp_path / "content"


def change(content: Path, chance: random.Random) -> None:
    """Something that people and editors do to files."""
    folders = sorted(path for path in (content, *content.rglob("*")) if path.is_dir())
    files = sorted(path for path in content.rglob("*") if path.is_file())
    place = chance.choice(folders)
    name = f"{chance.choice('abc')}.{chance.choice(['md', 'toml', 'png', 'md~'])}"
    with suppress(FileExistsError, IsADirectoryError, shutil.Error):
        match chance.randrange(7):
            case 0 if files:
                with chance.choice(files).open("a") as file:
                    file.write("more")
            case 1 if files:
                chance.choice(files).unlink()
            case 2 if files:
                chance.choice(files).rename(place / name)
            case 3 if place != content:
                shutil.rmtree(place)
            case 4:
                (place / "new" / "newer").mkdir(parents=True)
                (place / "new" / "newer" / "d.md").write_text("# At once\n")
            case 5 if len(folders) > 1:
                shutil.move(folders[-1], content / name.replace(".", "-"))
            case _:
                (place / name).write_text(f"# Words {chance.random()}\n")


@pytest.mark.parametrize("seed", range(4))
def test_every_request_sees_the_files_as_they_are(content: Path, seed: int) -> None:
    chance = random.Random(seed)
    with closing(ContentWatch(content, lambda: None)) as watch:
        for _ in range(60):
            for _ in range(chance.randrange(3)):
                change(content, chance)
            fresh = files_found_in(content, "content")
            assert watch.found().files == fresh.files
            assert list(map(str, watch.found().unread)) == list(map(str, fresh.unread))


def test_files_are_not_looked_through_while_nothing_changes(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_watch, "_AGAIN", waiting.LIMIT)
    with closing(ContentWatch(content, lambda: None)) as watch:
        first = watch.found()
        assert watch.found() is first
        (content / "sea" / "tides.md").write_text("# Tides\n")
        assert "sea/tides.md" in watch.found().files


def test_a_change_that_the_kernel_does_not_tell_of_is_noticed_soon(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_watch, "_AGAIN", 0.0)
    elsewhere = tmp_path / "tides.md"
    elsewhere.write_text("# Tides\n")
    (content / "tides.md").symlink_to(elsewhere)
    told: list[str] = []
    with closing(ContentWatch(content, lambda: told.append("changed"))) as watch:
        before = watch.found().files["tides.md"]
        elsewhere.write_text("# Tides, and how to read them\n")
        waiting.until("the change", lambda: watch.found().files["tides.md"] != before)
        waiting.until("word of the change", lambda: told)


def test_without_a_watch_every_request_looks(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with closing(ContentWatch(content, lambda: None)) as watch:
        assert watch.found() is not watch.found()
