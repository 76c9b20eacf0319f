"""What an adapter is given, an edition, and what it makes of it, artifacts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import quote, urljoin

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.errors import RenderError


@dataclass(frozen=True)
class Withdrawn:
    """An article that people had and that is gone: withdrawn or expired at `time`."""

    id: str
    time: datetime


@dataclass(frozen=True)
class Part:
    """One of the documents that a rolling channel is divided into.

    `folder` (a slug) and `subject` tell those of a split channel apart, `period` those of its
    history: "" is the one that goes on, the others are closed, such as "2026-10". `previous` and
    `next` are the periods before and after, None where there is none.
    """

    folder: str = ""
    subject: str = ""
    period: str = ""
    previous: str | None = None
    next: str | None = None

    @property
    def key(self) -> str:
        """What tells the part from all others of its channel: "" for an undivided one."""
        return f"{self.folder}/{self.period}" if self.folder else self.period


WHOLE = Part()
"""The part that an undivided channel is."""


@dataclass(frozen=True)
class Subscription:
    """A feed that people can subscribe to; `url` is its own, `home` that of the web site."""

    title: str
    url: str
    home: str
    media_type: str


@dataclass(frozen=True)
class Issued:
    """A file that `channel` has delivered, at the absolute URL `url`.

    `unit` is an edition's number or an article's id, `number` None for an article; `titles` are
    those of the articles in it, in reading order; `date` is its newest article's, `size` in bytes.
    """

    channel: str
    unit: str
    number: int | None
    date: datetime
    language: str
    titles: tuple[str, ...]
    url: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True)
class Pagination:
    """Where articles begin in print: `starts` are pairs of an article's id and the number on the
    page that it opens, in the order of the pages; `source` is the name of the printed edition."""

    source: str
    starts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Edition:
    """What an adapter is given.

    `articles` are in reading order (newest first unless an editor chose otherwise), `url` is the
    absolute URL, ending in "/", below which the channel's files will be public, `number` counts
    from 1 and is None outside numbered editions, `date` is the newest of the articles' dates,
    `since` that of the edition before. `revised` are articles of earlier editions, as they now
    stand, that changed after the last edition that held or listed them.
    Rolling channels are told what is `withdrawn` and which `part` this is; `members` is true where
    only members can reach what is made. `subscriptions` are all feeds of the newsroom, given to
    channels of that scope, `issues` the files of the channel that a catalogue lists, newest first,
    those of one book together. `pagination` is that of the printed edition with the same number,
    for a channel that names its pages.
    """

    publication: Publication
    channel: str
    url: str
    articles: tuple[Article, ...]
    date: datetime
    number: int | None = None
    since: datetime | None = None
    revised: tuple[Article, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    part: Part = WHOLE
    members: bool = False
    subscriptions: tuple[Subscription, ...] = ()
    issues: tuple[Issued, ...] = ()
    pagination: Pagination | None = None

    def url_of(self, name: str) -> str:
        """The absolute URL of this channel's artifact called `name`."""
        return urljoin(self.url, quote(name))


@dataclass(frozen=True)
class Artifact:
    """Finished bytes. `name` is a relative POSIX path, `media_type` as registered with IANA.

    Raises:
        RenderError: `name` is empty, absolute, or leads out of the channel's folder.
    """

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        path = PurePosixPath(self.name)
        if not self.name or path.is_absolute() or ".." in path.parts or "\\" in self.name:
            raise RenderError(f"{self.name!r} is no name for an artifact")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Draft(Artifact):
    """An artifact that people edit by hand before it may leave; it lives in `drafts/`.

    A picture is none that waits for anybody: it lies there for the draft that shows it. What
    `follows` another artifact is made only once that has been published, as an answer to it; `on`
    is the day of what it says.
    """

    follows: str = ""
    on: date | None = None
