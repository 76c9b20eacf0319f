"""What is in `content/` and in the ledger now, looked through again only when it has changed."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

from syndicate.engine.content.sources import FoundFiles, files_found_in
from syndicate.engine.planning.planner import Planner
from syndicate.grounds import Grounds
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

# inotify(7): modified, attributes, closed after writing, moved from and to, created, deleted, and
# what happens to the folder itself.
_CHANGES = 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800
_AGAIN = 1.0  # seconds after which it is looked whether the watch has missed something


class FolderWatch:
    """Says whether folders have changed. The kernel knows at once, so an edit that came before the
    question is never missed; only it does not hear of edits on a file server, or of the target of a
    link."""

    def __init__(self) -> None:
        self._missing = sys.platform != "linux"
        if not self._missing:
            self._kernel = ctypes.CDLL(None)
            self._file = self._kernel.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            self._missing = self._file < 0

    def add(self, folder: str) -> None:
        """Watch what is directly in `folder` from now on."""
        if not self._missing:
            added = self._kernel.inotify_add_watch(self._file, os.fsencode(folder), _CHANGES)
            if added < 0:  # the system allows no more of them
                self.close()

    def has_changed(self) -> bool:
        """Whether anything may have changed since this was asked last."""
        if self._missing:
            return True
        changed = False
        with suppress(BlockingIOError):
            while os.read(self._file, 1 << 16):
                changed = True
        return changed

    def close(self) -> None:
        """Let go of the kernel's list."""
        if not self._missing:
            self._missing = True
            os.close(self._file)


class ContentWatch:
    """Where the plans of a studio start, which is asked for many pages: the files in the folder
    `content`, and the ledger. Safe in any thread.

    `changed` is called (in any thread) if a change was noticed that no request had asked for.
    """

    def __init__(self, content: Path, changed: Callable[[], None]) -> None:
        self._content, self._changed = content, changed
        self._watch = FolderWatch()
        self._lock = threading.Lock()
        self._found: FoundFiles | None = None
        self._grounds = Grounds((content,))
        self._looked = 0.0

    def planner(self, newsroom: Newsroom, ledger: Ledger) -> Planner:
        """As `Planner.of`."""
        if newsroom.grounds != self._grounds:
            self._grounds, self._found = newsroom.grounds, None
        return Planner.of(newsroom, ledger, self.found())

    def found(self) -> FoundFiles:
        """The files as they are now."""
        with self._lock:
            if self._watch.has_changed() or self._found is None:
                self._look()
            elif monotonic() - self._looked > _AGAIN:
                self._looked = monotonic()
                threading.Thread(target=self._look_again, daemon=True).start()
            assert self._found
            return self._found

    def close(self) -> None:
        """Watch no longer."""
        self._watch.close()

    def _look(self) -> None:
        self._looked = monotonic()
        self._found = files_found_in(
            self._content, "content", self._watch.add, grounds=self._grounds
        )

    def _look_again(self) -> None:
        """See whether the watch has missed something."""
        found = files_found_in(self._content, "content", grounds=self._grounds)
        with self._lock:
            if self._found is None or found.digest == self._found.digest:
                return
            self._look()
        self._changed()
