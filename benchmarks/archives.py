"""The memory that a feed's closed archives take, for more and more archived entries.

Run: python benchmarks/archives.py [entries …]
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from feeds import NOON, article, newsroom

from syndicate.engine.intended import intake_and_plan
from syndicate.engine.rendering.render import render
from syndicate.newsroom.newsroom import load_newsroom

RECENT = 'archive = "month"\n[select]\nlimit = 50\n'


def memory(numbers: Sequence[int], root: Path) -> None:
    """What archives take: of rendering them all, the most that is held at once; and the peak of the
    whole command when one article changed, planning included."""
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    rendering, command = [], []
    for number in numbers:
        room, some = root / str(number), tuple(article(n, 50) for n in range(number))
        publish = [*newsroom(some, room, RECENT, ("rss",)), "--jobs", "1"]
        rendering.append(f"{number:,} entries {archives(room):.1f} MB")
        subprocess.run(publish, check=True, capture_output=True)
        changed = room / "content" / f"{some[0].slug}.md"
        changed.write_text(changed.read_text() + "\nOne more line.\n")
        run = [sys.executable, "-c", program, *publish]
        out = subprocess.run(run, check=True, capture_output=True, text=True).stdout
        command.append(f"{number:,} entries {int(out.split()[-1]) / 1024:.0f} MB")
    print(f"memory of rendering every archive: {', '.join(rendering)}")
    print(f"memory of `publish`, one changed:  {', '.join(command)}")


def archives(root: Path) -> float:
    """The most memory that Python holds while every archive of a newsroom is rendered, in MB."""
    room = load_newsroom(root)
    _, plan = intake_and_plan(room)
    first, *others = plan.steps
    render(room, first)  # what is imported and compiled once is not counted
    tracemalloc.start()
    peaks = [0]
    for step in others:
        render(room, step)
        peaks.append(tracemalloc.get_traced_memory()[1])
        gc.collect()  # cycles that nobody holds any more
        tracemalloc.reset_peak()
    tracemalloc.stop()
    return max(peaks) / 1e6


def main(*numbers: int) -> None:
    """Print it all."""
    os.environ["SOURCE_DATE_EPOCH"] = str(int(NOON.timestamp()))
    with tempfile.TemporaryDirectory() as folder:
        memory(numbers or (500, 2000, 8000), Path(folder))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
