"""Splits Rich Text into tokens (RTF 1.9.1, "RTF Syntax")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)|(?P<odd>\\)"
)


class RtfToken(NamedTuple):
    """`kind` is "word" (with its `number`), "byte", "sign", "open", "close" or "text"."""

    kind: str
    value: bytes
    number: int | None = None


def rtf_tokens(data: bytes) -> Iterator[RtfToken]:
    """The tokens of `data`; binary data after `\\bin` is skipped."""
    at = 0
    while found := _TOKEN.match(data, at):
        at = found.end()
        if (word := found["word"]) is not None:
            number = int(found["number"]) if found["number"] else None
            if word == b"bin":
                at += max(0, number or 0)
                continue
            yield RtfToken("word", word, number)
        elif (byte := found["byte"]) is not None:
            yield RtfToken("byte", bytes.fromhex(byte.decode()))
        elif (sign := found["sign"]) is not None:
            yield RtfToken("sign", sign)
        elif (brace := found["brace"]) is not None:
            yield RtfToken("open" if brace == b"{" else "close", brace)
        elif (text := found["text"]) is not None:
            yield RtfToken("text", text)
