"""From bytes to text: UTF-8, UTF-16, the encoding that a server states, or Windows-1252 if the text
is Western European."""

from __future__ import annotations

import codecs
import re

import webencodings

from syndicate.article.values import clean
from syndicate.errors import SourceError
from syndicate.readers.contract import Note, Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded_text(source: Source) -> str:
    r"""The text of `source` in NFC, with "\n" as line end and without forbidden characters.

    Raises:
        SourceError: it is binary, or not in the encoding it claims; with the first bad byte's
            line and column.
    """
    mark, encoding = next(
        (known for known in _MARKS if source.data.startswith(known[0])), (b"", "utf-8")
    )
    data = source.data[len(mark) :]
    if not mark and (wide := _unmarked_utf16(data)):
        encoding = wide
        source.guesses.append(Note("guessed", "the file is UTF-16 text"))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and b"\0" in data:
            raise _binary(source) from error
        if (stated := _as_stated(data, source)) is not None:
            return stated
        if encoding == "utf-8" and (western := _as_western(data)) is not None:
            source.guesses.append(Note("guessed", "the file is Windows-1252 text"))
            return _folded(western)
        before = data[: error.start].decode(encoding, "ignore")
        raise SourceError(
            f"byte 0x{data[error.start]:02x} is not {encoding[:6].upper().rstrip('-')} text",
            where=source.at(before.count("\n") + 1, len(before) - before.rfind("\n")),
            hint="save the file as UTF-8",
        ) from error
    if "\0" in text:
        raise _binary(source)
    return _folded(text)


def _as_stated(data: bytes, source: Source) -> str | None:
    """`data` in the encoding that the server states; None if it states none or a wrong one."""
    stated = webencodings.lookup(source.charset or "")
    try:
        return _folded(stated.codec_info.decode(data, "strict")[0]) if stated else None
    except UnicodeDecodeError:
        return None


_WESTERN = re.compile(
    "[\\x00-\\x7f\\xa0§©®°±²³·¹º¼½¾¡¿«»€‚„…†‡‰‘’“”•–—™"
    "ŠšŒœŽžÀÁÂÄÃÅÆÇÈÉÊËÍÎÏÑÓÔÖÕØÚÛÜßàáâäãåæçèéêëìíîïñòóôöõøùúûüý£]*"
)
_FOREIGN = re.compile("[À-ÿ]{3}")
"""Three such letters in a row belong to another alphabet and were decoded wrongly."""


def _as_western(data: bytes) -> str | None:
    """`data` as Windows-1252 if it has only what Western European text has; else None."""
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        return None
    return text if _WESTERN.fullmatch(text) and not _FOREIGN.search(text) else None


def _unmarked_utf16(data: bytes) -> str | None:
    """The UTF-16 byte order of `data`, if most of it is Latin letters two bytes wide; else None."""
    half = len(data[:4096]) // 2
    if half < 8 or len(data) % 2:
        return None
    first, second = data[:4096:2].count(0), data[1:4096:2].count(0)
    if second > 0.6 * half and first < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if first > 0.6 * half and second < 0.05 * half else None


_UNSEEN = re.compile("(?<!\\w)[\u200b\u2060\ufeff]+|[\u200b\u2060\ufeff]+(?!\\w)")
"""Zero-width characters that join nothing."""


def _folded(text: str) -> str:
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if text.isascii() else _UNSEEN.sub("", text)


def _binary(source: Source) -> SourceError:
    return SourceError("this is a binary file, not text", where=source.at())
