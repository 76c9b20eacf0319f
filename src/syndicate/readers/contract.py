"""What a reader is: one source in, articles out, with an account of what it guessed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import ClassVar, Literal

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.errors import Location

MOST_BYTES = 20_000_000
DEEPEST = 100
"""How many levels quotes, lists and stressed words may stand inside one another."""


@dataclass(frozen=True)
class Source:
    """A file on its way in. `path` is relative to `folder`, which is the newsroom's `content`,
    or "" for a file from outside; `modified` is the file's own time, in UTC, for articles that
    carry no date."""

    path: PurePosixPath
    data: bytes
    modified: datetime
    publication: Publication
    folder: str = "content"

    def at(self, line: int | None = None, column: int | None = None) -> Location:
        """A place in this file, as errors name it."""
        return Location(str(PurePosixPath(self.folder, self.path)), line, column)


@dataclass(frozen=True)
class Note:
    """Something the reader guessed or left out, at a line of the source (from 1)."""

    kind: Literal["guessed", "left out"]
    what: str
    line: int | None = None


@dataclass(frozen=True)
class Reading:
    """One article as read. `given` names the metadata that the source states outright; the rest
    was derived and gives way to what the ledger remembers."""

    article: Article
    given: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = field(default=())


class Reader(ABC):
    """One kind of source, known by its `suffixes` (lower case, with the dot)."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`.

        Raises:
            SourceError: it cannot be read as an article; with file, line and column.
        """
