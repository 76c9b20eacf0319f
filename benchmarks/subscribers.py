"""What a list of many subscribers costs: importing it, the beginning of a mailing, exporting it.

    python benchmarks/subscribers.py [SUBSCRIBERS] [MAILS]

Imports SUBSCRIBERS (default 1,000,000) from a CSV file, publishes a newsletter to all of them that
stops after MAILS (default 2,000), and exports the list. Every command is the real one, in a process
of its own; the mail server is on loopback, in this process. Prints time, processor time and memory
of each; that of the export also for a tenth of the list.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.sink import Sink

# An installed program is compiled once, not at each start.
ENV = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
STEP = 7_368_787  # a prime, so that every number comes up once
FEW = 10  # the list of which the memory is compared has so many times fewer
DELIVER = '[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\nport = {}\nsecurity = "none"\nmost = {}\n'
ARTICLE = """---
title: The night ferry returns
date: 2026-11-01
author: Ines Okafor
---
It sails on Friday at nine.
"""


def main(subscribers: int = 1_000_000, mails: int = 2_000) -> None:
    """Measure with a tenth of `subscribers`, then with all."""
    for number in (max(1, subscribers // FEW), subscribers):
        with tempfile.TemporaryDirectory() as folder, Sink() as sink:
            root = Path(folder) / "news"
            furnish(root, sink.port, mails)
            people = Path(folder) / "people.csv"
            write(people, number)
            print(f"{number:,} subscribers", flush=True)
            command("import", root, "subscribers", "import", str(people))
            command(f"freeze, {mails:,} mails", root, "publish", "--channels", "email", "--yes")
            assert len(set(sink.recipients)) == len(sink.recipients) == min(mails, number)
            command("export", root, "subscribers", "export")


def furnish(root: Path, port: int, mails: int) -> None:
    """A newsroom that has a newsletter and nothing else."""
    run = [sys.executable, "-m", "syndicate", "init", str(root)]
    subprocess.run(run, check=True, stdout=-3, stderr=-3)
    for channel in (root / "channels").glob("*.toml"):
        if channel.stem != "email":
            channel.unlink()
    email = root / "channels" / "email.toml"
    head = email.read_text().partition("[deliver]")[0]
    email.write_text(f"{head}\n{DELIVER.format(port, mails)}")
    (root / "content" / "ferry.md").write_text(ARTICLE)


def write(file: Path, number: int) -> None:
    """A list of `number` people with a name, a town and tags, in no order: one in twenty has a
    domain of their own."""
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["email", "first_name", "town", "tags"])
        for place in range(number):
            n = place * STEP % number
            domain = n if n % 20 == 0 else n % 97
            person = (f"reader-{n:07}@example{domain}.net", f"Zoë {n}", f"Port {n % 1000}")
            rows.writerow([*person, "member" if n % 3 else "member;ferry"])


def command(name: str, root: Path, *words: str) -> None:
    """Run the real command and print what it needed."""
    began = time.perf_counter()
    words = (sys.executable, "-m", "syndicate", *words)
    process = subprocess.Popen(words, cwd=root, env=ENV, stdout=-3, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    print(
        f"{name:<26} {took:7.2f} s  {usage.ru_utime + usage.ru_stime:7.2f} s of processor"
        f"  {usage.ru_maxrss / 1024:6.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
