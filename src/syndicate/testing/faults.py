"""Lets one call to the system go wrong: a file that cannot be written, a connection that breaks."""

from __future__ import annotations

import builtins
import errno
import io
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal
from unittest.mock import patch
from weakref import WeakSet

How = Literal["error", "drop", "late"]
"""An error of the system; the disk or the connection is gone; the time to wait is over."""
HOW: tuple[How, ...] = ("error", "drop", "late")
_FILE: dict[How, int] = {"error": errno.ENOSPC, "drop": errno.EIO, "late": errno.ETIMEDOUT}
_FILES = ("rename", "replace", "unlink", "remove", "mkdir", "rmdir", "link", "utime", "truncate")
_SOCKETS = ("connect", "send", "sendall", "recv", "recv_into")


@dataclass
class Faults:
    """The `at`-th call (from 1) that changes a file below `folder`, or uses a connection which this
    process has opened, goes wrong `how`, before or after it has had its effect. `calls` are the
    names of all those calls so far.

    >>> with Faults(2, "error", after=True, folder=root).injected() as faults:
    ...     courier.deliver(delivery, commit)
    """

    at: int
    how: How = "error"
    after: bool = False
    folder: Path = Path("/")
    calls: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        where = f"{'after' if self.after else 'before'} call {self.at}"
        return f"{self.how} {where} ({', '.join(self.calls[self.at - 1 : self.at])})"

    @property
    def is_met(self) -> bool:
        """Whether there were so many calls."""
        return len(self.calls) >= self.at

    @contextmanager
    def injected(self) -> Iterator[Faults]:
        """The fault happens in this block, in any thread."""
        self._turns, self._connected = Lock(), WeakSet[socket.socket]()
        opened = self._opening(io.open)
        patches = [patch.object(os, name, self._of_files(getattr(os, name))) for name in _FILES]
        patches += [patch.object(os, "fsync", self._of_descriptors(os.fsync))]
        patches += [patch.object(io, "open", opened), patch.object(builtins, "open", opened)]
        patches += [
            patch.object(socket.socket, name, self._of_sockets(getattr(socket.socket, name)))
            for name in _SOCKETS
        ]
        for one in patches:
            one.start()
        try:
            yield self
        finally:
            for one in reversed(patches):
                one.stop()

    def _call(self, name: str, work: Callable[[], Any], fail: Callable[[], None]) -> Any:
        with self._turns:
            self.calls.append(name)
            is_it = len(self.calls) == self.at
        if is_it and not self.after:
            fail()
        done = work()
        if is_it and self.after:
            if name == "open":
                done.close()
            fail()
        return done

    def _of_files(self, function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__

        def call(*args: Any, **options: Any) -> Any:
            if not self._is_ours(args[0]):
                return function(*args, **options)
            work = lambda: function(*args, **options)  # noqa: E731
            return self._call(name, work, lambda: self._fail_file(args[0]))

        return call

    def _of_descriptors(self, function: Callable[[int], None]) -> Callable[[int], None]:
        def call(descriptor: int) -> None:
            self._call("fsync", lambda: function(descriptor), lambda: self._fail_file(None))

        return call

    def _opening(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
            if ("r" in mode and "+" not in mode) or not self._is_ours(file):
                return function(file, mode, *args, **options)
            work = lambda: function(file, mode, *args, **options)  # noqa: E731
            return self._call("open", work, lambda: self._fail_file(file))

        return call

    def _of_sockets(self, function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__

        def call(connection: socket.socket, *args: Any) -> Any:
            if name == "connect" and connection.family in (socket.AF_INET, socket.AF_INET6):
                self._connected.add(connection)
            if connection not in self._connected:
                return function(connection, *args)
            work = lambda: function(connection, *args)  # noqa: E731
            return self._call(name, work, lambda: self._fail_socket(connection))

        return call

    def _is_ours(self, file: Any) -> bool:
        try:
            return Path(os.path.abspath(os.fsdecode(file))).is_relative_to(self.folder)  # noqa: PTH100
        except TypeError:  # an open file
            return False

    def _fail_file(self, file: Any) -> None:
        number = _FILE[self.how]
        raise OSError(number, os.strerror(number), *([os.fspath(file)] if file else []))

    def _fail_socket(self, connection: socket.socket) -> None:
        if self.how == "late":
            raise TimeoutError("timed out")
        with suppress(OSError):  # the server sees it, too
            connection.shutdown(socket.SHUT_RDWR)
        if self.how == "error":
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
