"""Characters in feeds: those that validators warn of, and markup that is meant as text."""

from __future__ import annotations

import re

# C1 control characters and U+FFFD, which mark text that was decoded wrongly, in UTF-8.
_BAD = re.compile(rb"\xc2[\x80-\x9f]|\xef\xbf\xbd")
# Leaf elements that hold "&" or "<": those of an RSS feed itself, those of an item that are text
# and not HTML, and the names of people in Atom.
_CHANNEL = re.compile(rb"(<[a-zA-Z:]+(?: [^>]*)?>)([^<]*&[^<]*)(?=</)")
_ITEM = re.compile(rb"(<(?!description)[a-zA-Z:]+(?: [^>]*)?>)([^<]*&[^<]*)(?=</)")
_NAME = re.compile(rb"(<name>)([^<]*&[^<]*)(?=</)")
_JOINER = "\u2060".encode()


def allowed(written: bytes) -> bytes:
    """`written`, which is UTF-8, without what no text should hold."""
    if b"\xc2" not in written and b"\xef" not in written:
        return written
    return _BAD.sub(b"", written)


def channel(written: bytes) -> bytes:
    """`written`, what an RSS feed says of itself, with markup in plain text shown to be none.

    The RSS Profile (https://www.rssboard.org/rss-profile#data-types-characterdata) asks for
    hexadecimal references there. An end tag would be taken for HTML all the same: an invisible
    word joiner keeps it apart.
    """
    return _CHANNEL.sub(_as_text, allowed(written))


def item(written: bytes) -> bytes:
    """As `channel`, of an RSS item. Its content, most of it by far, is HTML and stays as it is."""
    before, opening, rest = allowed(written).partition(b"<content:encoded>")
    content, closing, after = rest.partition(b"</content:encoded>")
    before, after = (_ITEM.sub(_as_text, part) for part in (before, after))
    return b"".join((before, opening, content, closing, after))


def people(written: bytes) -> bytes:
    """As `channel`, of the people in a piece of Atom, whose names have no type."""
    return _NAME.sub(_as_text, allowed(written))


def _as_text(found: re.Match[bytes]) -> bytes:
    text = found[2].replace(b"&amp;", b"&#x26;").replace(b"&gt;", b"&#x3E;")
    return found[1] + text.replace(b"&lt;/", b"&#x3C;" + _JOINER + b"/").replace(b"&lt;", b"&#x3C;")
