"""Asking a run to stop: what is on its way is waited for, and nothing new begins."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic
from types import FrameType

GRACE = 8.0
"""Seconds, unless the newsroom sets `grace`."""
_WAY_OUT = 3.0  # seconds
_AGAIN = 0.05  # seconds
_FAREWELL = 1.0  # seconds for closing connections once nothing is on its way


class Stopped(BaseException):
    """The run was asked to stop by signal `number`. Not an Exception, so that code which handles
    errors lets it pass."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.number = number


class Stop:
    """Whether a run was asked to stop, and how long it may still wait. Safe in any thread and in
    signal handlers.

    `number` is the signal that asked first, `waits` whether the run only makes a note of signals
    now, because something may be on its way, `is_urgent` whether it was asked twice.
    """

    def __init__(self, grace: float = GRACE) -> None:
        self.grace = grace
        self.number: int | None = None
        self.waits = False
        self.is_urgent = False
        self._until = 0.0
        # A lock could be held by the very code that a signal handler has interrupted.
        self._news: SimpleQueue[None] = SimpleQueue()

    def ask(self, number: int = signal.SIGTERM) -> None:
        """Ask the run to stop; a second time: not to wait for anything."""
        self.is_urgent = self.number is not None
        self._until = monotonic() + (0.0 if self.is_urgent else self.grace)
        self.number = self.number or number
        self.wake()

    def check(self) -> None:
        """Raise Stopped if the run was asked to stop."""
        if self.number is not None:
            raise Stopped(self.number)

    def wake(self) -> None:
        """Tell `watch` that something has changed."""
        self._news.put(None)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """While something may be on its way, signals are noted and end nothing by themselves."""
        self.waits = True
        try:
            yield
        finally:
            self.waits = False

    def watch(self, work: Callable[[], None], is_busy: Callable[[], bool]) -> bool:
        """Do `work` in a thread and wait for its end; once asked to stop, wait for `grace` seconds
        at most, and only as long as `is_busy`.

        Returns:
            Whether `work` has ended. If not, it is on its own.

        Raises:
            BaseException: what `work` raised, except Stopped.
        """
        ended: list[BaseException | None] = []

        def run() -> None:
            failure: BaseException | None = None
            try:
                work()
            except Stopped:
                pass
            except BaseException as error:
                failure = error
            ended.append(failure)
            self.wake()

        Thread(target=run, name="deliveries", daemon=True).start()
        farewell = None
        try:
            while not ended:
                limit = None
                if self.number is not None:
                    if farewell is None and not is_busy():
                        farewell = monotonic() + _FAREWELL
                    limit = min(self._until, farewell or self._until) - monotonic()
                    if limit <= 0:
                        return False
                self._wait(limit)
        except BaseException:
            self.ask(signal.SIGINT)
            raise
        if ended[0]:
            raise ended[0]
        return True

    def _wait(self, limit: float | None) -> None:
        try:
            self._news.get(timeout=limit)
        except Empty:
            return


def end_on_terminate() -> None:
    """Let SIGTERM end this process as Ctrl-C does: what is open is closed, nothing stays behind."""

    def asked(number: int, _: FrameType | None) -> None:
        raise Stopped(number)

    def again(ignored: sys.UnraisableHookArgs) -> None:
        # Python ignores what is raised in a destructor. Ask again, once that has ended.
        if isinstance(ignored.exc_value, Stopped):
            Timer(_AGAIN, os.kill, (os.getpid(), ignored.exc_value.number)).start()
        else:
            sys.__unraisablehook__(ignored)

    signal.signal(signal.SIGTERM, asked)
    sys.unraisablehook = again


@contextmanager
def on_signals(stop: Stop) -> Iterator[None]:
    """Let SIGTERM and SIGINT ask `stop`, in the main thread; where nothing can be on its way, the
    run ends at once (Stopped)."""
    raised = float("-inf")

    def asked(number: int, _: FrameType | None) -> None:
        nonlocal raised
        stop.ask(number)
        # Once raised, the way out is short: another signal must not break it off.
        if not stop.waits and monotonic() - raised > _WAY_OUT:
            raised = monotonic()
            raise Stopped(number)

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
