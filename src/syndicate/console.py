"""The only place that prints: data on stdout, messages on stderr, errors as text and exit code."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from syndicate.errors import Exit, Problems, SyndicateError

_RED, _YELLOW, _CYAN, _DIM, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
_CLEAR = "\r\x1b[2K"


def out(text: str) -> None:
    """Print `text` as data and flush it: whoever reads a pipe or a log may be waiting for it.

    Raises:
        BrokenPipeError: nobody reads stdout any more.
    """
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def out_json(value: Any) -> None:
    """A value as one line of JSON (NDJSON where there are many)."""
    out(json.dumps(value, ensure_ascii=False, default=str))


def table(rows: Sequence[Sequence[str]]) -> None:
    """Rows as aligned columns of data; the last column is not padded."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    sys.stdout.flush()


def out_bytes(data: bytes) -> None:
    """Print `data` as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


@contextmanager
def unread() -> Iterator[None]:
    """Drop what is printed once nobody reads it (`| head`), so that the work around it goes on."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            if _is_broken(stream):
                os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _is_broken(stream: TextIO) -> bool:
    # What could not be written is gone from stderr's buffer, so flushing that says nothing.
    pipe = select.poll()
    pipe.register(stream, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in pipe.poll(0))


def say(text: str) -> None:
    """A message for a person."""
    sys.stderr.write(text + "\n")


def warn(text: str) -> None:
    """Something a person should look at, though nothing failed."""
    say(f"{_paint('warning:', _YELLOW)} {text}")


def fail(error: SyndicateError) -> Exit:
    """Show `error`, or each of several, and give the exit code it asks for."""
    with unread():
        for one in error.errors if isinstance(error, Problems) else (error,):
            say(f"{_paint('error:', _RED)} {one}")
            if one.hint:
                say(f"  {_paint('hint:', _CYAN)} {one.hint}")
    return Exit(error.exit)


@dataclass
class Progress:
    """A line on the terminal that counts finished steps; nothing where there is no terminal."""

    shown: bool
    total: int = 0
    done: int = 0

    def start(self, total: int) -> None:
        """There are `total` steps ahead."""
        self.total = total

    def step(self, label: str) -> None:
        """One more step is done; `label` says which."""
        self.done += 1
        if self.shown:
            count = f"{self.done}/{self.total}"
            sys.stderr.write(f"{_CLEAR}{_paint(count, _DIM)} {label[:60]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Make way for another line."""
        if self.shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Progress on a terminal, unless `quiet`."""
    line = Progress(shown=sys.stderr.isatty() and not quiet)
    try:
        yield line
    finally:
        line.clear()


def _paint(text: str, colour: str, stream: TextIO | None = None) -> str:
    if os.environ.get("NO_COLOR") or not (stream or sys.stderr).isatty():
        return text
    return f"{colour}{text}{_PLAIN}"
