"""What mailing a newsletter costs: personalised, noted in the ledger, and sent over loopback.

    python benchmarks/delivery.py [MESSAGES] [RECIPIENTS]

Sends MESSAGES (default 3000) of 71 KB to Debian's smtp-sink: by Syndicate, by smtp-source (the
ceiling: a C program that personalises and remembers nothing), by a nodemailer pool and by Django's
backend where these are installed. Then freezes RECIPIENTS (default 1,000,000) in a ledger and
prints the memory that it took. Prints a line for each, with ratios.
"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.ledger.taking import hold, record

CONNECTIONS = 8
PARAGRAPH = "<p>The harbour master said on Monday that the night ferry returns on Friday.</p>\n"
NODE = """
const mailer = require('nodemailer');
const [port, count, size] = process.argv.slice(1).map(Number);
const pool = mailer.createTransport({host: '127.0.0.1', port, pool: true, maxMessages: Infinity,
  maxConnections: 8, ignoreTLS: true});
const html = 'x'.repeat(70).concat('\\n').repeat(size / 71);
const began = Date.now();
const one = n => pool.sendMail({from: 'news@gazette.example.org', to: `reader-${n}@example.net`,
  subject: 'The night ferry returns', text: `Dear reader ${n}`, html: `<p>${n}</p>${html}`});
Promise.all(Array.from({length: count}, (_, n) => one(n))).then(() => {
  console.log((Date.now() - began) / 1000); pool.close(); });
"""
DJANGO = """
import sys, time
from django.conf import settings
port, count, size = map(int, sys.argv[1:])
settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, DEFAULT_CHARSET="utf-8")
from django.core.mail import EmailMultiAlternatives, get_connection
html = ("x" * 70 + chr(10)) * (size // 71)
began = time.perf_counter()
with get_connection() as connection:
    for n in range(count):
        mail = EmailMultiAlternatives("The night ferry returns", f"Dear reader {n}",
            "news@gazette.example.org", [f"reader-{n}@example.net"], connection=connection)
        mail.attach_alternative(f"<p>{n}</p>{html}", "text/html")
        mail.send()
print(time.perf_counter() - began)
"""


def main() -> None:
    """Send the same through each, one after the other."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    recipients = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    sink = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    if Path(sink).is_file():
        with smtp_sink(sink) as port:
            compare(port, count)
    else:
        print("smtp-sink is not installed (Debian: postfix); nothing is sent")
    memory(recipients)


def compare(port: int, count: int) -> None:
    """Messages a second of each, and Syndicate's against the others'."""
    ours, size = syndicate(port, count)
    print(f"{count} messages of {size / 1000:.0f} KB, {CONNECTIONS} connections, loopback")
    print(f"syndicate                  {ours:7.0f} /s   personalised, in the ledger")
    source = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
    peers: dict[str, Callable[[], float | None]] = {
        "smtp-source": lambda: ceiling(source, port, count, size),
        "nodemailer pool": lambda: node(port, min(count, 2000), size),
        "Django's SMTP backend": lambda: django(port, min(count, 1000), size),
    }
    goals = {"smtp-source": 0.4}
    for name, measure in peers.items():
        rate = measure()
        if rate:
            goal = goals.get(name, 5)
            print(f"{name:<26} {rate:7.0f} /s   {ours / rate:.2f} x (goal {goal})")
        else:
            print(f"{name:<26} is not installed")


@contextmanager
def smtp_sink(program: str) -> Iterator[int]:
    """Postfix's sink, listening on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    words = [program, *user, "-c", f"127.0.0.1:{port}", "1000"]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait()


def syndicate(port: int, count: int) -> tuple[float, int]:
    """The real engine: dispatch, frozen recipients, journal, courier."""
    import syndicate.couriers.smtp.message  # noqa: F401  loading is nobody's part of the comparison
    from syndicate.article.publication import Publication
    from syndicate.couriers import Delivery
    from syndicate.couriers.smtp.courier import SMTPCourier
    from syndicate.engine.delivery.deliver import deliver
    from syndicate.engine.delivery.journal import LedgerJournal
    from syndicate.ledger.ledger import open_ledger
    from syndicate.ledger.records import RecordedRendering, StoredArtifact
    from syndicate.letter import MEDIA_TYPE, Subscriber
    from syndicate.subscribers import Entry, Subscribers, audience_of

    publication = Publication(title="Gazette", base_url="https://gazette.example.org/")
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_ledger("ledger.sqlite", Path(folder))) as ledger,
    ):
        root = Path(folder)
        letter = a_letter(65_000)
        (root / "letter").write_bytes(letter.written())
        subscribers = Subscribers(ledger.database, root)
        people = (Entry("email", address(n), {"name": f"Reader {n}"}) for n in range(count))
        subscribers.put(people, "benchmark")
        stored = StoredArtifact("1.letter", MEDIA_TYPE, "digest", 0, False)
        record(ledger, RecordedRendering("email", "1", "inputs", (stored,), ("smtp",)))
        held = hold(ledger, ledger.dispatches.current()[0])
        courier = SMTPCourier.model_validate(
            {
                "host": "127.0.0.1",
                "port": port,
                "security": "none",
                "connections": CONNECTIONS,
            }
        )
        whole = Delivery(
            "email", "1.letter", MEDIA_TYPE, "digest", root / "letter", "1.letter", "1"
        )
        audience = audience_of(subscribers, publication, "email", None)
        became: list[str] = []
        began = time.perf_counter()
        journal = LedgerJournal(
            held,
            lambda _, outcome: became.append(type(outcome).__name__),
        )
        deliver(journal, courier, whole, audience)
        took = time.perf_counter() - began
        assert became == ["Receipt"] * count, set(became)
        return count / took, len(letter.to(Subscriber(address(0), {"name": "Reader"})))


def a_letter(size: int):  # type: ignore[no-untyped-def]
    """A letter of about `size` bytes with a name in it."""
    from syndicate.letter import Letter
    from syndicate.letter.merge import MergeField

    filling = PARAGRAPH * ((size - 2000) // len(PARAGRAPH))
    return Letter(
        sender="news@gazette.example.org",
        headers="From: News <news@gazette.example.org>\r\n",
        identity=("email.1.0123456789abcdef", "gazette.example.org"),
        unsubscribe="https://gazette.example.org/unsubscribe/",
        mailto="mailto:news@gazette.example.org?subject=unsubscribe",
        subject=("The night ferry returns, ", MergeField("name")),
        text=("Dear ", MergeField("name"), ",\n\nthe night ferry returns.\n"),
        html=("<p>Dear ", MergeField("name"), ",</p>\n", filling),
    )


def address(number: int) -> str:
    """The address of one of the recipients."""
    return f"reader-{number:07}@example.net"


def ceiling(program: str, port: int, count: int, size: int) -> float | None:
    """smtp-source: the same bytes for all, nothing remembered."""
    if not Path(program).is_file():
        return None
    words = [program, "-s", str(CONNECTIONS), "-m", str(count), "-l", str(size), "-d"]
    words += ["-f", "news@gazette.example.org", "-t", "reader@example.net", f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return count / (time.perf_counter() - began)


def node(port: int, count: int, size: int) -> float | None:
    """A nodemailer pool. NODE_PATH may say where it is installed."""
    words = ["node", "-e", NODE, str(port), str(count), str(size)]
    return answer(words, count)


def django(port: int, count: int, size: int) -> float | None:
    """Django's own backend, over one connection, which it keeps open. DJANGO_PYTHON may name an
    interpreter that has Django."""
    python = os.environ.get("DJANGO_PYTHON", sys.executable)
    return answer([python, "-c", DJANGO, str(port), str(count), str(size)], count)


def answer(words: list[str], count: int) -> float | None:
    """Messages a second by the seconds that a program prints, None if it cannot run."""
    if shutil.which(words[0]) is None:
        return None
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return count / float(done.stdout) if done.returncode == 0 else None


def memory(recipients: int) -> None:
    """Subscribe and freeze so many in a process of its own, and tell its memory."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import delivery; "
        "delivery.freeze(int(sys.argv[2]))"
    )
    here = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", code, here, str(recipients)], check=True)


