"""Characters in feeds: those that validators warn of, and markup that is meant as text."""

from __future__ import annotations

import re
from collections.abc import Callable

# C1 control characters, U+FFFD, which mark text that was decoded wrongly, and what Unicode keeps
# for no character at all, in UTF-8.
_BAD = re.compile(
    rb"\xc2[\x80-\x9f]|\xef(?:\xbf[\xbd-\xbf]|\xb7[\x90-\xaf])"
    rb"|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)
_SIGNS = (b"\xc2", b"\xef", b"\xbf\xbe", b"\xbf\xbf")  # no bad one is without
# What UTF-8 looks like once it has been read as Latin-1.
_TWICE = re.compile(rb"(\xc3[\x82\x83])(?=\xc2)")
# Leaf elements that hold "&" or "<": those of an RSS feed itself, those of an item that are text
# and not HTML, and the names of people in Atom.
_CHANNEL = re.compile(rb"(<[a-zA-Z:]+(?: [^>]*)?>)([^<]*&[^<]*)(?=</)")
_ITEM = re.compile(rb"(<(?!description)[a-zA-Z:]+(?: [^>]*)?>)([^<]*&[^<]*)(?=</)")
_NAME = re.compile(rb"(<(?:name|media:description)[^>]*>)([^<]*&[^<]*)(?=</)")
_JOINER = "\u2060".encode()
PLACEHOLDER = "-"
"""What stands in an entry where its content is to be."""
_PLACE = re.compile(rb'(<content(?::encoded| type="html")>)-(?=<)')
# XML 1.0 section 2.2 has none of these, not even as references.
_NEVER = bytes({*range(32)} - {*b"\t\n\r"})


def allowed(written: bytes) -> bytes:
    """`written`, which is UTF-8, without what no text should hold."""
    if written.isascii() or not any(sign in written for sign in _SIGNS):
        return written
    return _TWICE.sub(rb"\1" + _JOINER, _BAD.sub(b"", written))


def channel(written: bytes) -> bytes:
    """`written`, what an RSS feed says of itself, with markup in plain text shown to be none.

    The RSS Profile (https://www.rssboard.org/rss-profile#data-types-characterdata) asks for
    hexadecimal references there. An end tag would be taken for HTML all the same: an invisible
    word joiner keeps it apart.
    """
    return _plainly(_CHANNEL, _as_text, written)


def item(written: bytes) -> bytes:
    """As `channel`, of an RSS item."""
    return _plainly(_ITEM, _as_text, written)


def untyped(written: bytes) -> bytes:
    """As `channel`, of what a piece of Atom says in elements that have no type. An address in
    brackets beside a name would be taken for a mistake."""
    return _plainly(_NAME, _as_name, written)


def filled(written: bytes, content: str) -> bytes:
    """`written`, an entry, with `content`, HTML, where it is to stand: most of an entry need not go
    through a tree, which would check, copy and escape it several times over. Within text no "<" is
    ever written, so the place cannot be mistaken."""
    found = _PLACE.search(written)
    if not found:
        return written
    escaped = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    clean = allowed(escaped.encode().translate(None, _NEVER))
    return b"".join((written[: found.end(1)], clean, written[found.end() :]))


def _plainly(
    elements: re.Pattern[bytes], write: Callable[[re.Match[bytes]], bytes], written: bytes
) -> bytes:
    written = allowed(written)
    return elements.sub(write, written) if b"&" in written else written


def _as_name(found: re.Match[bytes]) -> bytes:
    return found[1] + found[2].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;" + _JOINER)


def _as_text(found: re.Match[bytes]) -> bytes:
    text = found[2].replace(b"&amp;", b"&#x26;").replace(b"&gt;", b"&#x3E;")
    return found[1] + text.replace(b"&lt;/", b"&#x3C;" + _JOINER + b"/").replace(b"&lt;", b"&#x3C;")
