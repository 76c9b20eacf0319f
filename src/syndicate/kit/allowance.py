"""How much a template may do before it is stopped: steps, text and processor time.

Counted, because templates also run in threads of the studio and of a command, and a thread cannot
be ended from outside. Every place where a template's work can grow reports it here: the bodies of
loops and macros, calls, filters, operators and whatever is printed. What makes a large value is
charged before it is made.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import thread_time
from typing import Any

STEPS = 2_000_000  # bodies of blocks, calls and filters
TEXT = 50_000_000  # characters
ITEMS = 100_000  # in one list, with the lists inside it; as many as Jinja lets `range` have
DIGITS = 10_000
FILTERS = 100
SECONDS = 5.0  # of processor time
_SHOWN = 500  # characters of an error
_OFTEN = 64  # steps from one look at the clock to the next


class TooMuchWorkError(Exception):
    """A template does more than it may."""


class _Allowance(threading.local):
    """What is left to the template that runs in this thread; nothing is counted outside of one."""

    running = False
    steps = text = until = float("inf")
    next_look = -1.0


_LEFT = _Allowance()


@contextmanager
def allowance() -> Iterator[None]:
    """Run one template, with all that it includes and calls, within what one may do."""
    if _LEFT.running:
        yield
        return
    _LEFT.running, _LEFT.steps, _LEFT.text = True, STEPS, TEXT
    _LEFT.until, _LEFT.next_look = thread_time() + SECONDS, STEPS - _OFTEN
    try:
        yield
    finally:
        _LEFT.running = False
        _LEFT.steps = _LEFT.text = _LEFT.until = float("inf")
        _LEFT.next_look = -1.0


def step() -> None:
    """Count one step.

    Raises:
        TooMuchWorkError: there were too many, or they took too long.
    """
    left = _LEFT.steps = _LEFT.steps - 1
    if left < _LEFT.next_look:
        look_at_the_clock()


def look_at_the_clock() -> None:
    """Stop a template that has taken too many steps or too long.

    Raises:
        TooMuchWorkError: it has.
    """
    _LEFT.next_look = _LEFT.steps - _OFTEN
    if _LEFT.steps < 0:
        raise TooMuchWorkError(f"it takes more than {STEPS:,} steps")
    if _LEFT.running and thread_time() > _LEFT.until:
        raise TooMuchWorkError(f"it takes more than {SECONDS:g} seconds of processor time")


class Steps(Iterator[Any]):
    """Items that a filter makes one after the other. Each counts as a step."""

    __slots__ = ("_filters", "_items")

    def __init__(self, items: Iterable[Any]) -> None:
        self._items, self._filters = iter(items), 1

    def __next__(self) -> Any:
        item = next(self._items)
        step()
        return item

    def follow(self, taken: Any) -> None:
        """Say that these items are made of `taken`. Python crashes if that goes on for long.

        Raises:
            TooMuchWorkError: too many filters follow each other.
        """
        if type(taken) is Steps:
            self._filters += taken._filters
        if self._filters > FILTERS:
            raise TooMuchWorkError(f"more than {FILTERS} filters follow each other")


def require(characters: float) -> None:
    """Make sure that a text of so many `characters` can be made.

    Raises:
        TooMuchWorkError: it is longer than what is left.
    """
    if characters > min(_LEFT.text, TEXT):
        raise TooMuchWorkError(f"it makes more than {TEXT:,} characters of text")


def spend(characters: float) -> None:
    """Count a text that is made.

    Raises:
        TooMuchWorkError: with this text there are too many characters.
    """
    left = _LEFT.text = _LEFT.text - characters
    if left < 0:
        require(TEXT + 1)


def require_items(items: float) -> None:
    """Make sure that a list may have so many `items`.

    Raises:
        TooMuchWorkError: it may not.
    """
    if items > ITEMS:
        raise TooMuchWorkError(f"it makes a list of more than {ITEMS:,} items")


def require_digits(bits: float) -> None:
    """Make sure that a whole number may have so many `bits`.

    Raises:
        TooMuchWorkError: it may not.
    """
    if bits > DIGITS * 3.33:
        raise TooMuchWorkError(f"it makes a number of more than {DIGITS:,} digits")


def shortened(text: str) -> str:
    """`text`, or its beginning if it is long: the names in an error can be of any length."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
