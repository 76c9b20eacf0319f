"""Disks that cannot do what ext4 can: hard links, modes, a folder that is written out; and
newsrooms that can only be read."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from syndicate.atomic import place_new
from syndicate.engine.publish import Order, publish
from syndicate.ledger.backups import copy_ledger
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.newsroom.starter import create_newsroom
from syndicate.subscribers.signing_secrets import load_secrets
from tests.waiting import run


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A newsroom with one article and its feeds."""
    root = tmp_path / "newsroom"
    create_newsroom(root, samples=False)
    for name in ("x", "mastodon", "bluesky", "pdf", "epub", "email"):
        (root / "channels" / f"{name}.toml").unlink()
    (root / "content" / "boat.md").write_text("# Boat\n\nThe boat sails.\n")
    return load_newsroom(root, {})


def published(newsroom: Newsroom) -> None:
    outcome = publish(newsroom, Order(jobs=1), lambda _: None, lambda _: None)
    assert outcome.errors == []


def refusing(number: int) -> Callable[..., NoReturn]:
    def refused(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refused


def test_a_file_system_without_hard_links_is_served_by_copies(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", refusing(errno.ENOTSUP))
    published(newsroom)
    assert "The boat sails." in (newsroom.root / "out/rss/feed.xml").read_text()
    assert load_secrets(newsroom.state) == load_secrets(newsroom.state)


@pytest.mark.parametrize("number", [0, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV])
def test_a_new_file_never_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    if number:
        monkeypatch.setattr(os, "link", refusing(number))
    target = tmp_path / "target"
    for text in ("first", "second"):
        own = tmp_path / text
        own.write_text(text)
        place_new(own, target)
    assert target.read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


def test_modes_and_folders_that_cannot_be_written_out_are_done_without(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.fsync

    def fsync(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112 - a descriptor
            raise OSError(errno.EINVAL, "folders cannot be synced")
        before(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "chmod", refusing(errno.EPERM))
    published(newsroom)
    copy_ledger(newsroom.state / "ledger.sqlite", newsroom.root / "copy.sqlite")
    assert (newsroom.root / "copy.sqlite").stat().st_size


def as_another(newsroom: Newsroom) -> list[str]:
    """What goes before a command so that it can read the newsroom, but write nothing in it."""
    for place in (newsroom.root, *newsroom.root.rglob("*")):
        place.chmod(0o555 if place.is_dir() else 0o444)
        if os.geteuid() == 0:
            os.chown(place, 1234, 1234)
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("needs setpriv (util-linux) when it is run by root")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"]


NEW = pytest.param(False, marks=pytest.mark.slow, id="new")


@pytest.mark.parametrize("has_run", [NEW, pytest.param(True, id="published")])
def test_a_newsroom_that_can_only_be_read_answers(newsroom: Newsroom, has_run: bool) -> None:
    if has_run:
        published(newsroom)
    (newsroom.content / "new.md").write_text("# New\n\nAnother boat sails.\n")
    before = as_another(newsroom)
    names = sorted(newsroom.root.rglob("*"))
    answers = {
        "status": "rss",
        "log": "delivered" if has_run else "",
        "plan": "3 to do",
        "check": "2 articles: 0 errors",
    }
    try:
        for command, answer in answers.items():
            done = run([*before, sys.executable, "-m", "syndicate", command], cwd=newsroom.root)
            assert (done.returncode, "error:" in done.stderr) == (0, False), done.stderr
            assert answer in done.stdout + done.stderr
        assert sorted(newsroom.root.rglob("*")) == names
    finally:
        for place in (newsroom.root, *newsroom.root.rglob("*")):
            place.chmod(0o755)
