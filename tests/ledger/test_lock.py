"""A restore, and a run of an older release, have the newsroom to themselves."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from syndicate.errors import Exit, LockedError
from syndicate.ledger.lock import shared_lock, sole_lock


def test_many_share_it_or_one_has_it_alone(tmp_path: Path) -> None:
    with shared_lock(tmp_path), shared_lock(tmp_path):
        with pytest.raises(LockedError) as found, sole_lock(tmp_path):
            pass
        assert found.value.exit is Exit.LOCKED
    with sole_lock(tmp_path), pytest.raises(LockedError), shared_lock(tmp_path):
        pass
    with pytest.raises(ValueError, match="it failed"), sole_lock(tmp_path):
        raise ValueError("it failed")
    with sole_lock(tmp_path):
        pass


def test_an_older_release_and_this_one_keep_each_other_out(tmp_path: Path) -> None:
    """That takes an exclusive lock on the same file for as long as it works."""
    with (
        shared_lock(tmp_path),
        (tmp_path / "lock").open("w") as older,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(older, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (tmp_path / "lock").open("w") as older:
        fcntl.flock(older, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(LockedError, match="older release"), shared_lock(tmp_path):
            pass
