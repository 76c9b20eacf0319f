"""The mark of a ledger's articles, worked out only when somebody has written to the ledger."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from syndicate.ledger.ledger import Ledger


class ArticlesMark:
    """Remembers `KnownArticles.mark` while nobody writes to the ledger. Safe in any thread.

    SQLite tells one connection whether any other has changed the file since; so one is kept open.
    A ledger on a server is asked each time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        self._seen: tuple[object, ...] = ()
        self._mark = ""

    def of(self, ledger: Ledger) -> str:
        """The mark of the articles that `ledger` knows now."""
        path = ledger.database.path
        if path is None:
            return ledger.articles.mark()
        with self._lock:
            seen = self._version(path)
            if seen != self._seen:
                self._seen, self._mark = (), ledger.articles.mark()
                self._seen = seen
            return self._mark

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file:
                self._file.close()
            self._file, self._seen = None, ()

    def _version(self, path: Path) -> tuple[object, ...]:
        """What is another whenever the file was written to, or is another file."""
        stat = os.stat(path)  # noqa: PTH116 - it is a path, and exists
        file = (str(path), stat.st_dev, stat.st_ino)
        if self._file is None or self._seen[:3] != file:
            if self._file:
                self._file.close()
            self._file = sqlite3.connect(path, check_same_thread=False)
        (version,) = self._file.execute("PRAGMA data_version").fetchone()
        return (*file, version)
