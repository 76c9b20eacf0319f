"""Other machines: without calls that only Linux has, and without Pango."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.engine.conftest import make_desk
from tests.waiting import run

# What Python has on Linux but not on macOS.
NOT_LINUX = """\
import os, select, signal, socket, time

for module, names in {
    os: "sched_getaffinity sched_setaffinity posix_fadvise posix_fallocate copy_file_range splice "
        "pipe2 dup3 memfd_create eventfd pidfd_open getrandom fdatasync getresuid getxattr "
        "setxattr listxattr unshare setns O_TMPFILE O_DIRECT O_PATH O_NOATIME",
    select: "epoll",
    signal: "pidfd_send_signal sigtimedwait sigwaitinfo SIGPWR SIGPOLL",
    socket: "AF_NETLINK AF_PACKET SOCK_CLOEXEC SOCK_NONBLOCK TCP_USER_TIMEOUT",
    time: "CLOCK_BOOTTIME",
}.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
"""
# Makes every attempt to load Pango fail, under any of its names.
NO_PANGO = """\
import cffi

_dlopen = cffi.FFI.dlopen


def dlopen(self, name, flags=0):
    if name and "pango" in name:
        raise OSError(f"cannot load library {name!r}")
    return _dlopen(self, name, flags)


cffi.FFI.dlopen = dlopen
"""


class Machine:
    """A machine on which every Python process runs `code` when it starts."""

    def __init__(self, folder: Path, code: str) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(code)
        path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}
        del self.environment["SYNDICATE_JOBS"]

    def run(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return run([sys.executable, *words], cwd=cwd, env=self.environment)


def test_the_command_line_needs_nothing_that_only_linux_has(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "python", NOT_LINUX)
    has = machine.run("-c", "import os; print(hasattr(os, 'sched_getaffinity'))", cwd=tmp_path)
    assert has.stdout == "False\n"
    root = tmp_path / "news"
    for words in (
        ["init", str(root), "--samples"],
        ["publish", "--root", str(root), "--channels", "rss,x", "--jobs", "2"],
        ["plan", "--root", str(root)],
        ["status", "--root", str(root)],
    ):
        done = machine.run("-m", "syndicate", *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (root / "out" / "rss" / "feed.xml").is_file()


def test_without_pango_stdout_is_data_and_the_error_says_what_to_install(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "news")
    desk.channel("pdf", "")
    machine = Machine(tmp_path / "python", NO_PANGO)
    done = machine.run("-m", "syndicate", "publish", "--json", "--channels", "pdf", cwd=desk.root)
    assert done.returncode == 3
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert events == ["error", "error", "done"]
    assert "PDF needs the Pango library, which is not installed" in done.stderr
    assert "pango" in done.stderr.partition("hint: ")[2]
    assert "WeasyPrint" not in done.stderr

    looked = machine.run("-m", "syndicate", "doctor", "--json", cwd=desk.root)
    findings = {one["what"]: one for one in map(json.loads, looked.stdout.splitlines())}
    assert not findings["pango"]["ok"]
    assert "pango" in findings["pango"]["hint"]
