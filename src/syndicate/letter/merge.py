"""Text with places for what is known of a subscriber."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from syndicate.letter.subscriber import Subscriber

# What can be done to a field, as Jinja's filters of the same names do it.
FILTERS: dict[str, Callable[[str], str]] = {
    "capitalize": str.capitalize,
    "lower": str.lower,
    "upper": str.upper,
    "urlencode": lambda value: quote(value, safe="/"),
}


@dataclass(frozen=True)
class Default:
    """Jinja's `default`: `text` where there is no value or, if `blank`, where it is "" too."""

    text: str
    blank: bool = False


@dataclass(frozen=True)
class Field:
    """A place for the subscriber's `name`, after `filters`: names of `FILTERS`, or defaults."""

    name: str
    filters: tuple[str | Default, ...] = ()

    def of(self, subscriber: Subscriber) -> str:
        """What stands here for `subscriber`, not escaped."""
        value = subscriber.value(self.name)
        for one in self.filters:
            if isinstance(one, str):
                value = FILTERS[one](value or "")
            elif value is None or (one.blank and not value):
                value = one.text
        return value or ""


@dataclass(frozen=True)
class Block:
    """Text for those who have `tag` or, if not `wanted`, for those who have not."""

    tag: str
    wanted: bool
    pieces: Merge


Merge = tuple[str | Field | Block, ...]


def fill(merge: Merge, subscriber: Subscriber, *, escaped: bool = False) -> str:
    """`merge` for `subscriber`; if `escaped`, values become HTML text."""
    return "".join(_filled(merge, subscriber, escaped))


def _filled(merge: Merge, subscriber: Subscriber, escaped: bool) -> Iterator[str]:
    for piece in merge:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Field):
            value = piece.of(subscriber)
            yield escape(value) if escaped else value
        elif (piece.tag in subscriber.tags) is piece.wanted:
            yield from _filled(piece.pieces, subscriber, escaped)


def escape(value: str) -> str:
    """`value` as HTML text or the content of an attribute, as Jinja escapes it."""
    if value.isalnum():
        return value
    return html.escape(value, quote=True).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def fields(merge: Merge) -> Iterator[Field]:
    """Every field of `merge`, those of blocks among them, in reading order."""
    for piece in merge:
        if isinstance(piece, Field):
            yield piece
        elif isinstance(piece, Block):
            yield from fields(piece.pieces)


def to_json(merge: Merge) -> list[Any]:
    """`merge` as JSON holds it: strings, fields and blocks in reading order."""
    return [_piece_to_json(piece) for piece in merge]


def _piece_to_json(piece: str | Field | Block) -> Any:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Block):
        return {"tag": piece.tag, "wanted": piece.wanted, "pieces": to_json(piece.pieces)}
    filters = [one if isinstance(one, str) else [one.text, one.blank] for one in piece.filters]
    return {"field": piece.name, "filters": filters}


def from_json(pieces: Sequence[Any]) -> Merge:
    """The inverse of `to_json`.

    Raises:
        KeyError, TypeError, ValueError: it is not what `to_json` makes.
    """
    return tuple(_piece_from_json(piece) for piece in pieces)


def _piece_from_json(piece: Any) -> str | Field | Block:
    if isinstance(piece, str):
        return piece
    if "tag" in piece:
        return Block(piece["tag"], piece["wanted"], from_json(piece["pieces"]))
    filters = [one if isinstance(one, str) else Default(*one) for one in piece["filters"]]
    if any(isinstance(one, str) and one not in FILTERS for one in filters):
        raise ValueError(f"an unknown filter in {filters!r}")
    return Field(piece["field"], tuple(filters))
