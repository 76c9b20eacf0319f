"""What a reader is: one source in, articles out, with an account of what it guessed."""

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
from syndicate.readers.dates import moment

MOST_BYTES = 20_000_000
"""How much of a source is ever held at once."""
HEAD = 65_536
"""How much of a larger source is held: enough to tell its format."""
DEEPEST = 100
"""How many levels quotes, lists and stressed words may stand inside one another."""


@dataclass(frozen=True)
class Habits:
    """How a newsroom wants its files read. `unknown_keys` is what an unknown key of front matter
    is; `day_first` whether dates in numbers name the day first, None where nothing tells."""

    unknown_keys: Literal["warn", "error"] = "warn"
    day_first: bool | None = None


USUAL = Habits()


@dataclass(frozen=True)
class Source:
    """A file on its way in. `path` is relative to `folder`, which is the newsroom's `content`,
    or "" for a file from outside; `modified` is the file's own time, in UTC, for articles that
    carry no date. `data` is the whole file; of one larger than `MOST_BYTES` it is the first
    `HEAD` bytes, and `file` opens the whole. `sidecar` is the `NAME.toml` beside `NAME.ext`.
    `url` is where a page was fetched from: what its relative addresses are resolved against;
    `charset` is the encoding that its server states."""

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
    """How bytes and dates were read that can be read in two ways."""

    def moment(self, text: str, language: str | None = None) -> datetime:
        """`text` as a point in time in UTC, as its writers mean it.

        Raises:
            ValueError: it is none.
        """
        return moment(text, self.publication, language, self.habits.day_first, self._doubt)

    def open(self) -> BinaryIO:
        """All of its bytes, to be read piece by piece."""
        return self.file() if self.file else io.BytesIO(self.data)

    def _doubt(self, what: str) -> None:
        self.guesses.append(Note("guessed", what, doubtful=True))

    def at(self, line: int | None = None, column: int | None = None) -> Location:
        """A place in this file, as errors name it."""
        return Location(str(PurePosixPath(self.folder, self.path)), line, column)


@dataclass(frozen=True)
class Note:
    """Something the reader guessed or left out, at a line of the source (from 1). What is `common`
    is likely the same in many files of a newsroom: people are told once. A guess that is
    `doubtful` could as well be wrong: people are always told."""

    kind: Literal["guessed", "left out"]
    what: str
    line: int | None = None
    common: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class Reading:
    """One article as read. `given` names the metadata that the source states outright; the rest
    was derived and gives way to what the ledger remembers. `lines` are the source lines (from 1)
    of the blocks of the article's body, in step with them; () where the source has no lines.

    `fragment` tells the article from its neighbours in a source that holds several, whatever
    their order; "" where nothing does. `pictures` are the bytes of the figures that came inside
    the source, by their `src` (see `picture_name`). `in_doubt` tells that a date in it can be read
    in two ways.
    """

    article: Article
    given: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = field(default=())
    lines: tuple[int | None, ...] = ()
    fragment: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    in_doubt: bool = False


def picture_name(source: Source, data: bytes, suffix: str) -> str:
    """The `src` of a picture that came inside `source`: beside it, and named after it and the
    picture's content, so that no two pictures ever share a name."""
    from slugify import slugify

    stem = slugify(source.path.stem, max_length=60) or "picture"
    name = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
    return quote(str(source.path.with_name(name)))


class Reader(ABC):
    """One kind of source, known by its `suffixes` (lower case, with the dot).

    A reader that `streams` takes sources of any size: it reads `Source.open()` piece by piece,
    and holds no more than one article at once.
    """

    suffixes: ClassVar[tuple[str, ...]]
    streams: ClassVar[bool] = False

    @abstractmethod
    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`. One that cannot be read never stops the others: a note on
        its neighbour says that it was left out, and why.

        Raises:
            SourceError: none of it can be read as an article; with file, line and column.
        """


def in_words(error: ValidationError) -> str:
    """The first thing that is wrong with an article, in one line."""
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
