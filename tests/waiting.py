"""Waits that end: each has a limit, and its failure names what did not come and what was said.

Nothing here judges how long a thing takes. The limit is far beyond what a busy machine needs, so
that only what hangs reaches it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread, Timer
from time import monotonic, sleep  # by name: some tests replace `time.sleep`
from typing import IO, Any, NoReturn, Self, TypeVar

import pytest

from tests.zygote import Zygote

LIMIT = 240.0
"""Seconds."""
_PAUSE = 0.003
_STREAMS = ("stdin", "stdout", "stderr")
_LONGEST = 4_000  # characters of each stream in a message

Found = TypeVar("Found")
ZYGOTE = Zygote()
Command = Sequence[str | Path]


def until(what: str, found: Callable[[], Found], limit: float = LIMIT) -> Found:
    """The first true answer of `found`, which is asked again and again.

    Args:
        what: names it in the failure: "waited 120 s for `what`".
        limit: seconds.
    """
    end = monotonic() + limit
    while not (answer := found()):
        if monotonic() > end:
            _fail(what, limit)
        sleep(_PAUSE)
    return answer


def join(thread: Thread, what: str) -> None:
    """Wait for the end of `thread`, which is called `what` in the failure."""
    thread.join(LIMIT)
    if thread.is_alive():
        _fail(f"{what} to end", LIMIT)


@contextmanager
def waiting_for(what: str) -> Iterator[None]:
    """Names what the code inside waits for when a network library's own limit is reached."""
    import httpx

    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        pytest.fail(f"waited in vain for {what}: {type(error).__name__} {error}")


class Running:
    """A process in the background. Between `with` and its end; what then still runs is killed.

    What it says goes to files, so it never blocks on a full pipe and can be quoted at any time.
    """

    def __init__(
        self,
        command: Command,
        *,
        cwd: Path | str | None = None,
        env: Mapping[str, str] | None = None,
        input: bytes = b"",
        **more: object,
    ) -> None:
        """Start `command`; `more` as `subprocess.Popen` takes it."""
        self.command = [str(word) for word in command]
        self._files = ExitStack()
        self._out, self._err, stdin = (self._file() for _ in range(3))
        stdin.write(input)
        stdin.seek(0)
        files, own = (stdin, self._out, self._err), os.environ if env is None else env
        self._process: Any
        if ZYGOTE.fits(self.command, own, more):
            self._process = ZYGOTE.start(self.command, cwd, own, files, **more)
        else:
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                self.command, cwd=cwd, env=env, **dict(zip(_STREAMS, files, strict=True)), **more
            )
        self.pid: int = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._files.close()

    @property
    def stdout(self) -> str:
        """What it has written to its standard output so far."""
        return _content(self._out.fileno())

    @property
    def stderr(self) -> str:
        """What it has written to its standard error so far."""
        return _content(self._err.fileno())

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as `kill -9` does, if it still runs."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def until(self, what: str, found: Callable[[], Found], limit: float = LIMIT) -> Found:
        """As `until`, and fails at once where the process ends before."""
        end = monotonic() + limit
        while True:
            alive = self.alive
            if answer := found():
                return answer
            if not alive:
                self._fail(f"{self.name} ended ({self._process.returncode}) before {what}")
            if monotonic() > end:
                self._fail(f"waited {limit:g} s for {what} from {self.name}")
            sleep(_PAUSE)

    def line(self, what: str) -> str:
        """The first line that it prints, without its end; `what` names it in the failure."""
        self.until(what, lambda: "\n" in self.stdout)
        return self.stdout.partition("\n")[0]

    def ended(self, limit: float = LIMIT) -> subprocess.CompletedProcess[str]:
        """How it ended, of itself."""
        late = Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        overdue = Timer(limit, give_up)
        overdue.daemon = True
        overdue.start()
        code = self._process.wait()
        overdue.cancel()
        if late.is_set():
            self._fail(f"waited {limit:g} s for the end of {self.name}")
        return subprocess.CompletedProcess(self.command, code, self.stdout, self.stderr)

    def killed_when(
        self, reached: Callable[[], bool], later: float = 0.0, within: float = LIMIT
    ) -> bool:
        """Kill it `later` seconds after `reached`, or `within` seconds from now if that is sooner.

        False if it ended before.
        """
        end = monotonic() + within
        while self.alive:
            if reached() or monotonic() > end:
                sleep(later)
                self.kill()
                return bool(self._process.returncode < 0)
            sleep(_PAUSE)
        return False

    @property
    def name(self) -> str:
        """The command on one short line."""
        return shlex.join(self.command).replace("\n", " ")[:200]

    def _file(self) -> IO[bytes]:
        return self._files.enter_context(TemporaryFile())

    def _fail(self, why: str) -> NoReturn:
        said = f"stdout: {self.stdout[-_LONGEST:]}\nstderr: {self.stderr[-_LONGEST:]}"
        pytest.fail(f"{why}; what it said so far:\n{said}")


def run(
    command: Command, *, check: bool = False, limit: float = LIMIT, **options: object
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run`; output is always captured as text, and there is a limit.

    Args:
        check: whether another exit code than 0 fails the test.
        limit: seconds.
        options: as `Running` takes them.
    """
    with Running(command, **options) as running:  # type: ignore[arg-type]
        done = running.ended(limit)
    if check and done.returncode:
        pytest.fail(f"{running.name} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def _content(descriptor: int) -> str:
    """The whole of a file, whatever place it is written at by another process."""
    data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    return data.decode("utf-8", "replace")


def _fail(what: str, limit: float) -> NoReturn:
    pytest.fail(f"waited {limit:g} s for {what}")
