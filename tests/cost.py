"""How the work grows with the size of what is read: in processor time, whatever else runs here."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from time import process_time

LINEAR = 1.6
"""The most that counts as growing in proportion; what doubles fourfold has 2."""
_ATTEMPTS = 4


def seconds(work: Callable[[], object]) -> float:
    """The processor time of `work`, in seconds."""
    began = process_time()
    work()
    return process_time() - began


def growth(made: Callable[[int], str], work: Callable[[str], object], size: int = 250) -> float:
    """The power of its length with which an input costs `work`: 1 is proportional, 2 quadratic.

    Args:
        made: an input of about so many pieces.
        size: how many pieces the smaller of the two inputs has; the other has twice as many.

    It is measured again while it is high, and the lowest costs count: noise only ever adds.
    """
    small, large = made(size), made(2 * size)
    lengths = log(len(large) / len(small))
    costs = [float("inf")] * 2
    power = 0.0
    for _ in range(_ATTEMPTS):
        now = seconds(lambda: work(small)), seconds(lambda: work(large))
        costs = [max(min(pair), 1e-6) for pair in zip(costs, now, strict=True)]
        power = log(costs[1] / costs[0]) / lengths
        if power < LINEAR:
            break
    return power
