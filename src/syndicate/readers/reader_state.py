"""What is being read: the source, its language, and the notes made so far."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from syndicate.article.values import safe_url
from syndicate.errors import SourceError
from syndicate.readers.contract import Note, Source
from syndicate.readers.dates import midnight_of
from syndicate.readers.language import guess_language

if TYPE_CHECKING:
    from syndicate.readers.overrides import BlockOverride

DATED_STEM = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[-_ ]+|$)")
"""The date at the beginning of a file's name."""


@dataclass
class ReaderState:
    """A source that is being read; lines count from 1 in the file."""

    source: Source
    language: str
    notes: list[Note] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    """Subjects that the text itself names."""
    overrides: list[BlockOverride] = field(default_factory=list)
    """What the editor states about single blocks."""
    beside: dict[str, Any] | None = None
    """The metadata in the sidecar, once it has been read."""

    def speak(self, stated: str | None, text: str) -> None:
        """Set the language: as stated, or guessed from the script of `text`."""
        self.language = stated or guess_language(text, self.source.publication.language)
        if not stated and self.language != self.source.publication.language:
            self.guessed(f"the language {self.language!r}")

    def account(self) -> tuple[Note, ...]:
        """The notes in the order of their lines; notes about the whole file come first."""
        return tuple(sorted(self.notes, key=lambda note: note.line or 0))

    def local_time(self, when: datetime) -> str:
        """A point in time for a note: in the newsroom's time zone, to the minute."""
        return f"{when.astimezone(self.source.publication.zone):%d %b %Y %H:%M}"

    def guessed(self, what: str, line: int | None = None) -> None:
        """Note a guess."""
        self.notes.append(Note("guessed", what, line))

    def left_out(self, what: str, line: int | None = None, *, common: bool = False) -> None:
        """Note something that is in the source but not in the article. It is `common` if many files
        of the newsroom are likely to have it."""
        self.notes.append(Note("left out", what, line, common))

    def link(self, url: str, line: int | None = None) -> str | None:
        """`url` if it is safe; else None, with a note."""
        try:
            return safe_url(url) or None
        except ValueError:
            self.left_out(f"the unsafe link {shortened_for_note(url)!r}", line)
            return None

    def page(self, name: str, line: int | None = None) -> str:
        """The address of the newsroom's article that a file called `name` would become."""
        from slugify import slugify

        stem = PurePosixPath(name.partition("#")[0].strip().strip("/")).name
        stem = re.sub(r"\.(?:md|markdown|html?)$", "", stem)
        day = date_of_stem(stem)
        slug = slugify(DATED_STEM.sub("", stem, count=1), max_length=120, word_boundary=True)
        publication = self.source.publication
        if not slug:
            return "#"
        if publication.has_dated_addresses and day is None:
            self.left_out(f"the link to {shortened_for_note(name)!r}: its address has a date", line)
            return "#"
        url = publication.article_url(slug, midnight_of(day, publication.zone) if day else None)
        self.guessed(f"the page {shortened_for_note(name)!r} is {url}", line)
        return url

    def picture(self, src: str, line: int | None = None, column: int | None = None) -> str | None:
        """`src` as an http(s) URL or a path below `content/`; None, with a note, if it is unsafe.

        Raises:
            SourceError: the path leads outside `content/`.
        """
        try:
            return picture_src(self.source, src)
        except UnsafePictureError:
            self.left_out(f"the picture {shortened_for_note(src)!r}", line)
            return None
        except ValueError as error:
            raise SourceError(str(error), where=self.source.at(line, column)) from error


def date_of_stem(stem: str) -> date | None:
    """The day with which the name of a file begins, as in `2026-05-04-budget`."""
    found = DATED_STEM.match(stem)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


class UnsafePictureError(ValueError):
    """The picture's address is neither a web address nor a path in the newsroom."""


def picture_src(source: Source, src: str) -> str:
    """The path or URL of a picture for the article. `src` is relative to the file or, with a
    leading "/", to `content/`.

    Raises:
        UnsafePictureError: its scheme is not http or https, or it cannot be parsed.
        ValueError: it leads outside `content/`.
    """
    try:
        url = safe_url(src)
        parts = urlsplit(url)
    except ValueError:
        raise UnsafePictureError(
            f"{shortened_for_note(src)!r} is not a picture's address"
        ) from None
    if parts.scheme in ("http", "https") and parts.netloc:
        return url
    if parts.scheme or parts.netloc or not parts.path.strip("/"):
        raise UnsafePictureError(f"{shortened_for_note(src)!r} is not a picture's address")
    path = posixpath.join("/", quote(str(source.path.parent)), parts.path)
    # normpath stops at the root, so count the steps up: "a/../b" is fine, "../b" is not.
    for spelled in (path, unquote(path)):
        depth = 0
        for step in spelled.replace("\\", "/").split("/"):
            depth += {"": 0, ".": 0, "..": -1}.get(step, 1)
            if depth < 0:
                raise ValueError(f"the picture {shortened_for_note(src)!r} is outside content/")
    return posixpath.normpath(path).lstrip("/")


def shortened_for_note(text: str, characters: int = 60) -> str:
    """`text`, cut if necessary to fit on one line of a message."""
    folded = " ".join(text[: characters * 2].split())
    return folded if len(folded) <= characters else folded[: characters - 1] + "…"
