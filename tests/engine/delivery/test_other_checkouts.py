"""Checkouts with one ledger: what one of them takes back, the others take back too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from syndicate.engine.withdrawal import lift
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk
from tests.engine.test_withdrawal import withdrawn

FILE = "out/single/ferry.txt"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A newsroom whose ledger and store are next to it."""
    made = make_desk(tmp_path / "first", "../shared.sqlite")
    settings = made.root / "syndicate.toml"
    settings.write_text('store = "../shared"\n' + settings.read_text())
    return made


@pytest.fixture
def other(desk: Desk) -> Desk:
    """A second checkout of `desk`, with the same ledger and store; both have published."""
    second = Desk(desk.root.with_name("second"), ledger=desk.ledger)
    shutil.copytree(desk.root, second.root)
    for one in (desk, second):
        one.publish("single", "rolling")
    return second


def test_each_has_its_own_files_and_loses_them_at_its_next_run(desk: Desk, other: Desk) -> None:
    assert FILE in other.files()
    withdrawn(desk)
    assert FILE in other.files()
    outcome = other.publish()
    assert FILE not in other.files()
    assert b"night ferry" not in other.files()["out/rolling/all.txt"]
    assert outcome.removed == 1
    assert other.told("removed") == [FILE]


def test_what_has_come_back_meanwhile_stays(desk: Desk, other: Desk) -> None:
    withdrawn(desk)
    lift(load_newsroom(desk.root, {}), "ferry", "Ines")
    desk.publish()
    before = other.files()[FILE]
    assert other.publish().removed == 0
    assert other.files()[FILE] == before


def test_an_editors_own_file_of_that_name_stays(desk: Desk, other: Desk) -> None:
    for one in (desk, other):
        one.channel("single", 'adapter = "./own.py"\n[deliver]\npath = "site"\n')
        one.publish("single")
    (other.root / "site/ferry.txt").write_text("A page that somebody wrote by hand.\n")
    withdrawn(desk)
    other.publish("rolling")
    assert (other.root / "site/ferry.txt").exists()


def test_what_lies_outside_the_newsroom_through_a_link_stays(desk: Desk, other: Desk) -> None:
    elsewhere = other.root.with_name("elsewhere")
    (other.root / "out/single").rename(elsewhere)
    (other.root / "out/single").symlink_to(elsewhere)
    withdrawn(desk)
    other.publish("rolling")
    assert (elsewhere / "ferry.txt").exists()
