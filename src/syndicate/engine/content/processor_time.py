"""How much processor time the reading of one article may take, whatever it does meanwhile.

A process of our own is ended by the system. Where we cannot have one (in a thread of the studio,
and where forking is not safe), another thread watches, and stops this one as soon as it runs
Python.
"""

from __future__ import annotations

import ctypes
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TICK = 0.05  # seconds between two looks
_own: float | None = None  # seconds that this process has for each article


class OverworkedError(BaseException):
    """The work needs too much processor time. Nothing but what began the work may catch this."""


def limit_this_process(seconds: float | None) -> None:
    """From now on, this process ends (SIGXCPU) if an article takes longer than `seconds`, if there
    is such a limit; `begin_article` begins the next one."""
    global _own
    if seconds is None:
        return
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _own = seconds
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    begin_article()


def begin_article() -> None:
    """Count from here, in a process that is limited."""
    if _own is not None:
        until = max(1, int(time.process_time() + _own))
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


@contextmanager
def limited(seconds: float) -> Iterator[Callable[[], None]]:
    """Limit what is done in the block, unless this process is limited. The function begins the next
    article.

    Raises:
        OverworkedError: an article has taken longer.
    """
    if _own is not None:
        yield begin_article
        return
    watch = _ThreadWatch(seconds)
    try:
        yield watch.begin
    finally:
        watch.end()


class _ThreadWatch:
    """Raises OverworkedError in the thread that made this."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ident = ctypes.c_ulong(threading.get_ident())
        self._clock = _clock_of_this_thread()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.begin()
        threading.Thread(target=self._watch, daemon=True, name="processor time").start()

    def begin(self) -> None:
        """Count from here."""
        self._since = self._clock()

    def _watch(self) -> None:
        while not self._ended.wait(_TICK):
            if self._clock() - self._since > self._seconds:
                with self._lock:
                    if not self._ended.is_set():
                        self._raise(ctypes.py_object(OverworkedError))
                return

    def end(self) -> None:
        """Watch no longer."""
        with self._lock:
            self._ended.set()
            self._raise(None)  # one that has not been seen yet

    def _raise(self, error: ctypes.py_object[type[BaseException]] | None) -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(self._ident, error)


def _clock_of_this_thread() -> Callable[[], float]:
    """Its processor time in seconds, for any thread to ask; on macOS, that of the process."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)
