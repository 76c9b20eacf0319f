"""Characters in feeds: those that validators warn about, and text that looks like markup."""

from __future__ import annotations

import re
from collections.abc import Callable

# In UTF-8: C1 control characters and U+FFFD, which are signs of wrongly decoded text, and Unicode's
# noncharacters.
_BAD = re.compile(
    rb"\xc2[\x80-\x9f]|\xef(?:\xbf[\xbd-\xbf]|\xb7[\x90-\xaf])"
    rb"|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)
_SIGNS = (b"\xc2", b"\xef", b"\xbf\xbe", b"\xbf\xbf")  # every bad character contains one of these
# What UTF-8 looks like after being decoded as Latin-1.
_TWICE = re.compile(rb"(\xc3[\x82\x83])(?=\xc2)")
# Leaf elements that contain "&" or "<": in an RSS channel, in an RSS item (those that are text and
# not HTML), and people's names and picture descriptions in Atom.
_CHANNEL = re.compile(rb"(<[a-zA-Z:]+(?: [^>]*)?>)([^<]*&[^<]*)(?=</)")
_ITEM = re.compile(rb"(<(?!description)[a-zA-Z:]+(?: [^>]*)?>)([^<]*&[^<]*)(?=</)")
_NAME = re.compile(rb"(<(?:name|media:description)[^>]*>)([^<]*&[^<]*)(?=</)")
_JOINER = "\u2060".encode()
PLACEHOLDER = "-"
"""The text that marks the place of an entry's content."""
_PLACE = re.compile(rb'(<content(?::encoded| type="html")>)-(?=<)')
# XML 1.0 section 2.2 forbids these characters, even as references.
_NEVER = bytes({*range(32)} - {*b"\t\n\r"})


def valid_feed_characters(written: bytes) -> bytes:
    """`written` (UTF-8) without characters that validators warn about."""
    if written.isascii() or not any(sign in written for sign in _SIGNS):
        return written
    return _TWICE.sub(rb"\1" + _JOINER, _BAD.sub(b"", written))


def rss_channel_text(written: bytes) -> bytes:
    """`written`, the metadata of an RSS feed, with plain text that cannot be mistaken for markup.

    The RSS Profile (https://www.rssboard.org/rss-profile#data-types-characterdata) recommends
    hexadecimal references for this. Validators would still take an end tag for HTML, so an
    invisible word joiner is put into it.
    """
    return _plainly(_CHANNEL, _as_text, written)


def rss_item_text(written: bytes) -> bytes:
    """Like `rss_channel_text`, for an RSS item."""
    return _plainly(_ITEM, _as_text, written)


def atom_untyped_text(written: bytes) -> bytes:
    """Like `rss_channel_text`, for the elements of Atom that have no type attribute.

    Validators would report an address in angle brackets after a name as an error.
    """
    return _plainly(_NAME, _as_name, written)


def feed_entry_with_content(written: bytes, content: str) -> bytes:
    """The entry `written` with its `content` (HTML) put in place of the placeholder.

    Most of an entry is content. This way it does not go through an element tree, which would check,
    copy and escape it several times. Text never contains a literal "<", so the place is
    unambiguous.
    """
    found = _PLACE.search(written)
    if not found:
        return written
    escaped = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    clean = valid_feed_characters(escaped.encode().translate(None, _NEVER))
    return b"".join((written[: found.end(1)], clean, written[found.end() :]))


def _plainly(
    elements: re.Pattern[bytes], write: Callable[[re.Match[bytes]], bytes], written: bytes
) -> bytes:
    written = valid_feed_characters(written)
    return elements.sub(write, written) if b"&" in written else written


def _as_name(found: re.Match[bytes]) -> bytes:
    return found[1] + found[2].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;" + _JOINER)


def _as_text(found: re.Match[bytes]) -> bytes:
    text = found[2].replace(b"&amp;", b"&#x26;").replace(b"&gt;", b"&#x3E;")
    return found[1] + text.replace(b"&lt;/", b"&#x3C;" + _JOINER + b"/").replace(b"&lt;", b"&#x3C;")
