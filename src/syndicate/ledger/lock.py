"""The newsroom's lock file. Whatever changes something shares it; a restore has it alone.

A run of a release that knows no leases has it alone too. So such a run and one of this release
never work at the same time. The lock ends with its process.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import Location, LockedError, UsageError
from syndicate.private import file_mode


@contextmanager
def shared_lock(state: Path) -> Iterator[None]:
    """Share the lock file in `state` with others that do (flock(2)).

    Raises:
        LockedError: somebody has it alone.
        UsageError: the folder cannot be written.
    """
    told = "a restore, or a run of an older release, is at work in this newsroom"
    with _locked(state, fcntl.LOCK_SH, told):
        yield


@contextmanager
def sole_lock(state: Path) -> Iterator[None]:
    """Have the lock file in `state` alone.

    Raises:
        LockedError: somebody else has it.
        UsageError: the folder cannot be written.
    """
    with _locked(state, fcntl.LOCK_EX, "another run is at work in this newsroom"):
        yield


@contextmanager
def _locked(state: Path, how: int, told: str) -> Iterator[None]:
    path = state / "lock"
    try:
        state.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, file_mode())
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}",
            where=Location(str(path)),
            hint="check with: syndicate doctor",
        ) from error
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise LockedError(told, hint="wait for it, then run this again") from error
    _held.add(descriptor)
    try:
        yield
    finally:
        _held.remove(descriptor)
        os.close(descriptor)


_held: set[int] = set()


def _let_go() -> None:
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)  # the lock is the run's, not that of its workers
