"""How long the upgrade of an old ledger takes, and how much memory, from its first opening by this
release to its last sync; the backup that is written first is part of it.

Run: python benchmarks/ledger_migration.py [deliveries …]
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

LEDGERS = Path(__file__).parents[1] / "tests" / "golden" / "ledgers"
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)"
HEX = "printf('%064x', i * 2654435761)"
# Each delivery is a rendering of its own in version 1, a reader of one of ten issues since.
FILL = {
    "1a65aff": (
        f"{NUMBERS} INSERT INTO artifacts SELECT 'single', {HEX}, 'article-' || i || '.txt',"
        f" 'text/plain', {HEX}, 1000, FALSE FROM n",
        f"{NUMBERS} INSERT INTO deliveries SELECT 'single', {HEX}, 'article-' || i || '.txt',"
        f" {HEX}, 'delivered', '/srv/news/out/single/article-' || i || '.txt', NULL, NULL FROM n",
    ),
    "c447f78": (
        "INSERT INTO dispatches SELECT value + 100, 'email', value, value || '.letter', 'smtp',"
        " printf('%064x', value), '2026-11-01T10:00:00+00:00', TRUE, TRUE"
        " FROM json_each('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]')",
        f"{NUMBERS} INSERT INTO deliveries SELECT i / (:count / 10 + 1) + 100,"
        " printf('reader-%09d@example.net', i), 'delivered', 1, '2026-11-01T10:00:00+00:00',"
        " '250 2.0.0 Ok: queued', NULL, NULL FROM n",
    ),
}
OPEN = """
import resource, sys, time
from contextlib import closing
from pathlib import Path
from syndicate.ledger.ledger import open_ledger

began, used = time.monotonic(), time.process_time()
with closing(open_ledger(sys.argv[1], Path.cwd())):
    took, used = time.monotonic() - began, time.process_time() - used
print(took, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    """Upgrade a ledger of version 1 and one of version 3 for each number of deliveries."""
    for count in [int(word) for word in sys.argv[1:]] or [100_000]:
        for commit in FILL:
            with tempfile.TemporaryDirectory() as folder:
                ledger = Path(folder) / "ledger.sqlite"
                fill(ledger, commit, count)
                size = ledger.stat().st_size / 1e6
                words = [sys.executable, "-c", OPEN, str(ledger)]
                done = subprocess.run(words, check=True, capture_output=True, text=True)
                took, used, memory = map(float, done.stdout.split())
                largest = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
            version = {"1a65aff": 1, "c447f78": 3}[commit]
            print(
                f"from version {version}, {count:,} deliveries ({size:,.0f} MB): {took:.1f} s"
                f" ({used:.1f} s of processor), {memory:.0f} MB memory, {largest:,.0f} MB on disk"
            )


def fill(ledger: Path, commit: str, count: int) -> None:
    """Make `ledger` as `commit` did, with `count` deliveries."""
    tables = (LEDGERS / commit / "ledger.sql").read_text()
    if shutil.disk_usage(ledger.parent).free < count * 4_000:
        sys.exit("too little room on the disk of temporary files: set TMPDIR")
    with closing(sqlite3.connect(ledger)) as db:
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + tables)
        for statement in FILL[commit]:
            db.execute(statement, {"count": count})
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
