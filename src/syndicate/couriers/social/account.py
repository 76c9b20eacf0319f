"""A post, and the interface of an account that publishes it on a platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from syndicate.couriers.contract import Commit, Receipt
from syndicate.couriers.looking import Seen
from syndicate.errors import RefusedError
from syndicate.kit.pictures import Picture
from syndicate.thread import Card


@dataclass(frozen=True)
class Attachment:
    """A picture of a post, in a size and format that the platform accepts, with its alt text."""

    picture: Picture
    alt: str


@dataclass(frozen=True)
class Post:
    """One post of a thread.

    Args:
        number: its place in the thread, from 1.
        key: unique to this post, and the same at every retry.
        at: when the thread was queued for delivery, or None if that is not known. Nothing of it is
            on the platform from before.
        language: a language tag (BCP 47).
        link: the article's URL.
        card: title and text of the link preview.
        parent: the id of the post that it replies to.
        edits: the id of the public post that gets this text; None if it is a new post.
    """

    number: int
    text: str
    key: str
    at: datetime | None
    language: str | None = None
    link: str = ""
    card: Card | None = None
    attachments: tuple[Attachment, ...] = ()
    parent: str | None = None
    edits: str | None = None


class Account(Protocol):
    """An account on a platform, logged in.

    Raises:
        DeliveryError: the platform certainly did not carry out the request.
        CredentialsError: the platform refuses the credentials.
        RefusedError: the platform will never accept the request.
        PostponedError: the rate limit is reached.
        DuplicateError: the platform already has a post with this text.
        UncertainError: it is not known whether the platform carried out the request.

    All methods can raise these.
    """

    def admit(self, texts: Iterable[str]) -> None:
        """Refuse a thread if the server will not take all of it.

        Raises:
            DeliveryError: one of `texts` is too long here.
        """

    def post(self, post: Post, commit: Commit) -> Receipt:
        """Publish `post`. Call `commit` just before the request that publishes it."""

    def find(self, post: Post) -> Receipt | None:
        """The receipt of `post` if it is on the platform, with exactly this text and as a reply to
        exactly its parent (to none, if it has none), or None if it is not."""

    def look(self, texts: Mapping[str, str | None]) -> Iterator[tuple[str, Seen]]:
        """What people see now of the posts with these ids, of which the account has published
        `texts`; None if that is no longer known."""

    def delete(self, id_: str) -> None:
        """Delete the post that the platform calls `id_`. It is no error if it is gone already."""


class GoneError(RefusedError):
    """The platform has no such post."""


class DuplicateError(RefusedError):
    """The platform already has a post with this text."""
