"""Work on many things in several processes. A thing that ends its process, or needs too much memory
or time, is named, and the work on the others goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any, Generic, TypeVar

from syndicate.engine.content.limits import TICK, Limits, resident_memory
from syndicate.engine.content.processor_time import (
    OverworkedError,
    begin_article,
    limit_this_process,
    limited,
)
from syndicate.engine.content.spare_processes import begun, can_fork, spare_or_begun
from syndicate.errors import SyndicateError

_SHARE = 16  # tasks that a process is given at once
_FEWEST = 3  # tasks for which it pays to begin a second process
_EXITED = "ended with exit code {}"
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

    Where a process cannot be forked (see `can_fork`), all is done in this one,
    without limits; `work` sees to its processor time itself.

    Args:
        tasks: names, all different.
        work: its result can be pickled; it raises nothing.
    """
    queue = iter(tasks)
    first = list(islice(queue, _FEWEST))
    if not can_fork():
        yield from map(work, (*first, *queue))
        return
    shares = _shares(first, queue)
    several = jobs if len(first) == _FEWEST else 1
    workers = [_ReadingProcess(work, limits, share) for share in islice(shares, several)]
    try:
        while workers:
            ends = [end for one in workers for end in (one.pipe, one.process.sentinel)]
            connection.wait(ends, TICK)
            for worker in tuple(workers):
                alive = worker.process.is_alive()
                yield from worker.results()
                broken = worker.broken() if worker.tasks and alive else None
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
                    workers.append(_ReadingProcess(work, limits, share))
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

    def __init__(self, work: Callable[[str], T], limits: Limits, tasks: list[str]) -> None:
        self._limits = limits
        self.process, self.pipe = spare_or_begun("reading", _work, work, limits)
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

    def broken(self) -> str | None:
        """Which of `limits` the process is beyond with its first task. That is not looked at after
        each of thousands of tasks."""
        now = monotonic()
        if now - self._looked < TICK:
            return None
        self._looked = now
        return self._limits.broken(resident_memory(self.process.pid), self._since)

    def crash(self, broken: str | None) -> Crash:
        """What ended the process: the first of its tasks. `broken` is why it has to be ended."""
        task, *self.tasks = self.tasks
        return Crash(task, f"was {broken}" if broken else _end_of(self.process, self._limits))

    def end(self) -> None:
        """End the process, whatever it is doing: files appear whole or not at all."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


def streamed_apart(items: Iterable[T], limits: Limits) -> Iterator[T]:
    """`items`, made one at a time in a process of its own, which is ended beyond `limits`; where
    that cannot be forked, in this one.

    Args:
        items: they can be pickled; not begun yet.

    Raises:
        StoppedError: the process was ended, or has ended itself.
        SyndicateError: `items` raises it.
    """
    if not can_fork():
        yield from _streamed_here(items, limits)
        return
    process, pipe = begun(_stream, items, limits)
    since, ended = monotonic(), False
    try:
        while not ended:
            connection.wait([pipe, process.sentinel], TICK)
            has_ended = not process.is_alive()
            with suppress(EOFError, OSError):
                while not ended and pipe.poll():
                    item, error, ended = pipe.recv()
                    if error:
                        raise error
                    if not ended:
                        yield item
                        since = monotonic()
            if not ended and (has_ended or process.exitcode is not None):
                raise StoppedError(_end_of(process, limits))
            if not ended and (told := limits.broken(resident_memory(process.pid), since)):
                raise StoppedError(f"was {told}")
    finally:
        process.kill()
        process.join()
        process.close()
        pipe.close()


class StoppedError(Exception):
    """A process was stopped, or has ended; the message says how."""


def _streamed_here(items: Iterable[T], limits: Limits) -> Iterator[T]:
    rest = iter(items)
    while True:
        try:
            with limited(limits.processor or limits.seconds):
                item = next(rest)
        except StopIteration:
            return
        except OverworkedError as error:
            raise StoppedError(f"was {limits.too_much_work}") from error
        yield item


def _end_of(process: BaseProcess, limits: Limits) -> str:
    """How `process` has ended."""
    process.join()
    code = process.exitcode or 0
    if code == -signal.SIGXCPU:
        return f"was {limits.too_much_work}"
    with suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else _EXITED.format(code)
    return _EXITED.format(code)


def _work(work: Callable[[str], Any], limits: Limits, pipe: Connection) -> None:
    """What a process does that is given tasks."""
    limit_this_process(limits.processor)
    parent = parent_process()
    assert parent is not None
    while pipe in connection.wait([pipe, parent.sentinel]):  # or else the parent is gone
        for task in pipe.recv():
            begin_article()
            pipe.send((task, work(task)))
    os._exit(1)


def _stream(items: Iterable[Any], limits: Limits, pipe: Connection) -> None:
    """What a process does that makes `items`."""
    limit_this_process(limits.processor)
    try:
        for item in items:
            pipe.send((item, None, False))
            begin_article()
    except SyndicateError as error:
        pipe.send((None, error, True))
    else:
        pipe.send((None, None, True))
    os._exit(0)
