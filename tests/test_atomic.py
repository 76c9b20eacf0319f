"""Files appear whole, whoever else writes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from syndicate.atomic import remove_whole, write_whole
from syndicate.testing.faults import HOW, Faults, How


def test_writers_of_one_file_take_turns(tmp_path: Path) -> None:
    """The studio's threads and a run of `publish` may have the same to write at the same time."""
    target = tmp_path / "read.json"
    texts = [bytes([number]) * (1000 * number) for number in range(1, 41)]
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda text: write_whole(target, text), texts):
            assert target.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_crash_left_is_taken_over(tmp_path: Path) -> None:
    target = tmp_path / "read.json"
    (tmp_path / ".read.json.part").write_bytes(b"half of something much longer")
    write_whole(target, b"whole")
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "read.json"
    target.write_bytes(b"old")

    def commit() -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        write_whole(target, b"new", commit)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("how", HOW)
def test_whatever_fails_the_file_is_the_old_one_or_the_new_one(
    tmp_path: Path, how: How, after: bool
) -> None:
    target = tmp_path / "out" / "feed.xml"
    for at in range(1, 100):
        write_whole(target, b"old")
        faults = Faults(at, how, after, tmp_path)
        with faults.injected(), suppress(OSError):
            write_whole(target, b"new and longer")
        assert target.read_bytes() in (b"old", b"new and longer"), faults
        write_whole(target, b"new")
        assert target.read_bytes() == b"new", faults
        assert list(target.parent.iterdir()) == [target], faults
        if not faults.is_met:
            return
    raise AssertionError("it does not end")


@pytest.mark.parametrize("how", HOW)
def test_whatever_fails_a_removal_can_be_repeated(tmp_path: Path, how: How) -> None:
    for at in range(1, 6):
        target = tmp_path / "out" / "deep" / "feed.xml"
        write_whole(target, b"old")
        with Faults(at, how, after=at % 2 == 0, folder=tmp_path).injected(), suppress(OSError):
            remove_whole(target, tmp_path)
        remove_whole(target, tmp_path)
        assert not target.exists()
