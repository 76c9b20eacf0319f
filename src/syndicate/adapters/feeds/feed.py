"""The channel that RSS, Atom and JSON Feed have in common: its options and its rendering."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from syndicate.adapters.contract import Adapter, Artifact, Edition, Scope
from syndicate.adapters.feeds.addresses import uri
from syndicate.adapters.feeds.entry import Entry, entry_of
from syndicate.adapters.feeds.pictures import Media, Pictures
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.values import Line, Url
from syndicate.kit import Kit


def _http(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("must be an absolute http(s) URL such as 'https://hub.example.org/'")
    return url


@dataclass(frozen=True)
class Head:
    """What a feed says about itself; every URL is absolute and in ASCII."""

    publication: Publication
    title: str
    description: str
    home: str
    url: str
    hub: str | None
    logo: Media | None
    updated: datetime


class Feed(Adapter):
    """A rolling feed. Its files: the feed, `media/` and, for XML, the style sheet.

    `title` and `description` are the publication's unless given, `content` is the whole article
    or its summary, `file` the feed's name, `hub` the URL of a WebSub hub.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ROLLING,)
    templates: ClassVar[str | None] = "feed"
    media_type: ClassVar[str]
    logo_width: ClassVar[int]

    scope: Literal[Scope.ROLLING] = Scope.ROLLING
    title: Line | None = None
    description: Line | None = None
    content: Literal["full", "summary"] = "full"
    file: str = Field(pattern=r"^\w[\w.-]*$")
    hub: Annotated[Url, AfterValidator(_http)] | None = None

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The pictures, the style sheet, then the feed that refers to them.

        Raises:
            RenderError: a template fails.
        """
        pictures = Pictures(edition, kit)
        head = self._head(edition, pictures)
        entries = [
            entry_of(article, edition, kit, pictures, full=self.content == "full")
            for article in _distinct(edition.articles, kit)
        ]
        yield from pictures.artifacts.values()
        yield from self.companions(head, kit)
        yield Artifact(self.file, self.media_type, self.write(head, entries))

    @abstractmethod
    def write(self, head: Head, entries: list[Entry]) -> bytes:
        """The feed itself, `entries` in their order."""

    def companions(self, head: Head, kit: Kit) -> Iterator[Artifact]:
        """Files that belong beside the feed."""
        return iter(())

    def _head(self, edition: Edition, pictures: Pictures) -> Head:
        publication = edition.publication
        title = self.title or publication.title
        return Head(
            publication=publication,
            title=title,
            description=self.description or publication.description or title,
            home=uri(publication.base_url),
            url=uri(edition.url_of(self.file)),
            hub=uri(self.hub) if self.hub else None,
            logo=pictures.logo(self.logo_width),
            updated=edition.date,
        )


def _distinct(articles: tuple[Article, ...], kit: Kit) -> Iterator[Article]:
    """A reader takes two entries of one id for one; the first stands."""
    seen = set()
    for article in articles:
        if article.id in seen:
            kit.lossy(article, "article", "another article of this feed has the same id")
        else:
            seen.add(article.id)
            yield article
