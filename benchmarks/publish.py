"""What `publish` costs when nothing changed, when one article did, and at first.

    python benchmarks/publish.py [ARTICLES]

Prints seconds and the ratios that the project holds itself to.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
WORDS = "harbour tide pilot ferry lock gate berth crane rope signal lamp chart wind".split()  # noqa: SIM905


def main() -> None:
    """Build a newsroom in a temporary folder and time the real command in it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "news"
        syndicate("init", str(root), cwd=Path(folder))
        for number in range(count):
            write(root, number)
        channels = ("--channels", "rss,atom,jsonfeed,x")
        bare = median([sys.executable, "-c", "import typer"], root)
        help_ = median([sys.executable, "-m", "syndicate", "--help"], root)
        first = once("publish", *channels, cwd=root)
        nothing = median([sys.executable, "-m", "syndicate", "publish", *channels], root)
        write(root, 0, "A correction was made. ")
        changed = once("publish", *channels, cwd=root)
    print(f"{count} articles, feeds and one thread channel, {os.cpu_count()} cores")
    print(f"python -c 'import typer'   {bare:7.3f} s")
    print(f"--help                     {help_:7.3f} s   {help_ / bare:.2f} x bare (goal 2)")
    print(f"publish, first             {first:7.3f} s")
    print(f"publish, one changed       {changed:7.3f} s   {changed / first:.2f} of the first")
    goal = 2 * help_ + 0.2
    print(f"publish, nothing changed   {nothing:7.3f} s   goal {goal:.3f} (2 x --help + 0.2)")


def write(root: Path, number: int, more: str = "") -> None:
    """One article of about 400 words, the same for the same number."""
    text = " ".join(WORDS[(number * 7 + i * i) % len(WORDS)] for i in range(100))
    paragraphs = "\n\n".join(f"{more}Part {part}. {text.capitalize()}." for part in range(4))
    day = f"2026-{1 + number % 9:02}-{1 + number % 28:02}T08:{number % 60:02}:00Z"
    head = f"---\ntitle: Report number {number}\ndate: {day}\nauthor: Ines Okafor\n---\n"
    (root / "content" / f"report-{number:05}.md").write_text(head + paragraphs + "\n")


def syndicate(*words: str, cwd: Path) -> None:
    """Run the real command; its failure is ours."""
    subprocess.run(
        [sys.executable, "-m", "syndicate", *words], cwd=cwd, check=True, stdout=-3, stderr=-3
    )


def once(*words: str, cwd: Path) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    syndicate(*words, cwd=cwd)
    return time.perf_counter() - began


def median(command: list[str], cwd: Path) -> float:
    """The median seconds of several runs."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, cwd=cwd, check=True, stdout=-3, stderr=-3)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
