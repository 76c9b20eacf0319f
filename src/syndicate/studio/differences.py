"""The differences between two texts, word by word or line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from itertools import islice
from typing import Literal

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_LINES = 400


@dataclass(frozen=True)
class DiffSpan:
    """A piece of text that is unchanged, added or removed."""

    kind: Literal["same", "added", "removed"]
    text: str


def words_changed(before: str, after: str) -> list[DiffSpan]:
    """The changes from `before` to `after`, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    return list(_pieces(old, new))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffSpan]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield DiffSpan("same", "".join(old[a:b]))
            continue
        if b > a:
            yield DiffSpan("removed", "".join(old[a:b]))
        if d > c:
            yield DiffSpan("added", "".join(new[c:d]))


def lines_changed(before: str, after: str) -> list[DiffSpan]:
    """The changed lines with two lines of context around them, at most 400 lines."""
    found = unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    kinds: dict[str, Literal["added", "removed"]] = {"+": "added", "-": "removed"}
    return [
        DiffSpan(kinds.get(line[:1], "same"), line)
        for line in islice(found, 2, 2 + _MOST_LINES)  # the first two name the files
    ]
