"""What a courier is: it takes deliveries to one destination and says what became of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from syndicate.errors import DeliveryError
from syndicate.kit.pictures import PictureFolders

if TYPE_CHECKING:
    from syndicate.letter import Subscriber

Commit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One unit on its way: `unit` is what the destination keeps apart (a file name, a recipient,
    a post), `content` the file that holds the bytes of `artifact`, `digest` their SHA-256.

    `run` is the rendering that they belong to, `url` where the artifact is public, `at` when it
    was recorded (RFC 3339), `attempts` how often earlier runs tried, `subscriber` who is behind a
    unit that is the address of one, `pictures` are those that the artifact may name.
    """

    channel: str
    unit: str
    media_type: str
    digest: str
    content: Path
    artifact: str = ""
    run: str = ""
    url: str = ""
    at: str = ""
    attempts: int = 0
    subscriber: Subscriber | None = None
    pictures: PictureFolders = field(default_factory=PictureFolders)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the destination answered."""

    remote_id: str
    url: str | None = None


class Courier(BaseModel, ABC):
    """A `[deliver]` table, chosen by `via`. Relative paths in it start at the newsroom's root,
    which stands in the validation context as `root`, beside `channel`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    via: ClassVar[str]
    final: ClassVar[bool] = False
    """Whether it goes out to people: what they have is not sent again because it was edited."""
    members_only: ClassVar[bool] = False
    """Whether none but members can reach what it delivers; then articles are given whole."""

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        """The units that `artifact` (its `unit` is its name) becomes here, none if it is nothing
        for this destination. They are delivered in the order of their text.

        Args:
            subscribers: the active ones of the channel, read from the ledger as they are asked for.
        """
        return (artifact.artifact,)

    @abstractmethod
    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Do the work, calling `commit()` at the last instant at which nothing has left yet.

        Whatever else it raises after the commit leaves the delivery uncertain.

        Raises:
            DeliveryError: the destination certainly did not take it; the next run tries again.
            RefusedError: it never will.
            UncertainError: it cannot be said.
        """


class Journal(Protocol):
    """Where a courier that delivers many notes what becomes of each, from any thread."""

    def commit(self, delivery: Delivery) -> None:
        """Note that `delivery` is about to leave. It is on disk when this returns; what several
        threads note at once goes to disk at once.

        Raises:
            LedgerError: it could not be noted: nothing may leave.
        """

    def settle(self, delivery: Delivery, outcome: Receipt | DeliveryError) -> None:
        """Note what became of `delivery`; it is on disk no later than the next commit."""

    def receipt(self, unit: str) -> Receipt | None:
        """The receipt of another unit of this dispatch, if it was delivered, even by another
        run."""


@runtime_checkable
class DeliversMany(Protocol):
    """A courier that takes all units of an artifact, over several connections or in order."""

    def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
        """Take `deliveries` out as they come. What is not settled when this returns stays pending.

        Raises:
            DeliveryError: it went no further: the destination is out of reach, or refuses all.
        """


@runtime_checkable
class Previews(Protocol):
    """A courier that writes to people: they are counted, and somebody is asked, before it does."""

    def preview(self, delivery: Delivery) -> bytes:
        """The message that `delivery` will be (RFC 5322).

        Raises:
            DeliveryError: there is none.
        """


@dataclass(frozen=True)
class Request:
    """An HTTP request as it would be sent: `body` is its JSON or form, with words in place of
    what is too long to read."""

    method: str
    url: str
    body: Mapping[str, object]


@runtime_checkable
class Rehearses(Protocol):
    """A courier that can tell what it would do, and what that costs."""

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        """See `Courier`."""

    def requests(self, delivery: Delivery) -> Iterator[Request]:
        """What would be sent to publish `delivery`, in order; nothing is.

        Raises:
            DeliveryError: it cannot be published like this.
        """

    def cost(self, text: str) -> float:
        """What the destination charges for `text`, in US dollars."""


@runtime_checkable
class PostsThreads(Protocol):
    """A courier that publishes a thread, each of its posts a delivery, and that a later thread can
    continue below the last one: a correction does."""

    def last_post(self, receipts: Sequence[Receipt]) -> str | None:
        """The id of the last post of a thread, None if it has none.

        Args:
            receipts: those of the thread's posts, in their order.
        """


@runtime_checkable
class Reconciles(Protocol):
    """A courier that can ask its destination whether an uncertain delivery went out."""

    def find(self, delivery: Delivery) -> Receipt | None:
        """The receipt of `delivery` if it arrived, None if it certainly did not."""


@runtime_checkable
class Observes(Protocol):
    """A courier that can see at almost no cost whether what it delivered still stands. One that is
    added to a channel later brings it up to date; any other takes what is rendered from then on."""

    def stands(self, unit: str, size: int) -> bool:
        """Whether `unit` is still there with `size` bytes."""
