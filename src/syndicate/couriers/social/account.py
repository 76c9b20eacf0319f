"""What a post is, and what an account on a platform does with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from syndicate.couriers.contract import Commit, Receipt
from syndicate.errors import DeliveryError, RefusedError
from syndicate.kit.pictures import Picture
from syndicate.thread import Card


@dataclass(frozen=True)
class Attachment:
    """A picture of a post, as its platform takes it, and what there is to see."""

    picture: Picture
    alt: str


@dataclass(frozen=True)
class Post:
    """One post of a thread.

    `key` is the same whenever this post is tried again, and no other's; `at` is when its thread
    was handed over, None if that is not known; `parent` is the receipt of the post that it
    answers; `language` a tag of BCP 47; `link` the article's URL, `card` what a preview of that
    says.
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


class Account(Protocol):
    """Somebody's account on a platform, logged in.

    Every method raises DeliveryError if the platform certainly did not take what it was told,
    CredentialsError and RefusedError as these say, LimitedError and DuplicateError, and
    UncertainError if it cannot be said.
    """

    def admit(self, texts: Iterable[str]) -> None:
        """Refuse a thread that this server will not take whole.

        Raises:
            RefusedError: one of `texts` is too long here.
        """

    def post(self, post: Post, commit: Commit) -> Receipt:
        """Publish `post`, calling `commit` just before the request that does."""

    def find(self, post: Post) -> Receipt | None:
        """The receipt of `post` if it stands, None if it does not."""


class LimitedError(DeliveryError):
    """The platform takes nothing more for some `seconds`, None if it does not say how many."""

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds

    def __reduce__(self) -> tuple[object, ...]:
        return (LimitedError, (self.message, self.seconds))


class DuplicateError(RefusedError):
    """The platform has these words already."""
