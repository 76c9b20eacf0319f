"""What a courier is: one delivery at a time to one kind of destination."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

Commit = Callable[[], None]


@dataclass(frozen=True)
class Delivery:
    """One unit on its way: `unit` is what the destination keeps apart (a file name, a recipient,
    a post), `content` the file that holds its bytes, `digest` their SHA-256."""

    channel: str
    unit: str
    media_type: str
    digest: str
    content: Path


@dataclass(frozen=True)
class Receipt:
    """What the destination answered."""

    remote_id: str
    url: str | None = None


class Courier(BaseModel, ABC):
    """A `[deliver]` table, chosen by `via`. Relative paths in it start at the newsroom's root,
    which stands in the validation context as `root`, beside `channel`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    via: ClassVar[str]

    @abstractmethod
    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Do the work, calling `commit()` at the last instant at which nothing has left yet.

        Raises:
            DeliveryError: the destination did not take it.
        """


@runtime_checkable
class Reconciles(Protocol):
    """A courier that can ask its destination whether an uncertain delivery went out."""

    def find(self, delivery: Delivery) -> Receipt | None:
        """The receipt of `delivery` if it arrived, None if it certainly did not."""


@runtime_checkable
class Observes(Protocol):
    """A courier that can see at almost no cost whether what it delivered still stands."""

    def stands(self, unit: str, size: int) -> bool:
        """Whether `unit` is still there with `size` bytes."""
