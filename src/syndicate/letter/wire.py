"""Merge text as quoted-printable bytes: fixed text is encoded once, values for each recipient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.letter.merge import Merge, MergeField, escape_merged
from syndicate.letter.quoted_printable import quoted_printable, quoted_printable_value
from syndicate.letter.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class WireValue:
    """A field whose value is still to be written; `escaped` says that it is inside HTML."""

    field: MergeField
    escaped: bool


@dataclass(frozen=True, slots=True)
class WireChoice:
    """Bytes for subscribers with `tag` or, if not `wanted`, for subscribers without it."""

    tag: str
    wanted: bool
    wire: Wire


Wire = tuple[bytes | WireValue | WireChoice, ...]


def encode_merge(merge: Merge, *, escaped: bool) -> Wire:
    """`merge`, prepared for `write_encoded`; `escaped` says that it is HTML."""
    return tuple(_encoded(merge, escaped))


def _encoded(merge: Merge, escaped: bool) -> Iterator[bytes | WireValue | WireChoice]:
    for piece in merge:
        if isinstance(piece, str):
            yield quoted_printable(piece)
        elif isinstance(piece, MergeField):
            yield WireValue(piece, escaped)
        else:
            yield WireChoice(piece.tag, piece.wanted, encode_merge(piece.pieces, escaped=escaped))


def write_encoded(wire: Wire, subscriber: Subscriber, out: list[bytes]) -> None:
    """Append the bytes for `subscriber` to `out`."""
    for piece in wire:
        if isinstance(piece, bytes):
            out.append(piece)
        elif isinstance(piece, WireValue):
            value = piece.field.of(subscriber)
            out.append(quoted_printable_value(escape_merged(value) if piece.escaped else value))
        elif (piece.tag in subscriber.tags) is piece.wanted:
            write_encoded(piece.wire, subscriber, out)
