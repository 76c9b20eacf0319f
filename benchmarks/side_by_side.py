"""What else works while a long mailing is under way, and how much longer it takes than alone.

    python benchmarks/side_by_side.py [RECIPIENTS] [ARTICLES]

Corrects an article in RSS, posts a thread, plans, checks and opens pages of the studio: first in a
newsroom at rest, then while a mailing to RECIPIENTS (default 50,000) leaves at 600 a minute, which
is cut short after that. Prints seconds, exit codes, and the ratio of both.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.engine.mailing import address
from tests.platforms import x
from tests.sink import Sink

from syndicate.ledger.ledger import open_ledger
from syndicate.subscribers import Entry, Subscribers

RUNS = 5
THREAD = "Fares rise by 15% from Friday. The ferry carried 70,000 people in its last year.\n"


def main(recipients: int = 50_000, articles: int = 100) -> None:
    """Measure alone, then beside the mailing."""
    os.environ.update(x.SECRETS)
    with tempfile.TemporaryDirectory() as folder, Sink() as sink, x.X() as platform:
        root = Path(folder) / "news"
        furnish(root, sink.port, platform.url, articles)
        with studio(root) as client:
            alone = measured(root, client, "a")
            subscribe(root, recipients)
            command = [*syndicate("publish", root), "--channels", "email", "--yes"]
            with subprocess.Popen(command, stdout=-3, stderr=subprocess.PIPE, text=True) as mailing:
                while len(sink.mails) < 20:
                    time.sleep(0.05)
                before, began = len(sink.mails), time.monotonic()
                beside = measured(root, client, "b")
                rate = (len(sink.mails) - before) / (time.monotonic() - began) * 60
                mailing.send_signal(signal.SIGTERM)
                mailing.communicate()
        twice = len(sink.recipients) - len(set(sink.recipients))
    print(f"a mailing to {recipients} left at {rate:.0f} a minute meanwhile, {twice} twice")
    print(f"{'':22}  {'alone':>9}  {'beside':>9}")
    for name, (took, code) in beside.items():
        usual, well = alone[name]
        goal = "   goal 2" if name == "correction in rss" else ""
        ended = "" if code == well else f"   ended with {code}, not {well}"
        print(f"{name:22}  {usual:7.3f} s  {took:7.3f} s  {took / usual:5.2f} x{goal}{ended}")


def furnish(root: Path, smtp: int, api: str, articles: int) -> None:
    """A newsroom that has published everything but its newsletter."""
    run(*syndicate("init", None), str(root))
    for number in range(articles):
        write(root, f"report-{number:04}", "It sails on Friday at nine. " * 40)
    for mark in "ab":
        for number in range(RUNS):
            write(root, f"thread-{mark}{number}", THREAD)
    for channel in (root / "channels").glob("*.toml"):
        if channel.stem not in ("rss", "email", "x"):
            channel.unlink()
    mail = f'via = "smtp"\nhost = "127.0.0.1"\nport = {smtp}\nsecurity = "none"\nper_minute = 600\n'
    add(root / "channels" / "email.toml", mail)
    threads = root / "channels" / "x.toml"
    add(threads, f'via = "x"\napi = "{api}"\n')
    threads.write_text(threads.read_text().replace("limit = 20", f"limit = {articles + 99}"))
    assert run(*syndicate("publish", root), "--channels", "rss,x") == 0


def add(channel: Path, deliver: str) -> None:
    """Let `channel` be delivered in another way."""
    text = channel.read_text().partition("[deliver]")[0]
    channel.write_text(f"{text}\n[deliver]\n{deliver}")


def write(root: Path, slug: str, text: str) -> None:
    """One article."""
    head = f"---\ntitle: About {slug}\ndate: 2026-11-01\nauthor: Ines Okafor\n---\n"
    (root / "content" / f"{slug}.md").write_text(f"{head}{text}\n")


def subscribe(root: Path, number: int) -> None:
    """Subscribe so many people to the newsletter."""
    with closing(open_ledger(".syndicate/ledger.sqlite", root)) as ledger:
        store = Subscribers(ledger.database, root / ".syndicate")
        store.put((Entry("email", address(n), {}) for n in range(number)), "benchmark")


@contextmanager
def studio(root: Path) -> Iterator[httpx.Client]:
    """A browser that is signed in to the studio."""
    command = [*syndicate("review", root), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=-3, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        base = url.partition("/?")[0]
        try:
            with httpx.Client(base_url=base, follow_redirects=True, timeout=120) as client:
                client.get(url).raise_for_status()
                yield client
        finally:
            process.terminate()


def measured(root: Path, client: httpx.Client, mark: str) -> dict[str, tuple[float, int]]:
    """The median seconds and the last exit code (for pages: status) of each kind of work."""

    def correction(number: int) -> int:
        write(root, "report-0000", f"Corrected {mark}{number}.")
        code = run(*syndicate("publish", root), "--channels", "rss")
        found = f"Corrected {mark}{number}." in (root / "out/rss/feed.xml").read_text()
        return code if found or code else -1

    def post(number: int) -> int:
        name = f"thread-{mark}{number}.x"
        code = run(*syndicate("drafts", None), "approve", name, "--by", "Ines", "--root", str(root))
        return code or run(*syndicate("publish", root), "--channels", "x")

    def approve(number: int) -> int:
        page = client.get(f"/drafts/thread-{mark}{number}.x.md")
        fields = {n: field(page.text, n) for n in ("csrf", "digest")}
        path = f"/drafts/thread-{mark}{number}.x.md/reject"
        return client.post(path, data=fields).status_code if fields["digest"] else page.status_code

    works: dict[str, Callable[[int], int]] = {
        "correction in rss": correction,
        "rejection in studio": approve,
        "thread approved, posted": post,
        "plan": lambda _: run(*syndicate("plan", root)),
        "check": lambda _: run(*syndicate("check", root)),
        "desk": lambda _: client.get("/").status_code,
        "plan in studio": lambda _: client.get("/plan").status_code,
    }
    found = {}
    for name, work in works.items():
        times = []
        for number in range(RUNS):
            began = time.perf_counter()
            code = work(number)
            times.append(time.perf_counter() - began)
        found[name] = (statistics.median(times), code)
    return found


def field(html: str, name: str) -> str:
    """The value of the first hidden field called `name`."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


def syndicate(command: str, root: Path | None) -> list[str]:
    """The real command."""
    words = [sys.executable, "-m", "syndicate", command]
    return [*words, "--root", str(root)] if root else words


def run(*command: str) -> int:
    """Run `command` and return its exit code."""
    return subprocess.run(command, check=False, stdout=-3, stderr=-3).returncode


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
