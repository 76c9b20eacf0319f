"""Processes that render. Each has one step at a time, so it is known what a process died of."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from syndicate.engine.content.limits import TICK, Limits, readable_size, resident_memory
from syndicate.engine.content.spare_processes import begun, can_fork, spare_or_begun
from syndicate.engine.planning.plan import Step
from syndicate.engine.rendering.rendered import Rendered
from syndicate.errors import RenderError, SyndicateError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.stop import Stop

Render = Callable[[Newsroom, Step], Rendered]


@dataclass(frozen=True)
class Died:
    """The process that rendered `step` has ended; `reason` says why. `certain` if the step itself
    was the cause, since it went beyond a limit."""

    step: Step
    reason: str
    hint: str | None = None
    certain: bool = False


def rendered_apart(
    newsroom: Newsroom, steps: Iterable[Step], jobs: int, render: Render, stop: Stop
) -> Generator[Rendered | Died]:
    """What `render` makes of each of `steps`, as it gets done, in up to `jobs` processes.

    A process that needs more than the newsroom's `memory` or `step_timeout` is ended, one that
    has ended is replaced. Nothing of them is left when this returns or is closed.

    Raises:
        Stopped: `stop` was asked.
    """
    queue = iter(steps)
    workers: list[_Worker] = []

    def begin(step: Step) -> None:
        workers.append(_Worker(newsroom, render, Path(folder), step))

    with tempfile.TemporaryDirectory(prefix="syndicate-", ignore_cleanup_errors=True) as folder:
        try:
            for step in islice(queue, jobs):
                begin(step)
            while workers:
                ready = [end for one in workers for end in (one.pipe, one.process.sentinel)]
                connection.wait(ready, TICK)
                stop.check()
                for worker in tuple(workers):
                    if (result := worker.result()) is None:
                        continue
                    following = next(queue, None)
                    if following and not isinstance(result, Died):
                        worker.begin(following)
                    else:
                        workers.remove(worker)
                        worker.end()
                        if following:
                            begin(following)
                    yield result  # the next is at work by now
        finally:
            for worker in workers:
                worker.end()


class _Worker:
    """A process and the step that it renders."""

    def __init__(self, newsroom: Newsroom, render: Render, folder: Path, step: Step) -> None:
        self._newsroom, self._largest = newsroom, 0
        if can_fork():
            started = spare_or_begun("rendering", _work, newsroom, render, folder)
        else:
            started = begun(_work, newsroom.root, render, folder, method="spawn")
        self.process, self.pipe = started
        self.begin(step)

    def begin(self, step: Step) -> None:
        """Let the process render `step`."""
        self._step, self._since = step, monotonic()
        with suppress(OSError):  # a process that is gone is found out by `result`
            self.pipe.send(step)

    def result(self) -> Rendered | Died | None:
        """What became of the step, None as long as nobody knows."""
        ended = not self.process.is_alive()
        if self.pipe.poll():
            with suppress(EOFError, OSError):
                rendered: Rendered = self.pipe.recv()
                return rendered
            self.process.join()
            ended = True
        if ended:
            return Died(self._step, f"{_how(self.process.exitcode)}{self._size()}")
        self._largest = max(self._largest, resident_memory(self.process.pid))
        limits = Limits(self._newsroom.memory, self._newsroom.step_timeout)
        told = limits.broken(self._largest, self._since)
        if told is None:
            return None
        size = self._size() if told == limits.too_long else ""
        return Died(self._step, told + size, limits.hint(told), True)

    def end(self) -> None:
        """End the process, whatever it is doing: a file appears whole or not at all."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()

    def _size(self) -> str:
        return f" (it used {readable_size(self._largest)} of memory)" if self._largest else ""


def _work(given: Newsroom | Path, render: Render, folder: Path, pipe: Connection) -> None:
    """What a process does."""
    _leave_with_parent(folder)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        newsroom = load_newsroom(given) if isinstance(given, Path) else given
    except SyndicateError as error:
        failure = RenderError(str(error))
        while True:
            pipe.send(Rendered(pipe.recv(), error=failure))
    while True:
        step = pipe.recv()
        rendered = render(newsroom, step)
        try:
            pipe.send(rendered)
        except (ValueError, TypeError, AttributeError) as error:  # it cannot be pickled
            pipe.send(Rendered(step, error=RenderError(f"{type(error).__name__}: {error}")))


def _leave_with_parent(folder: Path) -> None:
    """Let this process end with its parent, even with one that was killed."""
    parent = parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def leave() -> None:
        connection.wait([sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"the process that rendered it ended with exit code {code}"
    with suppress(ValueError):
        return f"the process that rendered it was killed by {signal.Signals(-code).name}"
    return f"the process that rendered it was killed by signal {-code}"
