"""What an adapter is: an edition in, artifacts out; no clock, no network, no disk of its own."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath
from typing import ClassVar
from urllib.parse import quote, urljoin

from pydantic import BaseModel, ConfigDict

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.errors import RenderError
from syndicate.kit import Kit


class Scope(StrEnum):
    """What one rendering covers."""

    ARTICLE = "article"
    """One article each."""
    ROLLING = "rolling"
    """The latest state of all that is selected."""
    EDITION = "edition"
    """A numbered issue, frozen once made, sent once."""


@dataclass(frozen=True)
class Edition:
    """What an adapter is given.

    `articles` are in reading order (newest first unless an editor chose otherwise), `url` is the
    absolute URL, ending in "/", below which the channel's files will be public, `number` counts
    from 1 and is None outside numbered editions, `date` is the newest of the articles' dates.
    """

    publication: Publication
    channel: str
    url: str
    articles: tuple[Article, ...]
    date: datetime
    number: int | None = None

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


class Draft(Artifact):
    """An artifact that people edit by hand before it may leave; it lives in `drafts/`."""


class Adapter(BaseModel, ABC):
    """One configured channel: the fields are the keys of `channels/<name>.toml`.

    A subclass with a `scope` field lets the channel choose; `templates` names the folder below
    `templates/` that is looked through after the channel's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ARTICLE,)
    templates: ClassVar[str | None] = None
    scope: Scope = Scope.ARTICLE

    @abstractmethod
    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The artifacts of `edition`, the same bytes for the same input, wherever it runs.

        Raises:
            RenderError: nothing of this edition can be made.
        """
