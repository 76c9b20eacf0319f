"""Rate limits: when they end, and waiting for that."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from syndicate.errors import PostponedError

T = TypeVar("T")
_LONGEST = 25 * 3600.0  # seconds; the longest limits of the platforms are for a day


def patiently(call: Callable[[], T], patience: float) -> T:
    """The result of `call`, repeated after each rate limit has ended.

    Raises:
        PostponedError: the wait is longer than `patience` seconds, or the platform does not say how
            long it is.
    """
    waited = 0.0
    for again in count():
        try:
            return call()
        except PostponedError as error:
            # A platform that still refuses when its limit has ended is asked less and less.
            seconds = None if error.seconds is None else max(error.seconds, 2.0**again)
            if seconds is None or waited + seconds > patience:
                raise
            waited += seconds
            time.sleep(seconds)
    raise AssertionError("unreachable")


def seconds_until_reset(moment: object) -> float | None:
    """The seconds from now to `moment` (seconds since the epoch, as a platform says them), at least
    1. None if that cannot be read, or cannot be right."""
    try:
        seconds = float(str(moment)) - time.time()
    except ValueError:
        return None
    return max(1.0, seconds) if seconds <= _LONGEST else None
