"""Syndicate's own JSON: one article, a list of articles, or one article per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from syndicate.article import Article
from syndicate.errors import Problems, SourceError
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.decode import decoded_text
from syndicate.readers.json_text import find_in_json, json_items, json_values
from syndicate.readers.reader_state import shortened_for_note


class CanonicalJSONReader(Reader):
    """The canonical article as `syndicate schema article` describes it."""

    suffixes = (".json", ".jsonl", ".ndjson")

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not JSON, or not an article; `Problems` if several things are wrong.
        """
        text = decoded_text(source)
        found = [
            (article, start)
            for value, start in json_values(text, source)
            for article, start in json_items(text, value, start)
        ]
        if not found:
            raise SourceError("no article in this file", where=source.at(1, 1))
        for value, start in found:
            try:
                article = Article.model_validate_json(json.dumps(value))
            except ValidationError as error:
                raise _problems(error, text, value, start, source) from error
            yield Reading(article, frozenset(article.model_fields_set - {"body"}))


def _problems(
    error: ValidationError, text: str, value: Any, start: int, source: Source
) -> SourceError | Problems:
    """The errors that pydantic found, each at its line and column."""
    errors = []
    for wrong in error.errors(include_url=False, include_context=False):
        path, at = find_in_json(text, value, start, wrong["loc"])
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        message = wrong["msg"].removeprefix("Value error, ")
        if wrong["type"] == "missing":
            message = f"{str(wrong['loc'][-1])!r} is missing"
        elif wrong["type"] == "extra_forbidden":
            message = f"there is no key {str(wrong['loc'][-1])!r}"
        elif isinstance(wrong["input"], str):
            message += f", not {shortened_for_note(wrong['input'])!r}"
        where = source.at(line, column)
        errors.append(SourceError(f"{path}: {message}" if path else message, where=where))
    return errors[0] if len(errors) == 1 else Problems(errors)
