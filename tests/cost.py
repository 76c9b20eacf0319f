"""How the work grows with the size of what is read: in processor time, whatever else runs here."""

from __future__ import annotations

import gc
from collections.abc import Callable
from math import log
from time import process_time

LINEAR = 1.6
"""The most that counts as growing in proportion; what doubles fourfold has 2."""
_ATTEMPTS = 4


def seconds(work: Callable[[], object]) -> float:
    """The processor time of `work`, in seconds."""
    gc.collect()
    gc.disable()  # what earlier tests left behind would be searched again and again
    try:
        began = process_time()
        work()
        return process_time() - began
    finally:
        gc.enable()


def growth(made: Callable[[int], str], work: Callable[[str], object], size: int = 250) -> float:
    """The power of its length with which an input costs `work`: 1 is proportional, 2 quadratic.

    Args:
        made: an input of about so many pieces.
        size: how many pieces the smaller of the two inputs has; the other has twice as many.

    Noise only ever adds, so the lowest costs count. The small input is read several times at once:
    noise in its cost would hide growth. Both are measured again while the power is high.
    """
    small, large = made(size), made(2 * size)
    lengths = log(len(large) / len(small))
    lows = [float("inf")] * 2
    power = 0.0
    for _ in range(_ATTEMPTS):
        first = min(seconds(lambda: work(small)) for _ in range(3))
        lows = [min(lows[0], first), min(lows[1], seconds(lambda: work(large)))]
        power = log(max(lows[1], 1e-6) / max(lows[0], 1e-6)) / lengths
        if power < LINEAR:
            break
    return power
