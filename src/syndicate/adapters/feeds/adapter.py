"""What the RSS, Atom and JSON Feed adapters share: their options and their rendering."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import PurePosixPath
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote, urljoin, urlsplit

from pydantic import AfterValidator, Field

from syndicate.adapters.contract import Adapter, ListedArticle, Piece, Scope
from syndicate.adapters.edition import Artifact, Edition, EditionPart, Subscription, Withdrawn
from syndicate.adapters.feeds.division import FeedDivision, Period, Split
from syndicate.adapters.feeds.entry import FeedEntry, entry_of
from syndicate.adapters.web.addresses import article_uri, web_uri
from syndicate.adapters.web.pictures import WebPicture, WebPictures
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.values import Line, Url
from syndicate.kit import Kit
from syndicate.tokens import PLACEHOLDER


def _http(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("must be an absolute http(s) URL such as 'https://hub.example.org/'")
    return url


def _comments(pattern: str) -> str:
    if "{url}" not in pattern:
        raise ValueError("must contain {url}, as in '{url}#comments'")
    _http(pattern.replace("{url}", "https://example.org/"))
    return pattern


@dataclass(frozen=True)
class FeedHead:
    """The metadata of a feed document; every URL is absolute and in ASCII.

    `url` is the URL of this document, `current` of the document that people subscribe to, and
    `previous` and `next` of the archives before and after it (RFC 5005). `style_sheet` is a
    relative URL.
    """

    publication: Publication
    title: str
    description: str
    home: str
    url: str
    current: str
    previous: str | None
    next: str | None
    hub: str | None
    logo: WebPicture | None
    updated: datetime
    withdrawn: tuple[Withdrawn, ...]
    style_sheet: str

    @property
    def archived(self) -> bool:
        """Whether this document is a closed part of the feed's history."""
        return self.url != self.current


class FeedAdapter(Adapter):
    """A rolling feed. Its files are the feed, `media/` and, for XML, a style sheet.

    `title` and `description` default to the publication's. `content` is the whole article or its
    summary, `file` the name of the feed, `hub` the URL of a WebSub hub, and `comments` the address
    where an article is discussed (`{url}` is replaced by the article's URL). `archive` keeps every
    published entry available, in one closed document per period (RFC 5005). `split` makes one feed
    for each tag, section or author, each in its own folder.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ROLLING,)
    templates: ClassVar[str | None] = "feed"
    headline: ClassVar[int | None] = 110  # Google News cuts longer ones
    media_type: ClassVar[str]
    logo_width: ClassVar[int]

    scope: Literal[Scope.ROLLING] = Scope.ROLLING
    title: Line | None = None
    description: Line | None = None
    content: Literal["full", "summary"] = "full"
    file: str = Field(pattern=r"^\w[\w.-]*$")
    hub: Annotated[Url, AfterValidator(_http)] | None = None
    comments: Annotated[str, AfterValidator(_comments)] | None = None
    archive: Period | None = None
    split: Split | None = None

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The pictures and the style sheet, then the feed that refers to them.

        Raises:
            RenderError: a template fails.
        """
        pieces = [self.piece(article, edition, kit) for article in _distinct(edition.articles, kit)]
        files = {file.name: file for piece in pieces for file in piece.artifacts}
        yield from files.values()
        yield from self.assemble(edition, (piece.content for piece in pieces), kit)

    def piece(self, article: Article, edition: Edition, kit: Kit) -> Piece:
        """The entry of `article` in this feed's format, and its pictures.

        Raises:
            RenderError: a template fails.
        """
        pictures = WebPictures(edition, kit)
        entry = entry_of(article, edition, kit, pictures, full=self.content == "full")
        if self.comments:
            discussion = web_uri(self.comments.replace("{url}", entry.article.url))
            entry = replace(entry, comments=discussion)
        return Piece(self.write_entry(entry), tuple(pictures.artifacts.values()))

    def assemble(self, edition: Edition, pieces: Iterable[bytes], kit: Kit) -> Iterator[Artifact]:
        """The logo and the style sheet, then the feed of `pieces`.

        Raises:
            RenderError: a template fails.
        """
        pictures = WebPictures(edition, kit)
        head = self._head(edition, pictures)
        yield from pictures.artifacts.values()
        yield from self.companions(head, kit)
        name = self._name(edition.part, members=edition.members)
        yield Artifact(name, self.media_type, self.write(head, pieces))

    def divide(
        self,
        articles: Sequence[ListedArticle],
        gone: Sequence[ListedArticle],
        latest: Callable[[Sequence[ListedArticle]], int],
        zone: tzinfo,
    ) -> Iterator[tuple[EditionPart, Sequence[ListedArticle], Sequence[ListedArticle]]]:
        """One part, or a part for each value of `split` and each period of `archive`."""
        return FeedDivision(self.split, self.archive).divided(articles, gone, latest, zone)

    def subscription(
        self, publication: Publication, url: str, part: EditionPart
    ) -> Subscription | None:
        """How to subscribe to `part` of the channel at `url`; None for an archive."""
        if part.period:
            return None
        place = urljoin(url, quote(self._name(part)))
        title = self._title(publication, part)
        return Subscription(title, web_uri(place), web_uri(publication.base_url), self.media_type)

    @abstractmethod
    def write_entry(self, entry: FeedEntry) -> bytes:
        """`entry` in the feed's format."""

    @abstractmethod
    def write(self, head: FeedHead, entries: Iterable[bytes]) -> bytes:
        """The feed document; `entries` are results of `write_entry` in the feed's order."""

    def companions(self, head: FeedHead, kit: Kit) -> Iterator[Artifact]:
        """Further files that are published with the feed."""
        return iter(())

    def _name(self, part: EditionPart, *, members: bool = False) -> str:
        """The file name of `part`; in a feed for members, each member has their own folder."""
        file = PurePosixPath(self.file)
        name = f"{file.stem}-{part.period}{file.suffix}" if part.period else file.name
        name = f"{part.folder}/{name}" if part.folder else name
        return f"{PLACEHOLDER}/{name}" if members else name

    def _title(self, publication: Publication, part: EditionPart) -> str:
        title = self.title or publication.title
        return f"{title}: {part.subject}" if part.subject else title

    def _head(self, edition: Edition, pictures: WebPictures) -> FeedHead:
        publication, part = edition.publication, edition.part
        title = self._title(publication, part)

        def url(period: str) -> str:
            name = self._name(replace(part, period=period), members=edition.members)
            return web_uri(edition.url_of(name))

        return FeedHead(
            publication=publication,
            title=title,
            description=self.description or publication.description or title,
            home=web_uri(publication.base_url),
            url=url(part.period),
            current=url(""),
            previous=None if part.previous is None else url(part.previous),
            next=None if part.next is None else url(part.next),
            hub=web_uri(self.hub) if self.hub and not part.period else None,
            logo=pictures.logo(self.logo_width),
            updated=edition.date,
            withdrawn=tuple(replace(gone, id=article_uri(gone.id)) for gone in edition.withdrawn),
            style_sheet="../" * (bool(part.folder) + edition.members) + "feed.css",
        )


def _distinct(articles: tuple[Article, ...], kit: Kit) -> Iterator[Article]:
    """`articles` without duplicate ids, since feed readers treat those as one entry.

    The first article with an id is kept.
    """
    seen = set()
    for article in articles:
        if article.id in seen:
            kit.lossy(article, "article", "another article of this feed has the same id")
        else:
            seen.add(article.id)
            yield article
