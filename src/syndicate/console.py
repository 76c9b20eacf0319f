"""Everything that is printed: data on stdout, messages on stderr, errors with an exit code."""

from __future__ import annotations

import json
import os
import re
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NoReturn, TextIO

from syndicate.errors import Exit, Problems, SyndicateError, visible

_RED, _YELLOW, _CYAN, _DIM, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
_UNSAFE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CLEAR = "\r\x1b[2K"


def print_data(text: str) -> None:
    """Print `text` as data and flush it, because a pipe or a log may have a reader who waits.

    Raises:
        BrokenPipeError: no one reads stdout any more.
    """
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_json(value: Any) -> None:
    """Print a value as one line of JSON (several values make NDJSON). What some programs take for
    the end of a line, a terminal for a command, or no encoding can write is escaped."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    print_data(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows as aligned columns of data; the last column is not padded.

    At a terminal that is too narrow, the last column is below the others, and is broken at spaces
    only, so that addresses stay whole. In a pipe, each row is one line.
    """
    import shutil  # these take a while to load

    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    is_narrow = bool(room) and len(widths) > 1 and sum(widths) + 2 * len(widths) - 2 > room
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if is_narrow:
            sys.stdout.write("  ".join(cells[:-1]).rstrip() + "\n" + _below(row[-1], room))
        else:
            sys.stdout.write("  ".join(cells).rstrip() + "\n")
    sys.stdout.flush()


def _below(cell: str, room: int) -> str:
    import textwrap

    lines = textwrap.wrap(
        cell,
        room,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"{line}\n" for line in lines)


def print_bytes(data: bytes) -> None:
    """Print `data` unchanged."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


@contextmanager
def output_may_be_unread() -> Iterator[None]:
    """Discard output once no one reads it (as with `| head`), so that the work continues."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            if _is_broken(stream):
                os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _is_broken(stream: TextIO) -> bool:
    # Flushing stderr would not show it: unwritten text has already left its buffer.
    pipe = select.poll()
    pipe.register(stream, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in pipe.poll(0))


def print_message(text: str) -> None:
    """Print a message for a person."""
    sys.stderr.write(text + "\n")


def print_warning(text: str) -> None:
    """Print a warning: nothing failed, but someone should look at it."""
    print_message(f"{_paint('warning:', _YELLOW)} {text}")


def local_time_to_print(moment: datetime | str | None, zone: tzinfo) -> str:
    """A time as people read it, in `zone`: "30 Nov 2026 14:30"; "" if it is None.

    Args:
        moment: a time with its zone, or the same in ISO 8601.
    """
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return f"{moment.astimezone(zone):%d %b %Y %H:%M}" if moment else ""


def counted_noun(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun in the right form: "1 article", "1,200 articles", "2 copies".

    Args:
        plural: the plural if it is not `noun` with an "s".
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def print_error(error: SyndicateError) -> Exit:
    """Print `error`, or each of several errors, with hints. Returns its exit code."""
    with output_may_be_unread():
        for one in error.errors if isinstance(error, Problems) else (error,):
            print_message(f"{_paint('error:', _RED)} {one}")
            if one.hint:
                print_message(f"  {_paint('hint:', _CYAN)} {one.hint}")
    return Exit(error.exit)


def exit_at_once(code: Exit) -> NoReturn:
    """End the process now, whatever its threads wait for."""
    with output_may_be_unread():
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


@dataclass
class Progress:
    """A line on the terminal that counts finished steps; it is not shown without a terminal."""

    shown: bool
    total: int = 0
    done: int = 0

    def start(self, total: int) -> None:
        """Set the number of steps to come."""
        self.total = total

    def step(self, label: str) -> None:
        """Count the step called `label` as done."""
        self.done += 1
        if self.shown:
            count = f"{self.done}/{self.total}"
            sys.stderr.write(f"{_CLEAR}{_paint(count, _DIM)} {label[:60]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Clear the line, so that another can be printed."""
        if self.shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A progress line on the terminal, unless `quiet`."""
    line = Progress(shown=sys.stderr.isatty() and not quiet)
    try:
        yield line
    finally:
        line.clear()


def _paint(text: str, colour: str, stream: TextIO | None = None) -> str:
    if os.environ.get("NO_COLOR") or not (stream or sys.stderr).isatty():
        return text
    return f"{colour}{text}{_PLAIN}"
