"""What a newsroom with a large archive costs: each command's time, processor time and memory.

    python benchmarks/archive.py [ARTICLES …]

Three feeds, a file for each article (ninjs), and threads of the newest twenty. Every command is
the real one, in a process of its own; its memory is that of its largest process. The studio is
asked over HTTP; its memory is what it has needed so far.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx

WORDS = "harbour tide pilot ferry lock gate berth crane rope signal lamp chart wind".split()  # noqa: SIM905
CHANNELS = ("rss", "atom", "jsonfeed", "x", "wire")
# An installed program is compiled once, not at each start.
ENV = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
WIRE = 'adapter = "ninjs"\nurl = "https://gazette.example.org/wire/"\n'


def main(counts: list[int]) -> None:
    """Measure newsrooms of each size."""
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "news"
            make(root, count)
            print(
                f"{count:,} articles, {len(CHANNELS)} channels, {os.cpu_count()} cores", flush=True
            )
            measure(root)


def make(root: Path, count: int) -> None:
    """A newsroom of `count` articles."""
    subprocess.run(
        [sys.executable, "-m", "syndicate", "init", root], check=True, stdout=-3, stderr=-3
    )
    for file in (*root.glob("channels/*.toml"), *root.glob("content/*.*")):
        if file.stem not in CHANNELS:
            file.unlink()
    (root / "channels" / "wire.toml").write_text(WIRE)
    for number in range(count):
        write(root, number)


def measure(root: Path) -> None:
    """Print a line for each command and page."""
    command("publish, first", root, "publish")
    command("publish, nothing changed", root, "publish")
    command("plan", root, "plan")
    write(root, 0, "A correction was made. ")
    command("publish, one changed", root, "publish")
    command("check", root, "check")
    studio(root)


def write(root: Path, number: int, more: str = "") -> None:
    """One article of about 400 words, the same for the same number."""
    text = " ".join(WORDS[(number * 7 + i * i) % len(WORDS)] for i in range(100))
    paragraphs = "\n\n".join(f"{more}Part {part}. {text.capitalize()}." for part in range(4))
    year, month, minute = 2000 + number // 365 % 26, 1 + number % 9, number % 60
    day = f"{year}-{month:02}-{1 + number % 28:02}T08:{minute:02}:00Z"
    head = f"---\ntitle: Report number {number}\ndate: {day}\nauthor: Ines Okafor\n---\n"
    (root / "content" / f"report-{number:05}.md").write_text(head + paragraphs + "\n")


def command(name: str, root: Path, *words: str) -> None:
    """Run the real command and print what it needed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "syndicate", *words], cwd=root, env=ENV, stdout=-3, stderr=-3
    )
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    told = "" if process.returncode in (0,) else f"   exit {process.returncode}"
    print(
        f"{name:<26} {took:7.2f} s  {usage.ru_utime + usage.ru_stime:7.2f} s of processor"
        f"  {usage.ru_maxrss / 1024:6.0f} MB{told}",
        flush=True,
    )


def studio(root: Path, runs: int = 5) -> None:
    """Ask the real server for pages."""
    words = [sys.executable, "-m", "syndicate", "review", "--port", "0", "--no-browser"]
    with subprocess.Popen(words, cwd=root, env=ENV, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            url = process.stdout.readline().strip()
            base = "{0.scheme}://{0.netloc}".format(urlsplit(url))
            with httpx.Client(base_url=base, follow_redirects=True, timeout=300) as client:
                while True:
                    try:
                        first = seconds(lambda: client.get(url).raise_for_status())
                        break
                    except httpx.TransportError:
                        time.sleep(0.05)
                pages = {"desk": "/", "article": "/articles/report-00000"}
                page(process, "studio: first page", [first])
                for name, place in pages.items():
                    took = [seconds(partial(ask, client, place)) for _ in range(runs)]
                    page(process, f"studio: {name}", took)
        finally:
            process.terminate()


def ask(client: httpx.Client, place: str) -> None:
    """Get a page."""
    client.get(place).raise_for_status()


def page(process: subprocess.Popen[str], name: str, took: list[float]) -> None:
    """Print how long a page took (median), and the memory of the studio."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    middle = sorted(took)[len(took) // 2]
    print(f"{name:<26} {middle:7.3f} s  {'':26}{peak:6.0f} MB", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 10_000, 30_000])
