"""Files are opened only if they are files, in folders where they may be."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from syndicate.grounds import Grounds, OutsideError, SpecialFileError, open_file


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a file, next to one with a secret."""
    (tmp_path / "desk" / "sub").mkdir(parents=True)
    (tmp_path / "desk" / "a.md").write_text("words")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.md").write_text("hunter2")
    return tmp_path / "desk"


def link(place: Path, target: str | Path) -> Path:
    place.symlink_to(target)
    return place


@pytest.mark.parametrize("target", ["../secret/s.md", "chain.md", "folder/s.md", "sub/../up.md"])
def test_a_link_out_of_the_folder_is_refused(desk: Path, target: str) -> None:
    link(desk / "up.md", "../secret/s.md")
    link(desk / "chain.md", "up.md")
    link(desk / "folder", desk.parent / "secret")
    with pytest.raises(OutsideError):
        Grounds((desk,)).open(link(desk / "b.md", target))


def test_a_link_within_the_folder_or_into_an_allowed_one_is_read(desk: Path) -> None:
    secret = desk.parent / "secret"
    assert Grounds((desk,)).read(link(desk / "b.md", "a.md")) == b"words"
    assert Grounds((desk, secret)).read(link(desk / "c.md", secret / "s.md")) == b"hunter2"


def test_the_folder_itself_may_be_a_link(desk: Path) -> None:
    other = link(desk.parent / "other", desk)
    assert Grounds((other,)).read(other / "a.md") == b"words"


def test_a_name_that_only_begins_like_the_folder_is_outside(desk: Path) -> None:
    (desk.parent / "desk2").mkdir()
    (desk.parent / "desk2" / "x.md").touch()
    assert not Grounds((desk,)).contain(desk / ".." / "desk2" / "x.md")


def test_what_is_no_file_is_refused_at_once(desk: Path) -> None:
    os.mkfifo(desk / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(desk)  # the name of a socket must be short
        listening.bind("socket.md")
        os.chdir(here)
        for name in ("pipe.md", "socket.md", "sub"):
            with pytest.raises(SpecialFileError):
                Grounds((desk,)).open(desk / name)
    with pytest.raises(SpecialFileError):
        open_file(Path("/dev/zero"))


def test_a_file_that_becomes_a_pipe_while_it_is_opened_is_refused(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the opening, somebody replaces it."""
    before = os.open

    def replaced(path: Path, flags: int) -> int:
        (desk / "a.md").unlink()
        os.mkfifo(desk / "a.md")
        return before(path, flags)

    monkeypatch.setattr(os, "open", replaced)
    with pytest.raises(SpecialFileError):
        open_file(desk / "a.md")


def test_a_link_that_is_turned_while_it_is_opened_is_refused(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, before = link(desk / "b.md", "a.md"), os.open

    def turned(path: Path, flags: int) -> int:
        place.unlink()
        link(place, "../secret/s.md")
        return before(path, flags)

    monkeypatch.setattr(os, "open", turned)
    with pytest.raises(OutsideError):
        Grounds((desk,)).open(place)
