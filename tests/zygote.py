"""Processes that run `syndicate` without loading it anew, which takes most of a short command's
time: the tests start a thousand of them.

A server loads the package once. For each command it forks a process, which gets the command's own
folder, environment and files and runs it exactly as `python -m syndicate` does: it can be killed,
and has signals, an exit code and memory of its own. What Python itself makes of its environment as
it starts cannot be had this way: such commands start a Python of their own (see `fits`).
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

_COMMAND = [sys.executable, "-m", "syndicate"]
_AT_START = ("PYTHON", "LANG", "LC_", "TZ", "LD_", "MALLOC_")  # variables that count only then
_MOST = 1 << 18  # bytes of a request
_SIZE = 8  # bytes of a number


class Zygote:
    """The server, which starts with the first command. Its `environment` is Python's own."""

    def __init__(self) -> None:
        self.environment: Mapping[str, str] = dict(os.environ)
        self._control: socket.socket | None = None

    def fits(self, command: Sequence[str], env: Mapping[str, str], more: Mapping[str, Any]) -> bool:
        """Whether a process of the server's does for `command` what one of its own would do."""
        return (
            sys.platform == "linux"
            and list(command[:3]) == _COMMAND
            and more.keys() <= {"start_new_session", "umask"}
            and _at_start(env) == _at_start(self.environment)
        )

    def start(
        self,
        command: Sequence[str],
        cwd: Path | str | None,
        env: Mapping[str, str],
        files: Sequence[IO[bytes]],
        **more: Any,
    ) -> Forked:
        """Run `command`, with `files` as its input, output and errors; `more` as
        `subprocess.Popen` takes it."""
        os.umask(umask := os.umask(0o077))
        request = {
            "words": command[3:],
            "cwd": os.path.abspath(cwd or "."),  # noqa: PTH100 - links stay
            "env": dict(env),
            "umask": more.get("umask", umask),
            "session": more.get("start_new_session", False),
        }
        mine, theirs = socket.socketpair()
        with theirs:
            descriptors = [*(one.fileno() for one in files), theirs.fileno()]
            socket.send_fds(self._server(), [json.dumps(request).encode()], descriptors)
        return Forked(mine)

    def _server(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                subprocess.Popen(  # noqa: TID251 - it ends with the tests
                    [sys.executable, __file__, str(theirs.fileno())],
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        return self._control


class Forked:
    """A process of the server's, as `subprocess.Popen` shows one."""

    def __init__(self, news: socket.socket) -> None:
        self._news = news
        self.returncode: int | None = None
        self.pid = self._hear(0)

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self.returncode is None:
            with suppress(BlockingIOError):
                self.returncode = self._hear(socket.MSG_DONTWAIT)
        return self.returncode

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        if self.returncode is None:
            self.returncode = self._hear(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _hear(self, flags: int) -> int:
        data = self._news.recv(_SIZE, flags)
        if len(data) != _SIZE:
            raise RuntimeError("the server of the tests' processes has ended")
        return int.from_bytes(data, signed=True)


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(_AT_START)}


def _serve(control: socket.socket) -> dict[str, Any] | None:
    """Fork a process for each request, and tell of its number and its end. Returns the request in
    that process, None when no more come."""
    with selectors.DefaultSelector() as ready:
        ready.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is not control:
                    _tell_of_end(*key.data)
                    ready.unregister(key.fileobj)
                    os.close(key.fd)
                    continue
                data, files, *_ = socket.recv_fds(control, _MOST, 4)
                if not data:
                    return None
                if (pid := os.fork()) == 0:
                    for number, file in enumerate(files[:3]):
                        os.dup2(file, number)
                    request: dict[str, Any] = json.loads(data)
                    return request
                *given, news = files
                for file in given:
                    os.close(file)
                os.write(news, pid.to_bytes(_SIZE))
                ready.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, news))


def _tell_of_end(pid: int, news: int) -> None:
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        os.write(news, os.waitstatus_to_exitcode(status).to_bytes(_SIZE, signed=True))
    os.close(news)


def load() -> None:
    """Load what most commands load, and compile the templates that most channels share."""
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import syndicate.cli
    import syndicate.engine.publish
    import syndicate.engine.review.verdicts
    import syndicate.readers.markdown  # noqa: F401
    from syndicate.adapters import ADAPTERS, adapter_class
    from syndicate.article import Article
    from syndicate.couriers import COURIERS, courier_class
    from syndicate.kit import Kit
    from syndicate.newsroom.starter import starter
    from syndicate.testing.articles import article

    for name in ("babel.dates", "css_inline", "feedgen.feed", "lxml.etree"):
        import_module(name)
    for name in ADAPTERS:
        adapter_class(name, Path())
    for name in COURIERS:
        courier_class(name, Path())
    Article.model_rebuild()
    kit = Kit((starter() / "templates",), Path())
    kit.body(article(), "html")
    kit.body(article(), "txt")


if __name__ == "__main__":
    load()
    gc.collect()
    gc.freeze()
    if request := _serve(socket.socket(fileno=int(sys.argv[1]))):
        os.closerange(3, 1024)  # all that is the server's
        os.environ.clear()
        os.environ.update(request["env"])
        os.umask(request["umask"])
        os.chdir(request["cwd"])
        if request["session"]:
            os.setsid()
        sys.argv[1:], sys.path[0] = request["words"], request["cwd"]
        runpy.run_module("syndicate", run_name="__main__", alter_sys=True)