def freeze(recipients: int) -> None:
    """All of them frozen in a stream, then read in a stream as a run does."""
    from syndicate.article.publication import Publication
    from syndicate.couriers import Delivery
    from syndicate.couriers.smtp.courier import SMTPCourier
    from syndicate.engine.delivery.deliver import _pending
    from syndicate.engine.delivery.journal import LedgerJournal
    from syndicate.ledger.ledger import open_ledger
    from syndicate.ledger.records import RecordedRendering, StoredArtifact
    from syndicate.letter import MEDIA_TYPE
    from syndicate.subscribers import Entry, Subscribers, audience_of

    publication = Publication(title="Gazette", base_url="https://gazette.example.org/")
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_ledger("ledger.sqlite", Path(folder))) as ledger,
    ):
        subscribers = Subscribers(ledger.database, Path(folder))
        people = (Entry("email", address(n), {"name": f"Reader {n}"}) for n in range(recipients))
        subscribers.put(people, "benchmark")
        stored = StoredArtifact("1.letter", MEDIA_TYPE, "digest", 0, False)
        record(ledger, RecordedRendering("email", "1", "inputs", (stored,), ("smtp",)))
        held = hold(ledger, ledger.dispatches.current()[0])
        audience = audience_of(subscribers, publication, "email", None)
        whole = Delivery("email", "1.letter", MEDIA_TYPE, "digest", Path(), "1.letter", "1")
        courier = SMTPCourier.model_validate({"host": "127.0.0.1"})
        began = time.perf_counter()
        held.freeze(courier.addresses(whole, audience.active()))
        frozen = time.perf_counter() - began
        seen = sum(1 for _ in _pending(LedgerJournal(held, lambda _, __: None), whole, audience))
        assert seen == recipients
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{recipients} recipients frozen in {frozen:.1f} s and read again, {most:.0f} MB at most")
    print("  (goal 120 MB)")


if __name__ == "__main__":
    main()
