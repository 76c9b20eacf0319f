"""How much memory and time a process may need for one thing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

TICK = 0.1  # seconds between two looks at how long and how large


@dataclass(frozen=True)
class Limits:
    """`memory` in bytes, and `seconds`; as `memory` and `step_timeout` in syndicate.toml.
    `processor` is the processor time (seconds) for each article, None if there is no limit."""

    memory: int
    seconds: float
    processor: float | None = None

    @property
    def too_large(self) -> str:
        """What is said of a process that needs more memory."""
        return f"stopped: it needs more than {readable_size(self.memory)} of memory"

    @property
    def too_long(self) -> str:
        """What is said of a process that needs more time."""
        return f"stopped: it takes longer than {self.seconds:g} seconds"

    @property
    def too_much_work(self) -> str:
        """What is said of a process that needs more processor time."""
        return f"stopped: it needs more than {self.processor or 0:g} seconds of processor time"

    def broken(self, size: int, since: float) -> str | None:
        """Which limit a process of `size` bytes is beyond, that began at `since` (monotonic)."""
        if size > self.memory:
            return self.too_large
        return self.too_long if monotonic() - since > self.seconds else None

    def hint(self, told: str) -> str | None:
        """How to raise the limit that `told` is about; None if it is about none of them."""
        if told == self.too_large:
            return "if this machine has more, set memory in syndicate.toml to more"
        if self.processor and told == self.too_much_work:
            return "divide it; or set seconds_per_article to more ([content] in syndicate.toml)"
        return "set step_timeout in syndicate.toml to more" if told == self.too_long else None


def resident_memory(pid: int | None) -> int:
    """Bytes of memory that the process `pid` has now, 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def readable_size(size: int) -> str:
    """A number of bytes for people."""
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.0f} MiB"
