"""Editions, the input of an adapter, and artifacts, its output."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote, urljoin

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.text import plain
from syndicate.errors import RenderError


@dataclass(frozen=True)
class Withdrawn:
    """An article that was published and then withdrawn, or that expired, at `time`."""

    id: str
    time: datetime


@dataclass(frozen=True)
class GoneArticle:
    """An article that was withdrawn at `time`, for what stands in its place and for lists of
    addresses. Its text is not needed, which may have been erased.

    Args:
        language: of the article; "" if it is not known.
        note: what readers are told; "" for a sentence that gives no reason.
        title: its title, "" unless the newsroom shows that of withdrawn articles.
        files: the name and media type ("" if unknown) of each file that the channel had of it.
        addresses: the absolute URLs at which readers found it, each with whether a notice stands
            there.
    """

    id: str
    slug: str
    time: datetime
    language: str = ""
    note: str = ""
    title: str = ""
    files: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class EditionPart:
    """One of the documents that a rolling channel is divided into.

    In a split channel each part has its own `folder` (a slug) and `subject`. `period` is "" for
    the part that is still growing, or a closed period such as "2026-10". `previous` and `next` are
    the periods before and after it, None where there are none.
    """

    folder: str = ""
    subject: str = ""
    period: str = ""
    previous: str | None = None
    next: str | None = None

    @property
    def key(self) -> str:
        """A key that is unique within the channel; "" if the channel is not divided."""
        return f"{self.folder}/{self.period}" if self.folder else self.period


WHOLE = EditionPart()
"""The only part of a channel that is not divided."""


@dataclass(frozen=True)
class Subscription:
    """A feed that people can subscribe to: `url` is the feed's, `home` the web site's."""

    title: str
    url: str
    home: str
    media_type: str


@dataclass(frozen=True)
class Issued:
    """A file that `channel` has delivered, at the absolute URL `url`.

    `rendering` is the key of its rendering: an edition's number or an article's id. `number` is
    None for an article. `titles` are the titles of its articles in reading order, `date` is the
    date of the newest article, and `size` is in bytes.
    """

    channel: str
    rendering: str
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
    """The printed pages on which articles begin.

    `starts` are pairs of an article's id and the number of the page that it opens, in page order.
    `source` is the name of the printed edition.
    """

    source: str
    starts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Notice:
    """What people are told who have received a version of an article that is wrong.

    `number` counts the matters that people were told of this article. `notes` are (ISO date, text),
    oldest first: what was corrected, or why the article was withdrawn.
    """

    kind: Literal["correction", "withdrawal"]
    number: int
    day: date
    notes: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Its name among the notices about the same article, such as "correction-1"."""
        return f"{self.kind}-{self.number}"

    @property
    def dated_notes(self) -> tuple[tuple[date, str], ...]:
        """The notes with their dates, oldest first."""
        return tuple((date.fromisoformat(day), text) for day, text in self.notes)


@dataclass(frozen=True)
class Amendment:
    """What an edition says about an article of an earlier one: a correction of the day `date`, or
    that it was withdrawn (then `text` is ""). `number` is the last edition that contained it and
    `page` the printed page on which it began, None or "" if that is not known."""

    article: Article
    date: date
    text: str
    number: int | None = None
    page: str = ""


@dataclass(frozen=True)
class Edition:
    """The input of an adapter.

    `articles` are in reading order: newest first unless an editor chose otherwise. `url` is the
    absolute URL, ending in "/", below which the channel's files will be public. `number` counts
    from 1 and is None outside numbered editions. `date` is the newest date of the articles, and
    `since` the date of the previous edition. `revised` are articles from earlier editions that
    have changed since an edition last contained or listed them, in their present form; `appeared`
    has for each of them the number of the edition that contained it, and the page ("" if unknown).

    For rolling channels, `withdrawn` lists the withdrawn articles and `part` says which part this
    is; `members` is true if only members can reach the result. `subscriptions` are all feeds of
    the newsroom, given to channels of the newsroom scope. `issues` are the files of the channel
    that a catalogue lists, newest first, with the files of one book together. `pagination` belongs
    to the printed edition with the same number, for a channel that gives its page numbers. `notice`
    is set if this is about a notice: the only article is the one that it is about. `gone` is the
    withdrawn article in whose place something is made, or, for an adapter that lists them, all.
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
    part: EditionPart = WHOLE
    members: bool = False
    subscriptions: tuple[Subscription, ...] = ()
    issues: tuple[Issued, ...] = ()
    pagination: Pagination | None = None
    notice: Notice | None = None
    appeared: tuple[tuple[str, int, str], ...] = ()
    gone: tuple[GoneArticle, ...] = ()

    @property
    def amendments(self) -> tuple[Amendment, ...]:
        """What has been corrected or withdrawn since the previous edition."""
        return tuple(self._amendments())

    def _amendments(self) -> Iterator[Amendment]:
        zone = self.publication.zone
        places = {id_: (number, page) for id_, number, page in self.appeared}
        nowhere: tuple[int | None, str] = (None, "")
        since = self.since and self.since.astimezone(zone).date()
        for article in self.revised:
            number, page = places.get(article.id, nowhere)
            if article.status == "withdrawn":
                day = article.updated.astimezone(zone).date()
                if since is None or day >= since:
                    yield Amendment(article, day, "", number, page)
                continue
            for one in article.corrections:
                if since is None or one.date >= since:
                    text = " ".join(plain(one.content).split())
                    yield Amendment(article, one.date, text, number, page)

    def url_of(self, name: str) -> str:
        """The absolute URL of this channel's artifact called `name`."""
        return urljoin(self.url, quote(name))


@dataclass(frozen=True)
class Artifact:
    """Finished bytes. `name` is a relative POSIX path, `media_type` is registered with IANA.

    Raises:
        RenderError: `name` is empty, absolute, or leads out of the channel's folder.
    """

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        path = PurePosixPath(self.name)
        if not self.name or path.is_absolute() or ".." in path.parts or "\\" in self.name:
            raise RenderError(f"{self.name!r} cannot be the name of an artifact")

    @cached_property
    def digest(self) -> str:
        """The SHA-256 digest of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Draft(Artifact):
    """An artifact that people edit before it is published; it is stored in `drafts/`.

    Pictures in that folder belong to the draft that shows them and are not drafts themselves. A
    draft that `follows` another artifact is made only after that artifact has been published, as a
    reply to it. `on` is the day of the event that the draft reports.
    """

    follows: str = ""
    on: date | None = None
