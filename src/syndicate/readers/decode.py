"""From bytes to text: UTF-8, UTF-16 that says so, or what a server says it is."""

from __future__ import annotations

import codecs

import webencodings

from syndicate.article.values import clean
from syndicate.errors import SourceError
from syndicate.readers.contract import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text_of(source: Source) -> str:
    r"""The text of `source` in NFC, its lines ended by "\n", without forbidden characters.

    Raises:
        SourceError: it is binary, or not in the encoding it claims; with the first bad byte's
            line and column.
    """
    mark, encoding = next(
        (known for known in _MARKS if source.data.startswith(known[0])), (b"", "utf-8")
    )
    data = source.data[len(mark) :]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and b"\0" in data:
            raise _binary(source) from error
        if (stated := _as_stated(data, source)) is not None:
            return stated
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
    """`data` in the encoding that the server states, None if it states none or it is not that."""
    stated = webencodings.lookup(source.charset or "")
    try:
        return _folded(stated.codec_info.decode(data, "strict")[0]) if stated else None
    except UnicodeDecodeError:
        return None


def _folded(text: str) -> str:
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def _binary(source: Source) -> SourceError:
    return SourceError("this is a binary file, not text", where=source.at())
