"""What an adapter is: an edition in, artifacts out; no clock, no network, no disk of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from syndicate.adapters.edition import Artifact, Edition, Pagination, Part, Subscription
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.findings import Finding
from syndicate.kit import Kit


class Scope(StrEnum):
    """What one rendering covers."""

    ARTICLE = "article"
    """One article each."""
    ROLLING = "rolling"
    """The latest state of all that is selected."""
    EDITION = "edition"
    """A numbered issue, frozen once made, sent once."""
    NEWSROOM = "newsroom"
    """The newsroom's own feeds, no articles."""
    CATALOGUE = "catalogue"
    """What another channel has delivered, no articles."""


class Adapter(BaseModel, ABC):
    """One configured channel: the fields are the keys of `channels/<name>.toml`.

    A subclass with a `scope` field lets the channel choose; `templates` names the folder below
    `templates/` that is looked through after the channel's own. What lint holds articles against:
    `headline` is the number of characters of a title that the channel shows whole, `picture` the
    width in pixels that a picture needs to be sharp across its measure.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ARTICLE,)
    templates: ClassVar[str | None] = None
    headline: ClassVar[int | None] = None
    picture: ClassVar[int | None] = None
    scope: Scope = Scope.ARTICLE

    @abstractmethod
    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The artifacts of `edition`, the same bytes for the same input, wherever it runs.

        Raises:
            RenderError: nothing of this edition can be made.
        """


@runtime_checkable
class Inspects(Protocol):
    """An adapter that can judge what it made. It is asked after every rendering and by
    `syndicate check --channel`; with an error among the findings nothing is stored or leaves."""

    def inspect(
        self, edition: Edition, artifacts: tuple[Artifact, ...], kit: Kit
    ) -> Iterator[Finding]:
        """What is wrong with `artifacts`, which `render` made of `edition`, in a steady order."""


@dataclass(frozen=True)
class Piece:
    """What one article adds to the artifacts of a rolling channel: `content`, which only its
    adapter can read, and the files that it refers to."""

    content: bytes
    artifacts: tuple[Artifact, ...] = ()


@runtime_checkable
class Assembles(Protocol):
    """A rolling adapter that puts its artifacts together from one piece an article.

    The pieces of articles that did not change are kept between runs, so that `piece` is asked for
    the others only, and its `edition` holds no more than that article. `render` gives the same.
    """

    def piece(self, article: Article, edition: Edition, kit: Kit) -> Piece:
        """The piece of `article`; it depends on the other fields of `edition` not at all, but for
        the publication, the channel, its URL, and whether it is for members.

        Raises:
            RenderError: it cannot be made.
        """

    def assemble(self, edition: Edition, pieces: Iterable[bytes], kit: Kit) -> Iterator[Artifact]:
        """The artifacts of `edition` but for those of the pieces, whose contents are given in the
        order of its articles; `edition` holds no articles."""


class Listed(Protocol):
    """What is known of an article before it is rendered."""

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
    """A rolling adapter that makes several documents of what its channel selects."""

    def divide(
        self,
        articles: Sequence[Listed],
        gone: Sequence[Listed],
        latest: Callable[[Sequence[Listed]], int],
        zone: tzinfo,
    ) -> Iterator[tuple[Part, Sequence[Listed], Sequence[Listed]]]:
        """Each part with its articles and with those of `gone` that it had.

        Args:
            articles: all that the channel selects, newest first, whatever its limit.
            gone: what was public and is no more.
            latest: how many of some articles are within the channel's limit.
            zone: the newsroom's, in which days begin.
        """

    def subscription(self, publication: Publication, url: str, part: Part) -> Subscription | None:
        """How people subscribe to `part` of the channel at `url`, None if they do not."""


@runtime_checkable
class Catalogues(Protocol):
    """An adapter that lists what another channel has delivered: `Edition.issues`."""

    @property
    def catalogue_of(self) -> str:
        """The name of that channel."""


@runtime_checkable
class Paginates(Protocol):
    """An adapter whose editions are printed, and which can say on which pages articles begin."""

    def pagination(self, edition: Edition, artifacts: tuple[Artifact, ...]) -> Pagination | None:
        """The pages of `artifacts`, which `render` made of `edition`; None if they bear no
        numbers."""


@runtime_checkable
class NamesPages(Protocol):
    """An adapter that names the pages of another channel's edition: `Edition.pagination`."""

    @property
    def pages_of(self) -> str:
        """The name of that channel, "" for none."""


@runtime_checkable
class Reserves(Protocol):
    """An adapter with a section of its own: no other channel takes the articles in it, unless its
    `[select]` names that section."""

    @property
    def reserved_section(self) -> str:
        """The section's name, "" for none."""
