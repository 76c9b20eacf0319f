"""Writes header fields (RFC 5322); they are never parsed again.

Text is taken literally: if a headline contains something like an encoded word, readers see those
characters. URLs are neither folded nor put into encoded words.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterator

COLUMNS = 76  # RFC 2047, section 2: the limit for a line with an encoded word
_PLAIN = re.compile(r"[ -~]*")
_QUOTED = re.compile(r'(["\\])')


def header_field(name: str, value: str) -> bytes:
    """A header of printable ASCII, folded only at spaces."""
    lines: list[str] = []
    line = f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > COLUMNS and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return ("\r\n".join([*lines, line]) + "\r\n").encode("ascii")


def header_text(name: str, value: str) -> bytes:
    """A header of free text: literal if that is safe in every mail program, else encoded words."""
    value = " ".join(value.split())
    if _is_plain(value):
        return header_field(name, value)
    return header_field(name, " ".join(_encoded_words(value, len(name) + 2)))


def header_mailbox(name: str, phrase: str, specification: str) -> bytes:
    """A header such as `From`: a phrase, then `specification` in angle brackets."""
    phrase = " ".join(phrase.split())
    if not phrase:
        return header_field(name, f"<{specification}>")
    if _is_plain(phrase):
        quoted = _QUOTED.sub(r"\\\1", phrase)
        return header_field(name, f'"{quoted}" <{specification}>')
    words = " ".join(_encoded_words(phrase, len(name) + 2))
    return header_field(name, f"{words} <{specification}>")


def _is_plain(value: str) -> bool:
    longest = max(map(len, value.split(" ")))
    return bool(_PLAIN.fullmatch(value)) and "=?" not in value and longest < COLUMNS - 20


def _encoded_words(value: str, taken: int) -> Iterator[str]:
    """`value` in RFC 2047 encoded words, cut between characters.

    The header's name takes up `taken` columns of the first line.
    """
    data = value.encode()
    room = (COLUMNS - taken - len("=?utf-8?b??=")) // 4 * 3
    while data:
        cut = min(room, len(data))
        while cut < len(data) and data[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        yield f"=?utf-8?b?{b2a_base64(data[:cut], newline=False).decode()}?="
        data, room = data[cut:], 45
