"""Jekyll's syntax (jekyllrb.com, "Liquid"; kramdown's attribute lists)."""

from __future__ import annotations

import re

from syndicate.readers.markdown.dialects.shortcodes import (
    CODE_FENCE,
    shortcode_arguments,
    shortcode_embed,
    shortcode_figure,
)
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_HIGHLIGHT = re.compile(r"\s*\{%-?\s{0,8}highlight\s+(?P<language>[\w+#-]+)?[^{}\n]{0,500}?%\}\s*")
_END_HIGHLIGHT = re.compile(r"\s*\{%-?\s{0,8}endhighlight\s*-?%\}\s*")
_CONTENTS = re.compile(r"\s*(?:\{:\s*toc\s*\}|\[toc\])\s*", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"[ \t]{0,8}\{::?[^{}\n]{0,500}\}\s*$|(?<=\S)\{:[^{}\n]{0,500}\}")
_SITE = re.compile(r"(?<!\\)\{\{-?\s{0,8}site\.(?P<name>url|baseurl)\s{0,8}-?\}\}")
_FILTERED = re.compile(
    r"""(?<!\\)\{\{-?\s{0,8}["'](?P<path>[^"'{}]{0,500})["']\s{0,8}\|\s{0,8}(?:prepend:\s{0,8}site\.\w{1,20}\s{0,8}\|?\s{0,8}){0,3}"""
    r"""(?:relative_url|absolute_url)?\s{0,8}-?\}\}"""
)
_TAG = re.compile(r"(?<!\\)\{%-?\s{0,8}(?P<name>\w{1,40})(?P<rest>[^{}\n]{0,2000}?)-?%\}")
_SHOWN = re.compile(r"(?<!\\)\{\{(?![<%])-?\s{0,8}(?P<what>[^{}\n]{1,500}?)\s{0,8}-?\}\}")
"""A value that Liquid fills in: `{{ page.title }}`."""
_OURS = re.compile(r"subscriber\.\w+")
"""Values that the newsletter fills in for each of its readers."""
_LED = re.compile(
    r"(?<![\\!])\[(?P<words>[^\[\]\n]{0,500})\]\((?P<url>[^()\s]{0,500}\{\{[^{}\n]{0,500}\}\}[^()\n]{0,500})\)"
)
_ROOTS = re.compile(
    r"(?:site|page|layout|include|content|post|paginator|collections?|theme|jekyll|eleventy|pkg"
    r"|forloop|item|entry)\b"
)
_RAW = re.compile(r"\{%-?\s*(?P<end>end)?raw\s*-?%\}")
_KNOWN = re.compile(
    "include(?:_relative)?|link|post_url|(?:end)?(?:raw|capture|comment|if|unless|for|case|tablerow)"
    "|assign|else|elsif|when|cycle|increment|decrement|gist|seo|feed_meta|break|continue|render"
)


class Jekyll:
    """Translates one source."""

    def __init__(self, state: ReaderState) -> None:
        self._state = state
        self._in_comment = False
        self._raw = False

    def line(self, written: str, number: int) -> str:
        """A tag alone on its line: the start or end of code, or a table of contents."""
        if found := _HIGHLIGHT.fullmatch(written):
            return f"{CODE_FENCE}{found['language'] or ''}"
        if _END_HIGHLIGHT.fullmatch(written):
            return CODE_FENCE
        if _CONTENTS.fullmatch(written):
            self._state.left_out("the table of contents", number)
            return ""
        return written

    def words(self, written: str, number: int) -> str:
        """A line, or a part of one, with its tags translated; raw parts stay unchanged."""
        parts: list[str] = []
        end = 0
        for mark in _RAW.finditer(written):
            between = written[end : mark.start()]
            parts.append(between if self._raw else self._cooked(between, number))
            self._raw, end = not mark["end"], mark.end()
        parts.append(written[end:] if self._raw else self._cooked(written[end:], number))
        return "".join(parts)

    def _cooked(self, written: str, number: int) -> str:
        base = self._state.source.publication.base_url.rstrip("/")
        written = _SITE.sub(lambda found: base if found["name"] == "url" else "", written)
        written = _FILTERED.sub(lambda found: found["path"], written)
        written = _LED.sub(lambda found: self._unled(found, number), written)
        written = _SHOWN.sub(lambda found: self._valued(found, number), written)
        written = _TAG.sub(lambda found: self._shown(found, number), written)
        if self._in_comment:
            if written.strip():
                self._state.left_out(f"the comment {shortened_for_note(written)!r}", number)
            return ""
        return _ATTRIBUTES.sub("", written)

    def _unled(self, found: re.Match[str], number: int) -> str:
        """The words of a link whose address only the other system can fill in."""
        self._state.left_out(f"the link to {shortened_for_note(found['url'])!r}", number)
        return found["words"]

    def _valued(self, found: re.Match[str], number: int) -> str:
        if _OURS.match(found["what"]):
            return found[0]
        if _ROOTS.match(found["what"]) or "|" in found["what"]:
            self._state.left_out(f"the value {shortened_for_note(found[0])!r}", number)
            return ""
        self._state.guessed(
            f"{shortened_for_note(found[0])!r} is text, not a value to fill in", number
        )
        return found[0]

    def _shown(self, found: re.Match[str], number: int) -> str:
        name, rest = found["name"].lower(), found["rest"].strip()
        if name in ("comment", "endcomment"):
            self._in_comment = name == "comment"
            return ""
        if not _KNOWN.fullmatch(name):
            return found[0]
        if name in ("link", "post_url"):
            return self._state.page(rest.strip("\"' "), number)
        unnamed, named = shortcode_arguments(rest)
        if name == "include" and unnamed:
            shown = unnamed[0].rsplit("/", 1)[-1].partition(".")[0].lower()
            if picture := shortcode_figure(named):
                return picture
            if address := shortcode_embed(shown, [], named):
                return address
        self._state.left_out(f"the tag {shortened_for_note(found[0])!r}", number)
        return ""
