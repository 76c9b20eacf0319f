"""One run at a time in a newsroom; the lock dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import Location, LockedError, UsageError
from syndicate.private import file_mode


@contextmanager
def lock(state: Path) -> Iterator[None]:
    """Hold the lock file in `state` (flock(2): the kernel lets go of it however the run ends).

    Raises:
        LockedError: another run holds it.
        UsageError: the folder cannot be written.
    """
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
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise LockedError(
            "another run is at work in this newsroom", hint="wait for it, then run this again"
        ) from error
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
