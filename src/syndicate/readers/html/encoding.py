"""Decodes a page: by the encoding that it declares, or by the one that it turns out to have."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

import webencodings

from syndicate.errors import SourceError
from syndicate.readers.contract import Source
from syndicate.readers.reader_state import ReaderState

MOST_MARKUP = 8_000_000
"""The most bytes of a page, not counting its scripts, styles, comments and inlined files."""

_PIECE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_OPENS = re.compile(rb"<script\b|<style\b|<!--", re.IGNORECASE)
_CLOSES = {b"<script": b"</script", b"<style": b"</style", b"<!--": b"-->"}
# UTF-8 that was once decoded as Latin-1 and encoded again; no page has C1 controls on purpose.
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]{1,3}")
_CONTROL = re.compile("[\u0080-\u009f]")
_INLINED = re.compile(rb"[A-Za-z0-9+/=%]{2000,}")


def decoded_page(state: ReaderState) -> str:
    r"""The text of the page, with "\n" as line end.

    Raises:
        SourceError: it is binary, not in the encoding it claims, or too large.
    """
    source = state.source
    data = source.data
    if source.file or len(data) > MOST_MARKUP:
        data = _slim(source.open(), source)
        state.left_out("the scripts, styles and inlined files of a very large page")
    text = _decoded(data, state)
    if text.count("\0") > len(text) // 1000:
        raise SourceError("this is a binary file, not a page", where=source.at())
    if _CONTROL.search(text):
        text = _TWICE.sub(_once, text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _once(found: re.Match[str]) -> str:
    """The character that was encoded twice, if the match is one; else the match unchanged."""
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _decoded(data: bytes, state: ReaderState) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        error = undecodable
    declared = webencodings.lookup(state.source.charset or "") or _declared(data)
    if declared and declared.name != "utf-8":
        text = declared.codec_info.decode(data, "replace")[0]
        if text.count("\ufffd") * 100 <= len(text):
            return text
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if wrong * 1000 <= len(text):
        are = "1 byte that is" if wrong == 1 else f"{wrong:,} bytes that are"
        state.guessed(f"the characters for {are} not UTF-8")
        return text
    if declared is None and b"\0" not in data:
        state.guessed("the page is Windows-1252 text")
        return data.decode("cp1252", "replace")
    before = data[: error.start].decode("utf-8", "ignore")
    name = declared.name if declared else "utf-8"
    raise SourceError(
        f"byte 0x{data[error.start]:02x} is not {name.upper()} text",
        where=state.source.at(before.count("\n") + 1, len(before) - before.rfind("\n")),
        hint="save the page as UTF-8",
    )


def _declared(data: bytes) -> webencodings.Encoding | None:
    """The encoding that the page declares; None if it declares none, or an unknown one."""
    found = _DECLARED.search(data[:8192])
    return webencodings.lookup(found[1].decode("ascii")) if found else None


def _slim(stream: BinaryIO, source: Source) -> bytes:
    """The page without scripts (except JSON-LD), styles, comments and inlined files, read in
    pieces. The line ends in removed parts are kept."""
    kept = bytearray()
    rest = b""
    until: bytes | None = None
    while piece := stream.read(_PIECE):
        data, rest = rest + piece, b""
        while data:
            if until is not None:
                end = data.lower().find(until)
                gone = data if end < 0 else data[: end + len(until)]
                kept += b"\n" * gone.count(b"\n")
                # The end tag may be split between two pieces.
                rest = data[-len(until) + 1 :] if end < 0 else b""
                data = b"" if end < 0 else data[end + len(until) :]
                until = None if end >= 0 else until
                continue
            found = _OPENS.search(data)
            if found is None:
                cut = max(0, len(data) - 8)
                kept += _INLINED.sub(b"", data[:cut])
                data, rest = b"", data[cut:]
            elif b"ld+json" in data[found.end() : found.end() + 200].partition(b">")[0]:
                kept += _INLINED.sub(b"", data[: found.end()])
                data = data[found.end() :]
            else:
                kept += _INLINED.sub(b"", data[: found.start()])
                data, until = data[found.end() :], _CLOSES[found[0].lower()]
        if len(kept) > MOST_MARKUP:
            raise SourceError(
                f"more than {MOST_MARKUP:,} bytes of text and markup", where=source.at()
            )
    return bytes(kept) + (rest if until is None else b"")
