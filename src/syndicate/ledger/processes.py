"""Which process holds a lease, and whether that process has certainly ended."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path


@cache
def boot() -> str:
    """What tells this start of this machine from every other, "" where the system does not say."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    with suppress(OSError, subprocess.SubprocessError):  # macOS
        words = ["sysctl", "-n", "kern.bootsessionuuid"]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    return ""


def this_process() -> str:
    """This process, in the form that `has_ended` and `boot_of` take."""
    pid = os.getpid()
    return f"{boot()} {_space()} {pid} {_started(pid)}"


def boot_of(process: str) -> str:
    """The boot in which `process` ran."""
    return process.partition(" ")[0]


def has_ended(process: str) -> bool:
    """Whether `process` has certainly ended. False if that cannot be known from here: it may run on
    another machine, or in another container."""
    boot_, space, pid, started = process.split(" ")
    if not boot_ or (boot_, space) != (boot(), _space()):
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it is somebody else's
        pass
    return _started(int(pid)) not in (started, "")


def _space() -> str:
    """The namespace in which numbers of processes are counted: a container has its own."""
    with suppress(OSError):
        return os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - it names no file
    return ""


def _started(pid: int) -> str:
    """When process `pid` was started, in ticks since the boot; "ended" if it is only still in the
    table of processes, "" if the system does not say."""
    with suppress(OSError, IndexError):
        # The name of the program comes before, in parentheses, and may contain anything.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "ended" if fields[0] in ("Z", "X") else fields[19]
    return ""
