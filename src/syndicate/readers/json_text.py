"""The values in a JSON text, and where in the text they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from syndicate.errors import SourceError
from syndicate.readers.contract import Source

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def json_values(text: str, source: Source) -> Iterator[tuple[Any, int]]:
    """The JSON values in `text`, one after the other, and where each begins.

    Raises:
        SourceError: a value is not JSON; with line and column.
    """
    at = _skip(text, 0)
    while at < len(text):
        try:
            value, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise SourceError(
                f"JSON: {error.msg}", where=source.at(error.lineno, error.colno)
            ) from error
        except RecursionError as error:
            raise SourceError("JSON: nested too deeply", where=source.at()) from error
        yield value, at
        at = _skip(text, end)


def json_items(text: str, value: Any, start: int) -> Iterator[tuple[Any, int]]:
    """The items of the array `value`, which begins at `start`, and where each item begins; `value`
    itself if it is not an array."""
    if not isinstance(value, list):
        yield value, start
        return
    at = _skip(text, start + 1)
    for item in value:
        yield item, at
        at = _skip(text, _skip(text, _DECODER.raw_decode(text, at)[1]) + 1)


def find_in_json(text: str, value: Any, at: int, path: tuple[int | str, ...]) -> tuple[str, int]:
    """The path as people write it, and the offset of the value at that path. Names that are not in
    the data (pydantic's names of alternatives, missing keys) are skipped."""
    spelled = ""
    for step in path:
        if isinstance(value, dict) and step in value:
            spelled += f".{step}" if spelled else str(step)
            at, value = _member(text, at, str(step)), value[step]
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            spelled += f"[{step}]"
            at, value = _item(text, at, step), value[step]
    return spelled, at


def _member(text: str, at: int, name: str) -> int:
    """Where the value of key `name` begins in the object at `at`; the last such key counts."""
    found = at
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, end) + 1)
        if key == name:
            found = at
        at = _skip(text, _DECODER.raw_decode(text, at)[1])
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def _item(text: str, at: int, number: int) -> int:
    """Where item `number`, from 0, begins in the array at `at`."""
    at = _skip(text, at + 1)
    for _ in range(number):
        at = _skip(text, _skip(text, _DECODER.raw_decode(text, at)[1]) + 1)
    return at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
