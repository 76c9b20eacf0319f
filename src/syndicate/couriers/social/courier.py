"""Publishes the posts of a draft as one thread, in order, each exactly once."""

from __future__ import annotations

import hashlib
import re
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator

from syndicate.couriers.contract import (
    Commit,
    Copy,
    Courier,
    Delivery,
    EditsPosts,
    Journal,
    Place,
    Receipt,
    Request,
)
from syndicate.couriers.looking import Contents, Seen
from syndicate.couriers.social.account import (
    Account,
    Attachment,
    DuplicateError,
    Post,
)
from syndicate.couriers.social.alone import Alone
from syndicate.couriers.social.deletion import delete_post
from syndicate.couriers.social.limits import patiently
from syndicate.couriers.social.looking import look_at_posts
from syndicate.errors import (
    DeliveryError,
    PostponedError,
    RefusedError,
    RenderError,
    SourceError,
    SyndicateError,
    UncertainError,
)
from syndicate.thread import MEDIA_TYPE, ThreadDraft, read_draft

if TYPE_CHECKING:
    from syndicate.letter import Subscriber

T = TypeVar("T")

_EDIT = re.compile(r"\.edit-\d+(?=\.md$)")  # in the name of a draft that edits the thread
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
    _deleting: Account | None = PrivateAttr(None)  # platforms limit how often one may log in

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
        """The post `unit` of the thread `artifact` in this account; that is where its edits are."""
        artifact = _EDIT.sub("", artifact)
        return Place(f"{self.via}: {self.address}", f"{artifact}/{unit}")

    def look(self, copies: Iterable[Copy], content: Contents) -> Iterator[tuple[Copy, Seen]]:
        """Each post as the platform shows it now."""
        account = self._patiently(self.account)
        yield from look_at_posts(account, copies, content, self.patience)

    def remove(self, copy: Copy, commit: Commit) -> None:
        """Delete the post. See `Removes`."""
        if self._deleting is None:
            self._deleting = self.account()
        delete_post(self._deleting, copy, commit)

    @abstractmethod
    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """The requests that would publish the post `delivery`. Nothing is sent."""

    def cost(self, text: str) -> float:
        """The price of publishing `text`, in US dollars."""
        return 0.0

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterator[str]:
        """The numbers of the posts: "01", "02" and so on. Empty if `artifact` is not a thread."""
        if artifact.media_type == MEDIA_TYPE:
            yield from _thread(artifact).units

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Publish one post, as a reply to the post before it."""
        account = self.account()
        alone = Alone(commit)
        return self._publish(account, self._post(delivery, account, alone), delivery, alone)

    def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
        """Publish `deliveries` in order. If a post cannot be published, the run ends there.

        An uncertain post stays uncertain; the next run asks the platform about it.

        Raises:
            PostponedError: the rate limit is reached, and ends too late to wait for it.
        """
        account: Account | None = None
        for delivery in deliveries:
            try:
                if account is None:
                    account = self._admitted(delivery)
                post = self._patiently(partial(self._post, delivery, account, journal))
                receipt = self._publish(account, post, delivery, journal)
            except UncertainError as error:
                raise DeliveryError(
                    f"post {delivery.unit}: {error.message}",
                    hint="run the command again: it checks whether the post arrived and continues",
                ) from error
            except PostponedError as error:
                raise PostponedError(
                    f"post {delivery.unit}: {error.message}", error.seconds
                ) from error
            except DeliveryError as error:
                journal.settle(delivery, error)
                return
            journal.settle(delivery, receipt)

    def _admitted(self, delivery: Delivery) -> Account:
        """The account, if it takes the whole thread."""
        account = self._patiently(self.account)
        self._patiently(partial(account.admit, _thread(delivery).posts))
        return account

    def last_post(self, receipts: Sequence[Receipt]) -> str | None:
        """The platform's id of the last post."""
        return receipts[-1].remote_id if receipts else None

    def find(self, delivery: Delivery) -> Receipt | None:
        """Ask the platform for the post, below the post before it."""
        account, post = self.account(), self._bare(delivery)
        if post.edits:
            return account.find(post)
        if delivery.above:
            parent: str | None = delivery.above.remote_id
        else:
            parent = self._parent(delivery, post.number, account, Alone(lambda: None))
        return account.find(replace(post, parent=parent))

    def _publish(
        self, account: Account, post: Post, delivery: Delivery, journal: Journal
    ) -> Receipt:
        """See `Courier.deliver`."""
        committed = False

        def commit() -> None:
            nonlocal committed
            journal.commit(delivery)
            committed = True

        def attempt() -> Receipt:
            nonlocal committed
            try:
                return account.post(post, commit)
            except PostponedError:
                if committed:  # it was certainly not taken, and may be stopped while this waits
                    journal.put_back(delivery)
                    committed = False
                raise

        try:
            return self._patiently(attempt)
        except DuplicateError as error:
            found = self._asked(account, post, delivery, journal, error)
            if found is None:
                raise
            return found
        except UncertainError as error:
            if not committed:
                raise DeliveryError(error.message, hint=error.hint) from error
            time.sleep(_PAUSE)
            found = self._asked(account, post, delivery, journal, error)
            if found is None:
                raise
            return found

    def _patiently(self, call: Callable[[], T]) -> T:
        return patiently(call, self.patience)

    def _asked(
        self,
        account: Account,
        post: Post,
        delivery: Delivery,
        journal: Journal,
        error: DeliveryError,
    ) -> Receipt | None:
        """The receipt of the post if the platform has it, and if no other delivery is known to be
        that post."""
        try:
            found = account.find(post)
        except DeliveryError as other:
            raise UncertainError(
                f"{error.message}; looking for the post failed too: {other.message}"
            ) from error
        is_other = found and not post.edits and journal.is_known(delivery, found)
        return None if is_other else found

    def _post(self, delivery: Delivery, account: Account, journal: Journal) -> Post:
        """The post `delivery`, as a reply to the post before it.

        Raises:
            DeliveryError: the post before it is not published, or a picture is missing.
        """
        bare = self._bare(delivery)
        if bare.edits:
            return bare
        parent = self._parent(delivery, bare.number, account, journal)
        return self._whole(delivery, bare, parent)

    def _parent(
        self, delivery: Delivery, number: int, account: Account, journal: Journal
    ) -> str | None:
        """The id of the post that post `number` replies to."""
        if number == 1:
            return _thread(delivery).reply_to
        above = replace(delivery, unit=f"{number - 1:02}")
        found = journal.receipt(above.unit)
        if found is None:  # somebody has settled it by hand
            bare = self._bare(above)
            parent = self._parent(delivery, bare.number, account, journal)
            found = account.find(replace(bare, parent=parent))
        if found is None or journal.is_known(above, found):
            raise DeliveryError(
                f"post {delivery.unit} cannot be posted: post {above.unit} is missing",
                hint=f"to leave the thread as it is: syndicate drafts close {delivery.artifact}",
            )
        return found.remote_id

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
        posts, edits = _thread(delivery).posts, _thread(delivery).edits
        if not delivery.unit.isdecimal() or not 1 <= int(delivery.unit) <= len(posts):
            raise RefusedError(f"{delivery.artifact} has no post {delivery.unit!r}")
        if edits and (len(edits) != len(posts) or not isinstance(self, EditsPosts)):
            raise RefusedError(f"{delivery.artifact} cannot edit post {delivery.unit!r}")
        number = int(delivery.unit)
        about = "\n".join((delivery.channel, delivery.digest, delivery.at, delivery.unit))
        return Post(
            number=number,
            text=posts[number - 1],
            key=hashlib.sha256(about.encode()).hexdigest(),
            at=datetime.fromisoformat(delivery.at) if delivery.at else None,
            edits=edits[number - 1] if edits else None,
        )

    def _attachments(self, delivery: Delivery) -> tuple[Attachment, ...]:
        pictures = delivery.pictures
        if self.content:
            pictures = replace(pictures, folders=(self.content, *pictures.folders))
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
        if bare.edits:
            return bare
        before = f"‹id of post {bare.number - 1:02}›" if bare.number > 1 else None
        return self._whole(delivery, bare, before or _thread(delivery).reply_to)


def _thread(delivery: Delivery) -> ThreadDraft:
    try:
        return _read(delivery.content.read_bytes(), delivery.artifact)
    except SourceError as error:
        raise RefusedError(error.message, where=error.where, hint=error.hint) from error
    except SyndicateError as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise DeliveryError(f"{delivery.artifact}: {error.strerror or error}") from error
