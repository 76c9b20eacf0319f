"""Text with merge fields, which are filled in for each subscriber."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from syndicate.letter.subscriber import Subscriber

# The filters that a field can have; they work like Jinja's filters of the same names.
FILTERS: dict[str, Callable[[str], str]] = {
    "capitalize": str.capitalize,
    "lower": str.lower,
    "upper": str.upper,
    "urlencode": lambda value: quote(value, safe="/"),
}


@dataclass(frozen=True)
class MergeDefault:
    """Jinja's `default` filter: `text` if there is no value or, with `blank`, if it is ""."""

    text: str
    blank: bool = False


@dataclass(frozen=True)
class MergeField:
    """A merge field: the subscriber's `name`, after `filters` (names in `FILTERS`, or defaults)."""

    name: str
    filters: tuple[str | MergeDefault, ...] = ()

    def of(self, subscriber: Subscriber) -> str:
        """The field's text for `subscriber`, not escaped."""
        value = subscriber.value(self.name)
        for step in self.filters:
            if isinstance(step, str):
                value = FILTERS[step](value or "")
            elif value is None or (step.blank and not value):
                value = step.text
        return value or ""


@dataclass(frozen=True)
class MergeBlock:
    """Text for subscribers with `tag` or, if not `wanted`, for subscribers without it."""

    tag: str
    wanted: bool
    pieces: Merge


Merge = tuple[str | MergeField | MergeBlock, ...]


def fill_merge(merge: Merge, subscriber: Subscriber, *, escaped: bool = False) -> str:
    """The text of `merge` for `subscriber`; if `escaped`, values are escaped for HTML."""
    return "".join(_filled(merge, subscriber, escaped))


def _filled(merge: Merge, subscriber: Subscriber, escaped: bool) -> Iterator[str]:
    for piece in merge:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, MergeField):
            value = piece.of(subscriber)
            yield escape_merged(value) if escaped else value
        elif (piece.tag in subscriber.tags) is piece.wanted:
            yield from _filled(piece.pieces, subscriber, escaped)


def escape_merged(value: str) -> str:
    """`value` escaped for HTML text or an attribute, in the same way as Jinja."""
    if value.isalnum():
        return value
    return html.escape(value, quote=True).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def merge_fields(merge: Merge) -> Iterator[MergeField]:
    """Every field of `merge`, including those inside blocks, in reading order."""
    for piece in merge:
        if isinstance(piece, MergeField):
            yield piece
        elif isinstance(piece, MergeBlock):
            yield from merge_fields(piece.pieces)


def merge_to_json(merge: Merge) -> list[Any]:
    """`merge` as a JSON value: strings, fields and blocks in reading order."""
    return [_piece_to_json(piece) for piece in merge]


def _piece_to_json(piece: str | MergeField | MergeBlock) -> Any:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, MergeBlock):
        return {"tag": piece.tag, "wanted": piece.wanted, "pieces": merge_to_json(piece.pieces)}
    filters = [step if isinstance(step, str) else [step.text, step.blank] for step in piece.filters]
    return {"field": piece.name, "filters": filters}


def merge_from_json(pieces: Sequence[Any]) -> Merge:
    """The inverse of `merge_to_json`.

    Raises:
        KeyError, TypeError, ValueError: `pieces` was not made by `merge_to_json`.
    """
    return tuple(_piece_from_json(piece) for piece in pieces)


def _piece_from_json(piece: Any) -> str | MergeField | MergeBlock:
    if isinstance(piece, str):
        return piece
    if "tag" in piece:
        return MergeBlock(piece["tag"], piece["wanted"], merge_from_json(piece["pieces"]))
    filters = [step if isinstance(step, str) else MergeDefault(*step) for step in piece["filters"]]
    if any(isinstance(step, str) and step not in FILTERS for step in filters):
        raise ValueError(f"an unknown filter in {filters!r}")
    return MergeField(piece["field"], tuple(filters))
