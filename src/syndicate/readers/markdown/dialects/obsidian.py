"""Obsidian's syntax (help.obsidian.md, "Obsidian Flavored Markdown")."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote

from syndicate.readers.markdown.dialects.shortcodes import escaped_in_shortcode, shortcode_address
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_LINK = re.compile(
    r"(?<!\\)(?P<shown>!?)\[\[(?P<page>[^\[\]|#\n]{0,300})(?:#(?P<part>[^\[\]|\n]{0,300}))?(?:\|(?P<label>[^\[\]\n]{0,500}))?\]\]"
)
_COMMENT = re.compile(r"(?<!\\)%%(.*?)%%")
_MARKED = re.compile(r"(?<![\\=])==(?=[^\s=])([^\n=]{0,500}[^\s=])==(?!=)")
_TAGS = re.compile(r"\s*#[^\W\d_][\w/-]*(?:\s+#[^\W\d_][\w/-]*)+\s*")
"""Two or more tags: a single one may be a heading whose writer forgot the space."""
_BLOCK_NAME = re.compile(r"\s\^[\da-f]{6}$")
_SIZE = re.compile(r"(?P<width>\d{1,5})(?:x(?P<height>\d{1,5}))?")
_PICTURES = frozenset((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif"))


class Obsidian:
    """Translates one source."""

    def __init__(self, state: ReaderState) -> None:
        self._state = state
        self._in_comment = False

    def line(self, written: str, number: int) -> str:
        """A whole line; if it has nothing but tags, they become the article's tags."""
        if _TAGS.fullmatch(written):
            names = [tag[1:].replace("/", " ") for tag in written.split()]
            self._state.tags.extend(names)
            self._state.guessed(f"the tags {', '.join(names)}", number)
            return ""
        return _BLOCK_NAME.sub("", written)

    def words(self, written: str, number: int) -> str:
        """A line, or a part of one, with its links, marks and comments translated."""
        if "%%" in written or self._in_comment:
            written = self._without_comments(written, number)
        written = _LINK.sub(lambda found: self._linked(found, number), written)
        return _MARKED.sub(r"<mark>\1</mark>", written)

    def _without_comments(self, written: str, number: int) -> str:
        parts = re.split(r"(?<!\\)%%", written)
        kept = []
        for position, part in enumerate(parts):
            if position:
                self._in_comment = not self._in_comment
            if not self._in_comment:
                kept.append(part)
            elif part.strip():
                self._state.left_out(f"the comment {shortened_for_note(part)!r}", number)
        return "".join(kept)

    def _linked(self, found: re.Match[str], number: int) -> str:
        page, label = found["page"].strip(), (found["label"] or "").strip()
        if found["shown"]:
            return self._picture(page, label, number)
        words = escaped_in_shortcode(label or page or found["part"] or "")
        if not page:
            return words
        return f"[{words}](<{self._state.page(page, number)}>)"

    def _picture(self, page: str, label: str, number: int) -> str:
        if PurePosixPath(page).suffix.lower() not in _PICTURES:
            self._state.left_out(f"the embedded page {shortened_for_note(page)!r}", number)
            return ""
        *words, last = [part.strip() for part in label.split("|")]
        size = _SIZE.fullmatch(last)
        alt = " ".join(words if size else (*words, last))
        sides = size.groupdict() if size else {}
        written = " ".join(f"{side}={pixels}" for side, pixels in sides.items() if pixels)
        src = shortcode_address(quote(page, safe="/:%?=&#"))
        return f"![{escaped_in_shortcode(alt)}](<{src}>)" + (f"{{{written}}}" if written else "")
