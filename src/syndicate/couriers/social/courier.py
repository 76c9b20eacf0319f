"""Publishes the posts of a draft as one thread, in order, each exactly once."""

from __future__ import annotations

import hashlib
import os
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from syndicate.couriers.contract import Commit, Courier, Delivery, Journal, Place, Receipt, Request
from syndicate.couriers.social.account import (
    Account,
    Attachment,
    DuplicateError,
    LimitedError,
    Post,
)
from syndicate.errors import (
    CredentialsError,
    DeliveryError,
    RefusedError,
    RenderError,
    SourceError,
    SyndicateError,
    UncertainError,
)
from syndicate.kit.pictures import PictureFolders
from syndicate.thread import MEDIA_TYPE, ThreadDraft, read_draft

if TYPE_CHECKING:
    from syndicate.letter import Subscriber

T = TypeVar("T")

_PAUSE = 2.0  # seconds before asking a platform whether an uncertain post arrived
_FORMATS = frozenset({"image/jpeg", "image/png"})
_MOST_PICTURES = 4  # that X, Mastodon and Bluesky show with a post
_read = lru_cache(maxsize=8)(read_draft)  # each post needs the whole thread several times


class ThreadCourier(Courier):
    """The base of the couriers for social platforms.

    `timeout` is the limit for one request, `patience` the longest time that a run waits for a rate
    limit to end; both in seconds. Posts that are left go out with the next run.
    """

    final: ClassVar[bool] = True
    platform: ClassVar[str]
    most_picture_bytes: ClassVar[int]
    most_alt: ClassVar[int]

    timeout: float = Field(default=30, gt=0, le=300)
    patience: float = Field(default=120, ge=0, le=3600)
    content: Path | None = Field(default=None, exclude=True)
    """A folder in which pictures are looked up first. It is only used by channel files that already
    set it, since deliveries have their own pictures."""

    @field_validator("content")
    @classmethod
    def _below_root(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path and Path((info.context or {}).get("root", ".")) / path

    @abstractmethod
    def account(self) -> Account:
        """The account, logged in.

        Raises:
            DeliveryError: the platform does not answer, or refuses the credentials.
        """

    @property
    def address(self) -> str:
        """What tells the account from every other of this platform."""
        return ""

    def place(self, artifact: str, unit: str) -> Place:
        """The post `unit` of the thread `artifact` in this account."""
        return Place(f"{self.via}: {self.address}", f"{artifact}/{unit}")

    @abstractmethod
    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """The requests that would publish the post `delivery`. Nothing is sent."""

    def cost(self, text: str) -> float:
        """The price of publishing `text`, in US dollars."""
        return 0.0

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterator[str]:
        """The numbers of the posts: "01", "02" and so on. Empty if `artifact` is not a thread."""
        if artifact.media_type == MEDIA_TYPE:
            for number, _ in enumerate(_thread(artifact).posts, 1):
                yield f"{number:02}"

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Publish one post, as a reply to the post before it."""
        account = self.account()
        post = self._post(delivery, account, lambda _: None)
        return self._publish(account, post, commit)

    def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
        """Publish `deliveries` in order. If a post cannot be published, the run ends there.

        An uncertain post stays uncertain; the next run asks the platform about it.
        """
        account: Account | None = None
        for delivery in deliveries:
            if account is None:
                account = self._patiently(self.account)
                self._patiently(partial(account.admit, _thread(delivery).posts))
            try:
                post = self._patiently(partial(self._post, delivery, account, journal.receipt))
                receipt = self._publish(account, post, partial(journal.commit, delivery))
            except UncertainError as error:
                raise DeliveryError(
                    f"post {delivery.unit}: {error.message}",
                    hint="run the command again: it checks whether the post arrived and continues",
                ) from error
            except DeliveryError as error:
                journal.settle(delivery, error)
                return
            journal.settle(delivery, receipt)

    def last_post(self, receipts: Sequence[Receipt]) -> str | None:
        """The platform's id of the last post."""
        return receipts[-1].remote_id if receipts else None

    def find(self, delivery: Delivery) -> Receipt | None:
        """Ask the platform for the post."""
        return self.account().find(self._bare(delivery))

    def _publish(self, account: Account, post: Post, commit: Commit) -> Receipt:
        """See `Courier.deliver`."""
        committed = False

        def once() -> None:
            nonlocal committed
            if not committed:
                commit()
                committed = True

        try:
            return self._patiently(lambda: account.post(post, once))
        except DuplicateError as error:
            found = self._asked(account, post, error)
            if found is None:
                raise
            return found
        except UncertainError as error:
            if not committed:
                raise DeliveryError(error.message, hint=error.hint) from error
            time.sleep(_PAUSE)
            found = self._asked(account, post, error)
            if found is None:
                raise
            return found

    def _patiently(self, call: Callable[[], T]) -> T:
        """The result of `call`, repeated after each rate limit has ended.

        Raises:
            LimitedError: the wait is longer than `patience`, or the platform does not say how long.
        """
        waited = 0.0
        while True:
            try:
                return call()
            except LimitedError as error:
                if error.seconds is None or waited + error.seconds > self.patience:
                    raise
                waited += error.seconds
                time.sleep(error.seconds)

    def _asked(self, account: Account, post: Post, error: DeliveryError) -> Receipt | None:
        try:
            return account.find(post)
        except DeliveryError as other:
            raise UncertainError(
                f"{error.message}; looking for the post failed too: {other.message}"
            ) from error

    def _post(
        self, delivery: Delivery, account: Account, receipt: Callable[[str], Receipt | None]
    ) -> Post:
        """The post `delivery`, as a reply to the post before it.

        Raises:
            DeliveryError: the post before it is not published, or a picture is missing.
        """
        thread, bare = _thread(delivery), self._bare(delivery)
        parent = thread.reply_to
        if bare.number > 1:
            before = f"{bare.number - 1:02}"
            found = receipt(before) or account.find(self._bare(replace(delivery, unit=before)))
            if found is None:
                raise DeliveryError(
                    f"post {delivery.unit} cannot be posted: post {before} is missing",
                    hint=f"syndicate deliveries resolve {before} --as pending",
                )
            parent = found.remote_id
        return self._whole(delivery, bare, parent)

    def _whole(self, delivery: Delivery, bare: Post, parent: str | None) -> Post:
        thread = _thread(delivery)
        last = bare.number == len(thread.posts)
        return Post(
            number=bare.number,
            text=bare.text,
            key=bare.key,
            at=bare.at,
            language=thread.language,
            link=thread.link if last else "",
            card=thread.card if last else None,
            attachments=self._attachments(delivery) if bare.number == 1 else (),
            parent=parent,
        )

    def _bare(self, delivery: Delivery) -> Post:
        """The post without its pictures and without the posts around it.

        Raises:
            RefusedError: there is no such post.
        """
        posts = _thread(delivery).posts
        if not delivery.unit.isdecimal() or not 1 <= int(delivery.unit) <= len(posts):
            raise RefusedError(f"{delivery.artifact} has no post {delivery.unit!r}")
        number = int(delivery.unit)
        about = "\n".join((delivery.channel, delivery.digest, delivery.at, delivery.unit))
        return Post(
            number=number,
            text=posts[number - 1],
            key=hashlib.sha256(about.encode()).hexdigest(),
            at=datetime.fromisoformat(delivery.at) if delivery.at else None,
        )

    def _attachments(self, delivery: Delivery) -> tuple[Attachment, ...]:
        pictures = delivery.pictures
        if self.content:
            pictures = PictureFolders((self.content, *pictures.folders))
        attachments = []
        for image in _thread(delivery).images[:_MOST_PICTURES]:
            alt = (image.alt or "")[: self.most_alt]
            try:
                picture = pictures.open(image.src, 2048, _FORMATS, self.most_picture_bytes)
            except RenderError as error:
                raise DeliveryError(error.message, hint=error.hint) from error
            attachments.append(Attachment(picture, alt))
        return tuple(attachments)

    def _planned(self, delivery: Delivery) -> Post:
        """The post `delivery`, as a reply to a post that is not published yet."""
        bare = self._bare(delivery)
        before = f"‹id of post {bare.number - 1:02}›" if bare.number > 1 else None
        return self._whole(delivery, bare, before or _thread(delivery).reply_to)


class AccountSecrets:
    """Credentials from environment variables.

    Raises:
        CredentialsError: one or more are not set; the message names all of them.
    """

    def __init__(self, platform: str, *variables: str) -> None:
        self.variables = variables
        missing = [name for name in variables if not os.environ.get(name)]
        if missing:
            sets = " ".join(f"{name}=…" for name in missing)
            raise CredentialsError(
                f"the credentials for {platform} are not set: {', '.join(missing)}",
                hint=f"export {sets}",
            )

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values of the variables, in order."""
        return tuple(os.environ[name] for name in self.variables)


def refused_credentials(platform: str, variables: Iterable[str], reason: str) -> CredentialsError:
    """The error for wrong or revoked credentials; `reason` is the platform's answer."""
    names = ", ".join(variables)
    hint = f"create new credentials in the settings of {platform}, then set {names}"
    return CredentialsError(f"{platform} refused the credentials: {reason}", hint=hint)


def seconds_until_reset(moment: float | None) -> float | None:
    """The seconds from now to `moment` (seconds since the epoch), at least 1."""
    return None if moment is None else max(1.0, moment - time.time())


def _thread(delivery: Delivery) -> ThreadDraft:
    try:
        return _read(delivery.content.read_bytes(), delivery.artifact)
    except SourceError as error:
        raise RefusedError(error.message, where=error.where, hint=error.hint) from error
    except SyndicateError as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise DeliveryError(f"{delivery.artifact}: {error.strerror or error}") from error
