"""What the studio knows of `content/` and the ledger without looking through them each time."""

from __future__ import annotations

import random
import shutil
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.engine.content.sources import files_found_in
from syndicate.ledger.change_watch import ArticlesMark
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import KnownArticle
from syndicate.studio import content_watch
from syndicate.studio.content_watch import ContentWatch
from tests import waiting

FERRY = KnownArticle("ferry", "ferry.md", "ferry", "2026-11-01", "2026-11-01", "w", "Ferry", (1,))


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


def learn(ledger: Ledger, updated: str) -> None:
    """Let `ledger` know of an article that was `updated` then."""
    assert ledger.articles.save([replace(FERRY, updated=updated)], ledger.articles.mark())


def test_the_mark_is_that_of_the_ledger_as_it_is(tmp_path: Path) -> None:
    """Whoever wrote to it, and even if it is another file by now."""
    mark = ArticlesMark()
    with (
        closing(mark),
        closing(open_ledger("ledger.sqlite", tmp_path)) as ledger,
        closing(open_ledger("ledger.sqlite", tmp_path)) as other,
    ):
        seen = set()
        for number, writer in enumerate((ledger, other, other, ledger)):
            learn(writer, f"2026-11-0{number + 1}")
            for reader in (ledger, other):
                assert mark.of(reader) == ledger.articles.mark()
            seen.add(mark.of(ledger))
        assert len(seen) == 4
    shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "older")
    (tmp_path / "older").replace(tmp_path / "ledger.sqlite")
    with closing(mark), closing(open_ledger("ledger.sqlite", tmp_path)) as ledger:
        learn(ledger, "2026-12-01")
        assert mark.of(ledger) == ledger.articles.mark()


def test_a_ledger_that_nobody_writes_to_is_not_read(tmp_path: Path) -> None:
    statements: list[str] = []

    def heard(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    mark = ArticlesMark()
    with closing(mark), closing(open_ledger("ledger.sqlite", tmp_path)) as ledger:
        learn(ledger, "2026-11-01")
        first = mark.of(ledger)
        sa.event.listen(sa.Engine, "before_cursor_execute", heard)
        try:
            assert mark.of(ledger) == first
            assert not statements
            ledger.articles.mark()
            assert statements
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", heard)
