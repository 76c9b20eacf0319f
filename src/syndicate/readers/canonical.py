"""Syndicate's own JSON: one article, a list of articles, or one article a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from syndicate.article import Article
from syndicate.errors import Problems, SourceError
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.copy import shortened
from syndicate.readers.decode import text_of

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class CanonicalJSON(Reader):
    """The canonical article as `syndicate schema article` describes it."""

    suffixes = (".json", ".jsonl", ".ndjson")

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not JSON, or not an article; `Problems` if several things are wrong.
        """
        text = text_of(source)
        found = [
            (article, start)
            for value, start in values(text, source)
            for article, start in _articles(text, value, start)
        ]
        if not found:
            raise SourceError("there is no article in this file", where=source.at(1, 1))
        for value, start in found:
            try:
                article = Article.model_validate_json(json.dumps(value))
            except ValidationError as error:
                raise _problems(error, text, value, start, source) from error
            yield Reading(article, frozenset(article.model_fields_set - {"body"}))


def values(text: str, source: Source) -> Iterator[tuple[Any, int]]:
    """The JSON values that `text` consists of, and where each begins.

    Raises:
        SourceError: one of them is not JSON, with line and column.
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


def _articles(text: str, value: Any, start: int) -> Iterator[tuple[Any, int]]:
    if not isinstance(value, list):
        yield value, start
        return
    at = _skip(text, start + 1)
    for item in value:
        yield item, at
        at = _skip(text, _skip(text, _DECODER.raw_decode(text, at)[1]) + 1)


def _problems(
    error: ValidationError, text: str, value: Any, start: int, source: Source
) -> SourceError | Problems:
    """Each thing that pydantic found wrong, at its line and column."""
    errors = []
    for wrong in error.errors(include_url=False, include_context=False):
        path, at = _find(text, value, start, wrong["loc"])
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        message = wrong["msg"].removeprefix("Value error, ")
        if wrong["type"] == "missing":
            message = f"{str(wrong['loc'][-1])!r} is missing"
        elif wrong["type"] == "extra_forbidden":
            message = f"there is no key {str(wrong['loc'][-1])!r}"
        elif isinstance(wrong["input"], str):
            message += f", not {shortened(wrong['input'])!r}"
        where = source.at(line, column)
        errors.append(SourceError(f"{path}: {message}" if path else message, where=where))
    return errors[0] if len(errors) == 1 else Problems(errors)


def _find(text: str, value: Any, at: int, path: tuple[int | str, ...]) -> tuple[str, int]:
    """The path as people write it and the offset of what it leads to. Names that are not in the
    data (pydantic's names of alternatives, missing keys) are passed over."""
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
    """Where the value of key `name` begins in the object at `at`; the last one counts."""
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
    """Where item `number` begins in the array at `at`."""
    at = _skip(text, at + 1)
    for _ in range(number):
        at = _skip(text, _skip(text, _DECODER.raw_decode(text, at)[1]) + 1)
    return at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
