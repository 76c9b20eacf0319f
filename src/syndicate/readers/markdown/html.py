"""Raw HTML: tables, figures, lists and players become blocks, everything else only its words. Also
reads the marks that newsrooms put into comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from syndicate.article import Block, Paywall
from syndicate.readers.prose import paragraph_from
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_PAYWALL = re.compile(r"\s*(?:paywall|more|members(?:-only)?)\s*", re.IGNORECASE)
_BREAKING = re.compile(
    "address|article|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    "|nav|ol|p|pre|section|table|td|th|tr|ul"
)
_ELEMENT = re.compile(
    rf"</?(?:{_BREAKING.pattern}|a|abbr|aside|audio|b|bdi|bdo|big|body|button|canvas|caption|center"
    "|cite|code|col|colgroup|data|del|details|dfn|em|embed|fieldset|font|head|html|i|iframe|img|input"
    "|ins|kbd|label|legend|link|map|mark|math|meta|noscript|object|option|picture|q|rp|rt|ruby|s|samp"
    "|script|select|small|source|span|strike|strong|style|sub|summary|sup|svg|tbody|template|textarea"
    r"|tfoot|thead|time|title|track|u|var|video|wbr)\b",
    re.IGNORECASE,
)
_STRUCTURE = re.compile(
    r"<(?:table|figure|img|iframe|video|audio|[uod]l|blockquote|details|pre|h[1-6])\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)


def is_html_in_markdown(text: str) -> bool:
    """Whether `text`, which looks like a tag or comment, is really HTML and not just `<name>`."""
    return bool(_ELEMENT.match(text)) or not _TAG.match(text)


def blocks_of_html_in_markdown(text: str, state: ReaderState, line: int) -> Iterator[Block]:
    """The paywall marks and other blocks in an HTML block; what is not shown is noted."""
    kept, end = "", 0
    for comment in _COMMENT.finditer(text):
        kept += text[end : comment.start()]
        end = comment.end()
        if _PAYWALL.fullmatch(comment[1]):
            yield from _shown(kept, state, line)
            kept = ""
            yield Paywall()
        else:
            state.left_out(f"the comment {shortened_for_note(comment[1])!r}", line)
    yield from _shown(kept + text[end:], state, line)


def _shown(text: str, state: ReaderState, line: int) -> Iterator[Block]:
    if not _STRUCTURE.search(text):
        yield from _words(text, state, line)
        return
    from syndicate.readers.html import blocks_of_fragment

    shown, notes = blocks_of_fragment(text, picture=lambda src: state.picture(src, line))
    state.notes.extend(replace(note, line=line + (note.line or 1) - 1) for note in notes)
    yield from shown


def _words(text: str, state: ReaderState, line: int) -> Iterator[Block]:
    if not text.strip():
        return
    state.left_out(f"the HTML {shortened_for_note(text)!r}, except its words", line)
    parser = _Words()
    parser.feed(text)
    parser.close()
    for words in "".join(parser.parts).split("\n\n"):
        if folded := " ".join(words.split()):
            yield paragraph_from(folded)


class _Words(HTMLParser):
    """Collects the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._muted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._muted += tag in ("script", "style")
        if _BREAKING.fullmatch(tag):
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._muted = max(0, self._muted - (tag in ("script", "style")))
        if _BREAKING.fullmatch(tag):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._muted:
            self.parts.append(re.sub(r"\s+", " ", data))
