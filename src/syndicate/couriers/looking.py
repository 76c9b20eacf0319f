"""What a courier sees at its destination now, for `syndicate audit`."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol, runtime_checkable

from syndicate.couriers.contract import Copy, Holds, Place
from syndicate.errors import CredentialsError, DeliveryError, PostponedError

Contents = Callable[[str], bytes]
"""The bytes with a digest, from the store. Raises MissingBlobError if it does not have them."""
_PIECE = 1 << 18  # bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands at the place of a copy.

    Args:
        found: exactly what was delivered ("same"), something else ("changed"), nothing ("gone"),
            something of which it cannot be told whether it is the same ("there"). "unknown": it
            could not be looked at.
        told: what is different, or why it could not be looked at.
    """

    found: Literal["same", "changed", "gone", "there", "unknown"]
    told: str = ""


SAME, GONE = Seen("same"), Seen("gone")


@runtime_checkable
class Looks(Holds, Protocol):
    """A courier that can see what stands where it has delivered something."""

    def look(self, copies: Iterable[Copy], content: Contents) -> Iterator[tuple[Copy, Seen]]:
        """What stands at the place of each of `copies`, in any order. Nothing is changed. Digests
        are compared, not sizes or times.

        Args:
            content: the bytes that were delivered, by their digest, for those who need them.

        Raises:
            DeliveryError: the destination cannot be looked at. What was not yielded was not seen.
            PostponedError: it answers no more questions for now.
        """


@runtime_checkable
class Owns(Protocol):
    """A courier whose folder may be declared to be ours alone, by `owned = true`."""

    def everything(self) -> Iterator[Place]:
        """Every file in that folder; nothing if it is not declared to be ours.

        Raises:
            DeliveryError: it cannot be looked at.
        """


def side_by_side(
    look: Callable[[Copy], Seen], copies: Iterable[Copy], ways: int
) -> Iterator[tuple[Copy, Seen]]:
    """`look` at each of `copies`, at most `ways` of them at once. What fails is "unknown".

    Raises:
        CredentialsError, PostponedError: as `look`; the others would fail as well.
    """
    rest = iter(copies)
    waiting: deque[tuple[Copy, Future[Seen]]] = deque()
    pool = ThreadPoolExecutor(ways, "looks")
    try:
        for copy in rest:
            waiting.append((copy, pool.submit(_or_unknown, look, copy)))
            if len(waiting) >= 4 * ways:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _or_unknown(look: Callable[[Copy], Seen], copy: Copy) -> Seen:
    try:
        return look(copy)
    except (CredentialsError, PostponedError):
        raise
    except DeliveryError as error:
        return Seen("unknown", error.message)


def digest_of_stream(stream: BinaryIO) -> str:
    """The SHA-256 of all that is left of `stream`, which may be larger than the memory."""
    digest = hashlib.sha256()
    while piece := stream.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def compared(digest: str, copy: Copy) -> Seen:
    """What it means that bytes with `digest` stand at the place of `copy`."""
    if copy.digest is None:
        return Seen("there")
    return SAME if digest == copy.digest else Seen("changed", "other bytes")
