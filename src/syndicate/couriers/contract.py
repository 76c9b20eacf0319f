"""The interface of a courier: it takes deliveries to one destination and reports the result."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from syndicate.errors import DeliveryError
from syndicate.kit.pictures import PictureFolders

if TYPE_CHECKING:
    from syndicate.letter import Subscriber

Commit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One unit on its way to its destination.

    Args:
        unit: what the destination treats as one item: a file name, a recipient, a post.
        digest: the SHA-256 of the bytes.
        content: the file with the bytes of `artifact`.
        artifact: the name of the artifact.
        rendering: the key of the rendering that the artifact belongs to.
        url: the public address of the artifact.
        at: when the delivery was recorded (RFC 3339).
        attempts: how many earlier runs tried it.
        subscriber: the subscriber, if `unit` is the address of one.
        pictures: the pictures that the artifact may refer to.
        above: the receipt of the unit before this one, set when a courier is asked whether this one
            arrived; None if there is none.
    """

    channel: str
    unit: str
    media_type: str
    digest: str
    content: Path
    artifact: str = ""
    rendering: str = ""
    url: str = ""
    at: str = ""
    attempts: int = 0
    subscriber: Subscriber | None = None
    pictures: PictureFolders = field(default_factory=PictureFolders)
    above: Receipt | None = None

    @property
    def run(self) -> str:
        """What `rendering` was called in the release before."""
        warnings.warn("Delivery.run is now Delivery.rendering", DeprecationWarning, stacklevel=2)
        return self.rendering


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the destination answered."""

    remote_id: str
    url: str | None = None


class Place(NamedTuple):
    """Where a delivery stays: an `address` at a `destination`, such as a disk, a bucket or an
    account. Two couriers that write to the same file name the same place."""

    destination: str
    address: str

    def __str__(self) -> str:
        """The place in words. A file of the newsroom is known by its path."""
        if self.destination == "newsroom":
            return self.address
        if self.address.startswith("/"):
            return f"{self.destination}{self.address}"
        return f"{self.address} ({self.destination})"


@dataclass(frozen=True, slots=True)
class Copy:
    """What stands at one place.

    Args:
        unit: see `Delivery`.
        digest: the SHA-256 of the bytes; None if it is not certain what stands there.
        remote_id: what the destination calls it; None if that is not known.
        url: its public address, if it is known.
    """

    place: Place
    channel: str
    artifact: str
    unit: str
    digest: str | None = None
    remote_id: str | None = None
    url: str | None = None


class Courier(BaseModel, ABC):
    """A `[deliver]` table of a channel file, chosen by `via`. Its relative paths start at the
    newsroom's root. The validation context has `root` and the name of the `channel`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    via: ClassVar[str]
    final: ClassVar[bool] = False
    """Whether deliveries go to people and cannot be replaced: an edit does not send them again."""
    members_only: ClassVar[bool] = False
    """Whether only members can reach the deliveries. If so, articles are delivered in full."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _keep_old_name(cls, "stands", "exists")

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        """The units that `artifact` (its `unit` is its name) is delivered as. Empty if this
        destination does not take it. Units are delivered in alphabetical order.

        Args:
            subscribers: the active subscribers of the channel, read from the ledger one by one.
        """
        return (artifact.artifact,)

    @abstractmethod
    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Deliver `delivery`. Call `commit()` at the last moment before anything is sent.

        Any other exception after the commit leaves the delivery uncertain; of a courier that
        `Reconciles` and is not `final`, the next run delivers it again.

        Raises:
            DeliveryError: the destination certainly did not take it; the next run tries again.
            PostponedError: nor does it take anything else for a while; it is left alone meanwhile.
            RefusedError: the destination will never take it.
            UncertainError: it is not known whether the destination took it.
        """


class Journal(Protocol):
    """Where a `DeliversMany` courier records the result of each delivery, from any thread."""

    def commit(self, delivery: Delivery) -> None:
        """Record that `delivery` is about to be sent. The record is on disk when this returns.
        Calls from several threads at the same time are written to disk together.

        Raises:
            LedgerError: it could not be recorded, so the delivery must not be sent.
            Stopped: the run was asked to stop, so the delivery must not be sent.
            HeldBackError: somebody has edited or rejected the artifact, so the delivery must not be
                sent, nor any after it.
        """

    def settle(self, delivery: Delivery, outcome: Receipt | DeliveryError) -> None:
        """Record the result of `delivery`. It is on disk no later than the next commit."""

    def put_back(self, delivery: Delivery) -> None:
        """Record that `delivery` certainly was not taken, and may be tried again."""

    def receipt(self, unit: str) -> Receipt | None:
        """The receipt of another unit of this dispatch, if it was delivered by this run or an
        earlier one."""

    def is_known(self, delivery: Delivery, receipt: Receipt) -> bool:
        """Whether `receipt` is that of another delivery than `delivery`, in this dispatch or any
        other. If so, what was found at the destination is not this delivery."""


