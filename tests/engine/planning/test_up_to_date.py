"""The short cut for "nothing changed" never hides a change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate.engine.planning.up_to_date import PublishInputs, Rest, Settled, remember_up_to_date
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """With a ledger on this disk: one on a server may change unseen, and nothing is cut short."""
    return make_desk(tmp_path / "newsroom")


def is_settled(root: Path, channels: tuple[str, ...]) -> bool:
    settled = Settled.last(root, channels)
    return bool(settled and settled.is_so(root, PublishInputs.in_newsroom(root)))


def test_settled_after_a_run_and_only_for_what_was_run(desk: Desk) -> None:
    assert not is_settled(desk.root, ())
    desk.publish("single")
    assert is_settled(desk.root, ("single",))
    assert not is_settled(desk.root, ())
    desk.publish()
    assert is_settled(desk.root, ())


@pytest.mark.parametrize(
    "name",
    [
        "content/ferry.md",
        "content/new.md",
        "channels/single.toml",
        "templates/single/blocks.txt.j2",
        "syndicate.toml",
        "own.py",
        "out/single/ferry.txt",
        "drafts/ferry.txt",
        ".syndicate/ledger.sqlite",
    ],
)
def test_a_touched_file_is_seen(desk: Desk, name: str) -> None:
    desk.publish()
    path: Path = desk.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"\n")
    assert not is_settled(desk.root, ())


def test_a_removed_output_is_seen(desk: Desk) -> None:
    desk.publish()
    (desk.root / "out" / "single" / "tides.txt").unlink()
    assert not is_settled(desk.root, ())


def test_the_environment_is_an_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish()
    monkeypatch.setenv("SYNDICATE_PUBLICATION__TITLE", "Other")
    assert not is_settled(desk.root, ())


def test_what_is_saved_during_a_run_is_not_taken_for_published(desk: Desk) -> None:
    before = PublishInputs.in_newsroom(desk.root)
    desk.write("late.md", "# Saved while the run was going\n\nText.\n")
    remember_up_to_date(load_newsroom(desk.root, {}), (), False, Rest(None), before)
    assert not is_settled(desk.root, ())


def test_the_clock_ends_it(desk: Desk) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    desk.write("later.md", f"---\nembargo: {soon}\n---\n# Later\n\nNot yet.\n")
    desk.publish()
    assert is_settled(desk.root, ())
    past = datetime.now(UTC) - timedelta(seconds=1)
    remember_up_to_date(
        load_newsroom(desk.root, {}), (), False, Rest(past), PublishInputs.in_newsroom(desk.root)
    )
    assert not is_settled(desk.root, ())


def test_a_failed_run_is_not_settled(desk: Desk) -> None:
    (desk.root / "content" / "bad.md").write_bytes(b"\xff")
    desk.publish()
    assert not is_settled(desk.root, ())
