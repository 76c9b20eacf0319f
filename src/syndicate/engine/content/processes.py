"""Work on many things in several processes. A thing that ends its process, or needs too much memory
or time, is named, and the work on the others goes on."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any, Generic, TypeVar

from syndicate.engine.content.limits import TICK, Limits, resident_memory
from syndicate.engine.content.spare_processes import spare_or_begun

_SHARE = 16  # tasks that a process is given at once
_FEWEST = 3  # tasks for which it pays to begin a second process
T = TypeVar("T")


@dataclass(frozen=True)
class Crash:
    """The process that worked on `task` has ended; `how` says what ended it."""

    task: str
    how: str


def done_apart(
    tasks: Iterable[str], work: Callable[[str], T], jobs: int, limits: Limits
) -> Iterator[T | Crash]:
    """What `work` makes of each of `tasks`, as it gets done, in up to `jobs` processes. One that is
    beyond `limits` is ended.

    Where a process cannot be forked safely (see `rendering/workers.py`), all is done in this one,
    without limits.

    Args:
        tasks: names, all different.
        work: its result can be pickled; it raises nothing.
    """
    queue = iter(tasks)
    first = list(islice(queue, _FEWEST))
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        yield from map(work, (*first, *queue))
        return
    shares = _shares(first, queue)
    several = jobs if len(first) == _FEWEST else 1
    workers = [_ReadingProcess(work, share) for share in islice(shares, several)]
    try:
        while workers:
            ends = [end for one in workers for end in (one.pipe, one.process.sentinel)]
            connection.wait(ends, TICK)
            for worker in tuple(workers):
                alive = worker.process.is_alive()
                yield from worker.results()
                broken = worker.broken(limits) if worker.tasks and alive else None
                if worker.tasks and alive and not broken:
                    continue
                if worker.tasks:
                    alive = False
                    yield worker.crash(broken)
                share = worker.tasks or next(shares, [])
                if share and alive:
                    worker.begin(share)
                    continue
                workers.remove(worker)
                worker.end()
                if share:
                    workers.append(_ReadingProcess(work, share))
    finally:
        for worker in workers:
            worker.end()


def _shares(first: list[str], queue: Iterator[str]) -> Iterator[list[str]]:
    """All the tasks: one by one at the beginning, so that every process has some, then several at
    once."""
    yield from ([task] for task in first)
    while share := list(islice(queue, _SHARE)):
        yield share


class _ReadingProcess(Generic[T]):
    """A process, and the `tasks` that it has not done yet."""

    def __init__(self, work: Callable[[str], T], tasks: list[str]) -> None:
        self.process, self.pipe = spare_or_begun("reading", _work, work)
        self._looked = monotonic()
        self.begin(tasks)

    def begin(self, tasks: list[str]) -> None:
        """Let the process do `tasks`."""
        self.tasks, self._since = tasks, monotonic()
        with suppress(OSError):  # a process that is gone is found out
            self.pipe.send(tasks)

    def results(self) -> Iterator[T]:
        """What it has done so far."""
        with suppress(EOFError, OSError):
            while self.tasks and self.pipe.poll():
                task, result = self.pipe.recv()
                self.tasks, self._since = [one for one in self.tasks if one != task], monotonic()
                yield result

    def broken(self, limits: Limits) -> str | None:
        """Which of `limits` the process is beyond with its first task. That is not looked at after
        each of thousands of tasks."""
        now = monotonic()
        if now - self._looked < TICK:
            return None
        self._looked = now
        return limits.broken(resident_memory(self.process.pid), self._since)

    def crash(self, broken: str | None) -> Crash:
        """What ended the process: the first of its tasks. `broken` is why it has to be ended."""
        task, *self.tasks = self.tasks
        if broken:
            return Crash(task, f"was {broken}")
        self.process.join()
        code = self.process.exitcode or 0
        how = f"ended with exit code {code}"
        with suppress(ValueError):
            how = f"was killed by {signal.Signals(-code).name}" if code < 0 else how
        return Crash(task, how)

    def end(self) -> None:
        """End the process, whatever it is doing: files appear whole or not at all."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


def _work(work: Callable[[str], Any], pipe: Connection) -> None:
    """What a process does."""
    parent = parent_process()
    assert parent is not None
    while pipe in connection.wait([pipe, parent.sentinel]):  # or else the parent is gone
        for task in pipe.recv():
            pipe.send((task, work(task)))
    os._exit(1)
