"""Merge text as quoted-printable bytes: fixed text is encoded once, values for each recipient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.letter.merge import Field, Merge, escape
from syndicate.letter.quoted_printable import encode, encode_value
from syndicate.letter.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class Value:
    """A field whose value is still to be written; `escaped` says that it is inside HTML."""

    field: Field
    escaped: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Bytes for subscribers with `tag` or, if not `wanted`, for subscribers without it."""

    tag: str
    wanted: bool
    wire: Wire


Wire = tuple[bytes | Value | Choice, ...]


def encoded(merge: Merge, *, escaped: bool) -> Wire:
    """`merge`, prepared for `write`; `escaped` says that it is HTML."""
    return tuple(_encoded(merge, escaped))


def _encoded(merge: Merge, escaped: bool) -> Iterator[bytes | Value | Choice]:
    for piece in merge:
        if isinstance(piece, str):
            yield encode(piece)
        elif isinstance(piece, Field):
            yield Value(piece, escaped)
        else:
            yield Choice(piece.tag, piece.wanted, encoded(piece.pieces, escaped=escaped))


def write(wire: Wire, subscriber: Subscriber, out: list[bytes]) -> None:
    """Append the bytes for `subscriber` to `out`."""
    for piece in wire:
        if isinstance(piece, bytes):
            out.append(piece)
        elif isinstance(piece, Value):
            value = piece.field.of(subscriber)
            out.append(encode_value(escape(value) if piece.escaped else value))
        elif (piece.tag in subscriber.tags) is piece.wanted:
            write(piece.wire, subscriber, out)
