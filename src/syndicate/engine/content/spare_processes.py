"""Processes that are begun before there is work for them. What reads and renders takes a tenth of a
second to load; they do that while the process that plans opens the ledger and looks what is new."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import PurePosixPath
from typing import Any, Literal

from syndicate.newsroom.newsroom import Newsroom

Purpose = Literal["reading", "rendering"]
Method = Literal["fork", "spawn"]
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_spare: dict[Purpose, tuple[BaseProcess, Connection]] = {}


def can_fork() -> bool:
    """Whether a process can be forked here. That takes milliseconds, a fresh process most of a
    second; but it is safe only where no other thread is at work. The studio publishes in a thread
    of many, the command line does not."""
    return sys.platform == "linux" and threading.current_thread() is threading.main_thread()


@contextmanager
def spare_processes(newsroom: Newsroom) -> Iterator[None]:
    """Have one of each kind, until the block ends, where they can be forked. What is loaded by now,
    such as a newsroom's plug-ins, is loaded in them too."""
    if can_fork():
        _spare["reading"] = begun(_wait, _ready_to_read, newsroom)
        _spare["rendering"] = begun(_wait, _ready_to_render, newsroom)
    try:
        yield
    finally:
        for process, pipe in _spare.values():
            process.kill()
            process.join()
            pipe.close()
        _spare.clear()


def spare_or_begun(
    purpose: Purpose, work: Callable[..., None], *args: Any
) -> tuple[BaseProcess, Connection]:
    """As `begun`, but by the spare process if there is one: what it is given is pickled."""
    process, pipe = _spare.pop(purpose, (None, None))
    if process and pipe and process.is_alive():
        with suppress(OSError):  # it ends just now
            pipe.send((work, args))
            return process, pipe
    return begun(work, *args)


def begun(
    work: Callable[..., None], *args: Any, method: Method = "fork"
) -> tuple[BaseProcess, Connection]:
    """A process that does `work` with `args` and its end of a pipe; and the other end."""
    context = get_context(method)
    pipe, theirs = context.Pipe()
    # Only the contexts of the two methods have Process; what get_context() returns does not say.
    process: BaseProcess = context.Process(  # type: ignore[attr-defined]
        target=_begin, args=(work, args, theirs), daemon=True
    )
    # Until it knows how to take them, and this process knows that there is one to be ended.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return process, pipe


def _begin(work: Callable[..., None], args: tuple[Any, ...], pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent sees to it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    gc.freeze()  # what came with the fork stays shared
    work(*args, pipe)


def _ready_to_read(newsroom: Newsroom) -> None:
    from syndicate.readers import Source, read

    text = b"---\ntitle: A\n---\nB\n"  # most newsrooms write Markdown
    read(Source(PurePosixPath("a.md"), text, datetime.now(UTC), newsroom.publication))


def _ready_to_render(_: Newsroom) -> None:
    from syndicate.article import Article
    from syndicate.kit import templates  # noqa: F401 - loading it is all that is wanted

    Article.model_rebuild()


def _wait(get_ready: Callable[[Newsroom], None], newsroom: Newsroom, pipe: Connection) -> None:
    """What a spare process does."""
    with suppress(Exception):  # what is wrong will be named by the work itself
        get_ready(newsroom)
    parent = parent_process()
    assert parent is not None
    if pipe in connection.wait([pipe, parent.sentinel]):  # or else the parent is gone
        work, args = pipe.recv()
        work(*args, pipe)
