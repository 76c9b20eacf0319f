"""Writes a correction into the source of an article, and changes nothing else in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from syndicate.article import Correction
from syndicate.article.text import plain
from syndicate.writers.inlines import markdown_inlines
from syndicate.writers.markdown import markdown_box

_INDENTS: tuple[int | str | None, ...] = (2, None, 4, 1, "\t")


def corrected_sources(
    data: bytes, suffix: str, correction: Correction, labels: tuple[str, ...], article: str
) -> Iterator[bytes]:
    """Ways in which the file `data` may have `correction` at its end, the best first. The caller
    reads them, to see whether the article has the correction then and is the same otherwise. None
    for a format in which nothing can be written.

    Args:
        labels: the words for a correction in plain copy, in the article's language.
        article: the article's id or slug, for a file with several.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if suffix in (".md", ".markdown"):
        for careful in (False, True):
            words = markdown_inlines(correction.content, careful)
            yield _added(text, markdown_box(f"correction {correction.date.isoformat()}", words))
    elif suffix == ".txt":
        for label in labels:
            day, note = correction.date.isoformat(), plain(correction.content)
            yield _added(text, f"{label}, {day}: {note}")
    elif suffix == ".json":
        yield from _in_json(text, correction, article)


def corrected_sidecar(data: bytes, correction: Correction) -> bytes:
    """The sidecar `data` (empty if there is none) with `correction`."""
    note = json.dumps(plain(correction.content), ensure_ascii=False)
    day = correction.date.isoformat()
    return _added(data.decode(), f"[[corrections]]\ndate = {day}\nnote = {note}")


def _added(text: str, block: str) -> bytes:
    """`text` with `block` at its end, after an empty line, with its own line ends."""
    end = "\r\n" if "\r\n" in text else "\n"
    between = "" if not text.strip() else end if text.endswith(("\n", "\r")) else end * 2
    return (text + between + block.replace("\n", end) + end).encode()


def _in_json(text: str, correction: Correction, article: str) -> Iterator[bytes]:
    """The JSON `text` with `correction` in the article, if it is formatted in a usual way."""
    try:
        value = json.loads(text)
    except ValueError:
        return
    tail = text[len(text.rstrip()) :]
    for indent, is_ascii in product(_INDENTS, (False, True)):

        def written(indent: int | str | None = indent, is_ascii: bool = is_ascii) -> str:
            return json.dumps(value, indent=indent, ensure_ascii=is_ascii) + tail

        if written() == text:
            for one in value if isinstance(value, list) else [value]:
                if _is(one, article):
                    one.setdefault("body", []).append(correction.model_dump(mode="json"))
            yield written().encode()
            return


def _is(one: Any, article: str) -> bool:
    return isinstance(one, dict) and article in (one.get("id"), one.get("slug"))