@runtime_checkable
class DeliversMany(Protocol):
    """A courier that takes all units of an artifact in one call, so that it can use several
    connections or deliver them in order."""

    def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
        """Deliver `deliveries` in order. Those not settled when this returns stay pending.

        Raises:
            DeliveryError: it had to stop: the destination cannot be reached, or refuses everything.
        """


@runtime_checkable
class Previews(Protocol):
    """A courier that writes to people. Before it does, the recipients are counted and the user is
    asked to confirm."""

    def preview(self, delivery: Delivery) -> bytes:
        """The message that would be sent for `delivery` (RFC 5322).

        Raises:
            DeliveryError: no message can be made from it.
        """


@dataclass(frozen=True)
class Request:
    """An HTTP request as it would be sent. `body` is its JSON or form; values that are too long to
    read are replaced by a short description."""

    method: str
    url: str
    body: Mapping[str, object]


@runtime_checkable
class Rehearses(Protocol):
    """A courier that can show the requests it would send, and their cost."""

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        """See `Courier`."""

    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """The requests that would publish `delivery`, in order. Nothing is sent.

        Raises:
            DeliveryError: it cannot be published in its present form.
        """

    def cost(self, text: str) -> float:
        """The price that the destination charges for posting `text`, in US dollars."""


@runtime_checkable
class PostsThreads(Protocol):
    """A courier that publishes a thread, one delivery for each post. A later thread, such as a
    correction, can continue below the last post."""

    def last_post(self, receipts: Sequence[Receipt]) -> str | None:
        """The id of the last post of a thread, or None if no post was published.

        Args:
            receipts: the receipts of the posts, in order.
        """


@runtime_checkable
class EditsPosts(PostsThreads, Protocol):
    """A courier that can give public posts another text: a draft names them in `edits`."""

    def editable(self, receipts: Sequence[Receipt]) -> tuple[str, ...]:
        """What a draft has to name in `edits` to edit the posts with these receipts."""


@runtime_checkable
class Reconciles(Protocol):
    """A courier that can ask its destination whether an uncertain delivery went out."""

    def find(self, delivery: Delivery) -> Receipt | None:
        """The receipt of `delivery` if it arrived, or None if it certainly did not."""


@runtime_checkable
class Holds(Protocol):
    """A courier whose destination keeps each delivery at a place, where it stays until it is
    replaced or removed. A mail, in contrast, can never be reached again."""

    def place(self, artifact: str, unit: str) -> Place:
        """Where the delivery `unit` of `artifact` stays. Nothing is looked up."""


@runtime_checkable
class Removes(Holds, Protocol):
    """A courier that can remove what it has delivered."""

    def remove(self, copy: Copy, commit: Commit) -> None:
        """Remove `copy`. Call `commit()` at the last moment before. It is no error if nothing
        stands there any more, so a removal that was cut off is carried out again.

        Raises:
            DeliveryError: it may still be there; the next run tries again.
            RefusedError: the destination will never remove it.
        """


@runtime_checkable
class Purges(Protocol):
    """A courier that can tell a cache in front of its destination what has changed."""

    @property
    def has_cache(self) -> bool:
        """Whether there is one."""

    def purge_cache(self, url: str, folder: Path) -> None:
        """Let the cache forget `url`, which was replaced or removed. Doing so twice does no harm.

        Args:
            folder: the newsroom's folder.

        Raises:
            DeliveryError: the cache may still have it; the next run tries again.
        """


@runtime_checkable
class Observes(Protocol):
    """A courier that can cheaply check whether a delivered artifact is still there.

    When such a courier is added to an existing channel, everything rendered before is delivered
    too. Any other courier only delivers what is rendered from then on."""

    def exists(self, unit: str, size: int) -> bool:
        """Whether `unit` is still there with `size` bytes. (Called `stands` in the release
        before, which still works.)"""


def _keep_old_name(courier: type[Courier], old: str, new: str) -> None:
    """Let a `courier` that has the method `old` or `new` also have the other. A class of a plug-in
    may define `old`, and may call it on a class that has only `new`."""
    message = f"Courier.{old} is now Courier.{new}"
    if new in courier.__dict__:
        method: Callable[..., Any] = courier.__dict__[new]

        def renamed(self: Courier, *args: Any) -> Any:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return method(self, *args)

        setattr(courier, old, renamed)
    elif old in courier.__dict__ or (hasattr(courier, old) and not hasattr(courier, new)):
        method = getattr(courier, old)
        code, told = method.__code__, f"{courier.__qualname__}: {message}"
        file, line = code.co_filename, code.co_firstlineno
        warnings.warn_explicit(told, DeprecationWarning, file, line, courier.__module__)
        setattr(courier, new, method)
