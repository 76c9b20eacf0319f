"""What can go wrong around a run: the disk is full, the ledger is locked, a server hangs up, the
clock jumps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests import waiting
from tests.platforms.platform import Fault, Platform
from tests.sink import Answer, Sink
from tests.zygote import Zygote

_CHUNK = 1 << 16
_SLOWLY = 0.01  # seconds


class Disk:
    """A small disk of its own, for which one has to be root; otherwise it is never full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_small = False

    @contextmanager
    def mounted(self, size: str) -> Iterator[None]:
        """The disk is at `folder` in this block."""
        self.folder.mkdir()
        if os.geteuid() == 0:
            command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.folder)]
            self.is_small = waiting.run(command).returncode == 0
        try:
            yield
        finally:
            if self.is_small:
                waiting.run(["umount", "--lazy", str(self.folder)], check=True)

    def fill(self) -> None:
        """Take every byte that is left."""
        with (self.folder / "film").open("ab", buffering=0) as film, suppress(OSError):
            while film.write(bytes(_CHUNK)):
                pass

    def free(self) -> None:
        (self.folder / "film").unlink(missing_ok=True)


class Locks:
    """Another program that writes in the ledger, now and then, and is slow about it."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._turns = threading.Lock()

    def hold(self, seconds: float) -> None:
        """Keep everybody else from writing in the ledger for so long."""
        other = sqlite3.connect(self._ledger, timeout=30)
        # It is refused if the disk is full, or a run goes on writing.
        with self._turns, closing(other), suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
            threading.Event().wait(seconds)
            other.rollback()


class MailFaults:
    """What the mail server says instead of what is usual, once for each time it is asked to. It is
    never quick, so that a mailing lasts."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._waiting: dict[str, list[str]] = {}
        self._chosen: str | None = None
        self._asked = 0
        sink.answers["DOT"] = self._dot
        self.cut_off: list[str] = []
        """Whose mail was taken before the connection was cut: nobody can know whether."""

    def add(self, verb: str, how: str) -> None:
        """Misbehave at the next `verb`."""
        self._waiting.setdefault(verb, []).append(how)
        if verb != "DOT":
            self._sink.answers[verb] = self._other(verb)

    def clear(self) -> None:
        self._waiting.clear()

    def _other(self, verb: str) -> Answer:
        return lambda _: self._reply(self._next(verb))

    def _dot(self, recipient: str) -> str | None:
        """The sink asks twice about each mail: whether it takes it, and what it replies."""
        self._asked += 1
        if self._asked % 2 == 0:
            threading.Event().wait(_SLOWLY)
        else:
            self._chosen = self._next("DOT")
            if self._chosen == "drop":  # before the dot was answered is after it was sent
                self._chosen = "after"
            if self._chosen in ("after", "421"):
                self.cut_off.append(recipient)
            if self._chosen == "421":
                self._chosen = "after"
        return self._reply(self._chosen)

    def _next(self, verb: str) -> str | None:
        waiting = self._waiting.get(verb)
        return waiting.pop(0) if waiting else None

    def _reply(self, how: str | None) -> str | None:
        replies = {None: "USUAL", "drop": None, "after": None, "421": "421 4.3.2 closing"}
        return replies.get(how, "451 4.7.1 later")


def add_platform_fault(server: Platform, how: str, after: int) -> None:
    """Let the request after the next `after` go wrong."""
    fault: Fault = how  # type: ignore[assignment]
    server.faults[len(server.asked) + 1 + after] = fault


_JUMPING = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("SYNDICATE_TEST_CLOCK");
    int file = name ? open(name, O_RDONLY) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) ahead = found;
    close(file);
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, which, now);
    if (!failed && which == CLOCK_REALTIME && ahead) now->tv_sec += *ahead;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec at;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &at);
    now->tv_sec = at.tv_sec;
    now->tv_usec = at.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (now) *now = at.tv_sec;
    return at.tv_sec;
}
"""


class Clock:
    """The clock of every command that is started with `environment`. It jumps for all at once. Only
    the time of day does: not what measures how long a thing takes, nor files' times. It needs a C
    compiler; without one it never jumps."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set(0)
        self.environment: Mapping[str, str] = {}
        library, code = folder / "clock.so", folder / "clock.c"
        code.write_text(_JUMPING)
        compiler = shutil.which("cc")
        if compiler and sys.platform == "linux":
            waiting.run([compiler, "-shared", "-fPIC", "-o", library, code], check=True)
            self.environment = {"LD_PRELOAD": str(library), "SYNDICATE_TEST_CLOCK": str(self._file)}

    def set(self, seconds: int) -> None:
        """Let the clock be so far ahead of what it is."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))
        self.ahead = seconds

    @contextmanager
    def ruling(self) -> Iterator[None]:
        """Commands are started under this clock in this block."""
        before, waiting.ZYGOTE = waiting.ZYGOTE, Zygote()
        waiting.ZYGOTE.environment = {**os.environ, **self.environment}
        try:
            yield
        finally:
            waiting.ZYGOTE = before
