"""The adapter interface: an edition in, artifacts out, without clock, network or disk access."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from syndicate.adapters.edition import Artifact, Edition, EditionPart, Pagination, Subscription
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.findings import Finding
from syndicate.kit import Kit


class Scope(StrEnum):
    """What one rendering covers."""

    ARTICLE = "article"
    """A single article."""
    ROLLING = "rolling"
    """The latest state of all selected articles."""
    EDITION = "edition"
    """A numbered issue, frozen once made, sent once."""
    NEWSROOM = "newsroom"
    """The newsroom's own feeds; no articles."""
    CATALOGUE = "catalogue"
    """What another channel has delivered; no articles."""


class Adapter(BaseModel, ABC):
    """One configured channel: the fields are the keys of `channels/<name>.toml`.

    A subclass with a `scope` field lets the channel choose its scope. `templates` names the folder
    below `templates/` that is searched after the channel's own. Lint checks articles against two
    limits: `headline` is the longest title, in characters, that the channel shows in full, and
    `picture` is the width in pixels that a picture needs to look sharp at full measure.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ARTICLE,)
    templates: ClassVar[str | None] = None
    headline: ClassVar[int | None] = None
    picture: ClassVar[int | None] = None
    amends: ClassVar[bool] = False
    """Whether a numbered edition names what was corrected or withdrawn of earlier ones."""
    lists_gone: ClassVar[bool] = False
    """Whether it lists the addresses of withdrawn articles (`Edition.gone`)."""
    scope: Scope = Scope.ARTICLE

    @abstractmethod
    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The artifacts of `edition`. The same input gives the same bytes on every machine.

        Raises:
            RenderError: the edition cannot be rendered.
        """


@runtime_checkable
class Inspects(Protocol):
    """An adapter that can check its own output.

    It is called after every rendering and by `syndicate check --channel`. If any finding is an
    error, nothing is stored or delivered.
    """

    def inspect(
        self, edition: Edition, artifacts: tuple[Artifact, ...], kit: Kit
    ) -> Iterator[Finding]:
        """Problems in `artifacts`, which `render` made from `edition`, always in the same order."""


@dataclass(frozen=True)
class Piece:
    """One article's part of a rolling channel's artifacts.

    Only the adapter that made `content` can read it; `artifacts` are the files it refers to.
    """

    content: bytes
    artifacts: tuple[Artifact, ...] = ()


@runtime_checkable
class Assembles(Protocol):
    """A rolling adapter that assembles its artifacts from one piece per article.

    Pieces of unchanged articles are cached between runs, so `piece` is called only for the others,
    with an `edition` that contains just that article. `render` gives the same result.
    """

    def piece(self, article: Article, edition: Edition, kit: Kit) -> Piece:
        """The piece of `article`.

        It may depend on these fields of `edition` only: the publication, the channel, its URL, and
        whether it is for members.

        Raises:
            RenderError: the piece cannot be made.
        """

    def assemble(self, edition: Edition, pieces: Iterable[bytes], kit: Kit) -> Iterator[Artifact]:
        """The artifacts of `edition`, except those that the pieces bring.

        `pieces` are the contents of the pieces in the order of the articles; `edition` itself
        contains no articles.
        """


class ListedArticle(Protocol):
    """What is known about an article before it is rendered."""

    @property
    def id(self) -> str: ...
    @property
    def section(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def published(self) -> datetime: ...


@runtime_checkable
class Divides(Protocol):
    """A rolling adapter that splits its channel's articles into several documents."""

    def divide(
        self,
        articles: Sequence[ListedArticle],
        gone: Sequence[ListedArticle],
        latest: Callable[[Sequence[ListedArticle]], int],
        zone: tzinfo,
    ) -> Iterator[tuple[EditionPart, Sequence[ListedArticle], Sequence[ListedArticle]]]:
        """Each part with its articles, and the withdrawn articles that it used to contain.

        Args:
            articles: all that the channel selects, newest first, regardless of its limit.
            gone: articles that were public and no longer are.
            latest: says how many of the given articles are within the channel's limit.
            zone: the newsroom's time zone, which decides when a day begins.
        """

    def subscription(
        self, publication: Publication, url: str, part: EditionPart
    ) -> Subscription | None:
        """How to subscribe to `part` of the channel at `url`; None if that is not possible."""


@runtime_checkable
class Catalogues(Protocol):
    """An adapter that lists what another channel has delivered (`Edition.issues`)."""

    @property
    def catalogue_of(self) -> str:
        """The name of that channel."""


@runtime_checkable
class Paginates(Protocol):
    """An adapter for print that knows on which page each article begins."""

    def pagination(self, edition: Edition, artifacts: tuple[Artifact, ...]) -> Pagination | None:
        """The page numbers of `artifacts`, which `render` made from `edition`.

        None if the pages have no numbers.
        """


@runtime_checkable
class NamesPages(Protocol):
    """An adapter that prints the page numbers of another channel's edition."""

    @property
    def pages_of(self) -> str:
        """The name of that channel, whose pages `Edition.pagination` gives; "" for none."""


@runtime_checkable
class WritesNotices(Protocol):
    """An adapter that can tell people of a correction or a withdrawal apart from the article: in a
    letter, or below the posts that they have seen."""

    def write_notice(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The artifacts that tell people `edition.notice` about the only article of `edition`.

        Raises:
            RenderError: the notice cannot be rendered.
        """


@runtime_checkable
class Cancels(Protocol):
    """An adapter of single articles whose format can say that an article is withdrawn. What it
    writes replaces what stood there; it never contains the text."""

    def cancel(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """What stands in the place of the only article of `edition.gone`, under the names of its
        `files`.

        Raises:
            RenderError: it cannot be rendered.
        """


@runtime_checkable
class Reserves(Protocol):
    """An adapter with a section of its own.

    Other channels leave out the articles in that section unless their `[select]` names it.
    """

    @property
    def reserved_section(self) -> str:
        """The section's name; "" for none."""
