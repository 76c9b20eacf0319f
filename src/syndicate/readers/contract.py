"""What a reader is: one source in, articles out, with notes on what it guessed."""

from __future__ import annotations

import hashlib
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO, ClassVar, Literal
from urllib.parse import quote

from pydantic import ValidationError

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.errors import Location
from syndicate.readers.dates import written_moment

MOST_BYTES = 20_000_000
"""The largest source that is read into memory as a whole, in bytes."""
HEAD = 65_536
"""How many bytes of a larger source are in memory: enough to recognise its format."""
DEEPEST = 100
"""How many levels deep quotes, lists and emphasis may be nested."""


@dataclass(frozen=True)
class Habits:
    """How a newsroom wants its files read. `unknown_keys` says how an unknown key in front matter
    is treated; `day_first` whether the day comes first in numeric dates, None if not known."""

    unknown_keys: Literal["warn", "error"] = "warn"
    day_first: bool | None = None


USUAL = Habits()


@dataclass(frozen=True)
class Source:
    """A file to read. `path` is relative to `folder`, which is the newsroom's `content`, or "" for
    a file from outside. `modified` is the file's own time in UTC, used for articles without a date.
    `data` is the whole file; if the file is larger than `MOST_BYTES`, it is the first `HEAD` bytes,
    and `file` opens the whole file. `sidecar` is the content of `NAME.toml` next to `NAME.ext`.
    `url` is where a page was fetched from; its relative addresses are resolved against it.
    `charset` is the encoding that the page's server states."""

    path: PurePosixPath
    data: bytes
    modified: datetime
    publication: Publication
    folder: str = "content"
    file: Callable[[], BinaryIO] | None = None
    sidecar: bytes | None = None
    url: str | None = None
    charset: str | None = None
    habits: Habits = USUAL
    guesses: list[Note] = field(default_factory=list, compare=False, repr=False)
    """Notes on bytes and dates that can be read in two ways: how they were read."""

    def moment(self, text: str, language: str | None = None) -> datetime:
        """The point in time, in UTC, that `text` means to the people who wrote it.

        Raises:
            ValueError: `text` is not a date.
        """
        return written_moment(text, self.publication, language, self.habits.day_first, self._doubt)

    def open(self) -> BinaryIO:
        """The whole file, opened so that it can be read in pieces."""
        return self.file() if self.file else io.BytesIO(self.data)

    def _doubt(self, what: str) -> None:
        self.guesses.append(Note("guessed", what, doubtful=True))

    def at(self, line: int | None = None, column: int | None = None) -> Location:
        """A place in this file, as shown in errors."""
        return Location(str(PurePosixPath(self.folder, self.path)), line, column)


@dataclass(frozen=True)
class Note:
    """Something the reader guessed or left out, at a line of the source (from 1). A `common` note
    is likely the same for many files of a newsroom and is shown once. A `doubtful` guess could
    easily be wrong and is always shown."""

    kind: Literal["guessed", "left out"]
    what: str
    line: int | None = None
    common: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class Reading:
    """One article as read. `given` lists the metadata fields that the source states; all others
    were derived, and a value in the ledger replaces them. `lines` has the source line (from 1) of
    each block of the article's body, in the same order; it is () if the source has no lines.

    `fragment` identifies the article in a source with several, whatever their order; it is "" if
    there is only one. `pictures` has the bytes of the pictures inside the source, by their `src`
    (see `picture_name`). `in_doubt` means that one of its dates can be read in two ways.
    """

    article: Article
    given: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = field(default=())
    lines: tuple[int | None, ...] = ()
    fragment: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    in_doubt: bool = False


def picture_name(source: Source, data: bytes, suffix: str) -> str:
    """The `src` of a picture that came inside `source`: in the same folder, and named after the
    source and the picture's content, so that two pictures never share a name."""
    from slugify import slugify

    stem = slugify(source.path.stem, max_length=60) or "picture"
    name = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
    return quote(str(source.path.with_name(name)))


class Reader(ABC):
    """Reads one kind of source, recognised by its `suffixes` (lower case, with the dot).

    A reader that `streams` accepts sources of any size: it reads `Source.open()` in pieces and
    keeps at most one article in memory.
    """

    suffixes: ClassVar[tuple[str, ...]]
    streams: ClassVar[bool] = False

    @abstractmethod
    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`. An article that cannot be read never stops the others: a note
        on the article before it says that it was left out, and why.

        Raises:
            SourceError: nothing in it can be read as an article; with file, line and column.
        """


def article_error_in_words(error: ValidationError) -> str:
    """The first error in an article, in one line."""
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
