"""What withdrawing one article of a large newsroom costs.

    python benchmarks/withdraw.py [ARTICLES]

Publishes ARTICLES (default 10,000) short articles to a feed, a feed for each tag, a sitemap and
files of their own. Then withdraws one with the real command, once with `--dry-run`, and prints the
processor time and the memory of each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = """\
[publication]
title = "Gazette"
base_url = "https://gazette.example.org/"
"""
CHANNELS = {
    "rss": "[select]\nlimit = 50\n",
    "atom": '[split]\nby = "tag"\n[select]\nlimit = 50\n',
    "sitemap": "",
    "ninjs": "",
}
TAGS = ("Ferries", "Tides", "Piers", "Fares", "Crews")


def main(articles: int = 10_000) -> None:
    """Publish so many articles, and withdraw one."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        furnish(root, articles)
        run(root, "publish")
        slug = f"story-{articles // 2}"
        print(f"{articles:,} articles, {len(CHANNELS)} channels")
        for words in (("--dry-run",), ("--yes",)):
            seconds, megabytes = run(root, "withdraw", slug, "--reason", "wrong", *words)
            print(f"withdraw {words[0]}: {seconds:.2f} s of processor, {megabytes:.0f} MB")


def furnish(root: Path, articles: int) -> None:
    """A newsroom with so many articles."""
    (root / "syndicate.toml").write_text(SETTINGS)
    for name in ("channels", "content"):
        (root / name).mkdir()
    for name, toml in CHANNELS.items():
        (root / "channels" / f"{name}.toml").write_text(toml)
    for number in range(articles):
        day = f"2026-{1 + number % 9:02}-{1 + number % 28:02}"
        head = f"title: Story number {number}\npublished: {day}\ntags: [{TAGS[number % len(TAGS)]}]"
        text = f"What happened at berth {number} is not known yet. " * 20
        (root / "content" / f"story-{number}.md").write_text(f"---\n{head}\n---\n\n{text}\n")


def run(root: Path, *words: str) -> tuple[float, float]:
    """Run a command. Returns its seconds of processor and the most memory that it had, in MB."""
    command = [sys.executable, "-m", "syndicate", *words]
    child = subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
