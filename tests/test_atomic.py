"""Files appear whole, whoever else writes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from syndicate.atomic import write_whole


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
