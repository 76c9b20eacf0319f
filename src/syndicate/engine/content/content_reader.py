"""Reads the files in `content/` that have changed since they were read, into the cache."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from sqlite3 import Connection

from syndicate.engine.content.cache import ContentCache, as_json
from syndicate.engine.content.folder_walk import mark_of
from syndicate.engine.content.reading import (
    ReadFile,
    crash_of,
    limits_of,
    read_files,
)
from syndicate.engine.content.sources import FoundFiles, SourceFile, latest
from syndicate.engine.content.summaries import Summaries
from syndicate.engine.content.table_rows import (
    drop_file,
    is_unsure,
    put_file,
    put_file_row,
    set_pictures,
)
from syndicate.errors import SyndicateError
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers.contract import Habits
from syndicate.readers.dates import DateOrder

_KEPT = 200  # files whose reading is kept at once


@dataclass
class ContentReader:
    """Reads the files in `content/` that have changed into the cache, except the articles whose
    sources are `erased`."""

    newsroom: Newsroom
    cache: ContentCache
    found: FoundFiles
    erased: frozenset[str] = frozenset()
    failed: dict[str, SyndicateError] = field(default_factory=dict)
    _orders: dict[str, DateOrder] = field(default_factory=dict)
    _pictures: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _known(self) -> dict[str, str]:
        """The marks of the files that were read; "" for one that ended its process."""
        query = "SELECT name, CASE WHEN crash IS NULL THEN marks ELSE '' END FROM files"
        return dict(self.cache.tables.execute(query).fetchall())

    def changed(self) -> list[str]:
        """The files that have to be read, in their order."""
        changed = {name for name, _ in self.found.files.items() - self._known.items()}
        query = "SELECT name, digest FROM files WHERE unsure AND crash IS NULL"
        sure: list[tuple[int, bool, str]] = []
        for name, digest in self.cache.tables.execute(query).fetchall():
            marks = self.found.files.get(name)
            if marks and name not in changed:
                now = time.time_ns()
                if self._is_same(name, digest):
                    sure.append((now, is_unsure(now, latest(marks)), name))
                else:
                    changed.add(name)
        if sure:
            with self.cache.writing() as tables:
                tables.executemany("UPDATE files SET at = ?, unsure = ? WHERE name = ?", sure)
        return [name for name in self.found.files if name in changed] if changed else []

    def _is_same(self, name: str, digest: str) -> bool:
        """Whether the file `name` can be read and has this digest."""
        try:
            return SourceFile.in_content(self.newsroom, name).digest() == digest
        except (OSError, SyndicateError):
            return False

    def read(self, names: Iterable[str]) -> dict[str, SyndicateError]:
        """Read the files `names`; why some of them cannot be read, by name.

        Where the dates in the files turn out to be in another order of day and month than thought
        so far, those whose dates it decides are read again.
        """
        habits = self.newsroom.habits
        told = self.cache.about("day_first")
        self._read(replace(habits, day_first=json.loads(told or "null")), names)
        day_first = as_json(self._order().day_first)
        if day_first != (told or "null"):
            query = "SELECT name, date_order FROM files"
            either = [
                name
                for name, order in self.cache.tables.execute(query).fetchall()
                if DateOrder.EITHER in DateOrder(order)
            ]
            self._read(replace(habits, day_first=json.loads(day_first)), either)
            with self.cache.writing():
                self.cache.note(day_first=day_first)
        return {name: self.failed[name] for name in self.found.files if name in self.failed}

    def file_of(self, source: str) -> str:
        """The name of the file that `source` is in."""
        return source if source in self.found.files else source.rpartition("#")[0] or source

    def awaits(self, source: str) -> bool:
        """Whether the file of `source` is there but cannot be read, or is in a folder that cannot
        be looked into; its articles will come back."""
        file = self.file_of(source)
        return file in self.failed or self.found.is_closed(file)

    def drop_gone(self) -> bool:
        """Forget the files that are gone; whether there were any."""
        gone = self._known.keys() - self.found.files.keys()
        if gone:
            with self.cache.writing() as tables:
                self.cache.note(content="", gone="yes")
                for name in gone:
                    drop_file(tables, name)
        return bool(self.cache.about("gone"))

    def picture_digest(self, src: str) -> str:
        """The digest of a picture, read again if it has changed since it was read last."""
        if src not in self._pictures:
            path, open_ = self.newsroom.content / src, self.newsroom.grounds.open
            self._pictures[src] = self.cache.picture_digest(path, src, open_)
        return self._pictures[src]

    def last_picture(self, shown: Mapping[str, str]) -> Callable[[str], str]:
        """The digest of a picture; if it is missing, that in `shown`: the last that was seen."""
        return lambda src: self.picture_digest(src) or shown.get(src, "")

    def look_at_pictures(self, shown_by: Callable[[str], Mapping[str, str]]) -> None:
        """See which pictures of articles have changed.

        Args:
            shown_by: the digests of the pictures that a version of an article has shown.
        """
        query = """
            SELECT src, mark, digest
              FROM (SELECT DISTINCT src FROM pictures_of) LEFT JOIN pictures USING (src)
        """
        below = f"{self.newsroom.content}/"
        changed = {
            src: digest or ""
            for src, mark, digest in self.cache.tables.execute(query)
            if mark != mark_of(below + src)
        }
        if changed:
            with self.cache.writing() as tables:
                for src, before in changed.items():
                    if self.picture_digest(src) != before:
                        for one in Summaries(self.cache).showing(src):
                            last = shown_by(one.digest) if one.kept else {}
                            set_pictures(tables, one, self.last_picture(last))

    def _read(self, habits: Habits, names: Iterable[str]) -> None:
        query = "SELECT name, marks, crash FROM files WHERE crash IS NOT NULL"
        crashes = {name: rest for name, *rest in self.cache.tables.execute(query)}
        rest: list[str] = []
        for name in names:
            marks, crash = crashes.get(name, ("", ""))
            if marks == self.found.files[name] and not self._is_raised(crash):
                # It would end its process again.
                self._failed(ReadFile(name, 0, error=crash_of(name, crash, self.newsroom)))
            else:
                rest.append(name)
        reads = read_files(self.newsroom, habits, rest, self.erased)
        while page := list(islice(reads, _KEPT)):
            with self.cache.writing() as tables:
                self.cache.note(content="")  # until all is settled again
                for read in page:
                    self._put(tables, read)

    def _is_raised(self, crash: str) -> bool:
        """Whether a file went beyond a limit that is another one now."""
        told = crash.removeprefix("was ")
        return told.startswith("stopped") and limits_of(self.newsroom).hint(told) is None

    def _put(self, tables: Connection, read: ReadFile) -> None:
        marks = self.found.files[read.name]
        if read.error is None:
            self.failed.pop(read.name, None)
            put_file(tables, read, marks, self.picture_digest)
            return
        self._failed(read)
        drop_file(tables, read.name)
        if read.crash:
            put_file_row(tables, read, marks)

    def _failed(self, read: ReadFile) -> None:
        assert read.error is not None
        self.failed[read.name], self._orders[read.name] = read.error, DateOrder(read.order)

    def _order(self) -> DateOrder:
        """What the dates of all files tell of the order of day and month."""
        found = self.cache.tables.execute("SELECT DISTINCT date_order FROM files")
        order = DateOrder.UNSEEN
        for one in (*self._orders.values(), *(DateOrder(number) for (number,) in found)):
            order |= one
        return order
