"""Translates Hugo, Jekyll and Obsidian syntax into the Markdown that the Markdown reader reads.

Each dialect turns lines outside code into the same number of lines, so that notes keep their line
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from syndicate.readers.markdown.dialects import hugo, jekyll, obsidian, spaces
from syndicate.readers.markdown.dialects.shortcodes import CODE_FENCE
from syndicate.readers.reader_state import ReaderState


class MarkdownDialect(Protocol):
    """Translates one source, line by line."""

    def line(self, written: str, number: int) -> str:
        """A whole line: handles syntax that opens and closes code or a box."""

    def words(self, written: str, number: int) -> str:
        """A line, or a part of one, outside code."""


_FENCE = re.compile(r"[ >]*(?:[-*+]\s+)?(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)")
_CODE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`).{1,2000}?(?<!`)(?P=ticks)(?!`)")
_FENCED = re.compile(
    r"^[ \t>]*(?:[-*+]\s+)?(?P<fence>`{3,}|~{3,}).*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_BROKEN = re.compile(r"\{\{[<%][^{}]{0,2000}?[>%]\}\}|\{%-?[^{}]{0,2000}?-?%\}")
"""A shortcode or tag, which may span several lines."""
_MARKS: tuple[tuple[Callable[[ReaderState], MarkdownDialect], re.Pattern[str]], ...] = (
    (jekyll.Jekyll, re.compile(r"\{[%:]|\{\{(?![<%])|^\[(?:toc|TOC)\]", re.MULTILINE)),
    (spaces.SpacesDialect, spaces.BARE),
    (hugo.Hugo, re.compile(r"\{\{[<%]")),
    (obsidian.Obsidian, re.compile(r"\[\[|==|%%|^[^\S\n]*#[^\s#]|\s\^[\da-f]{6}$", re.MULTILINE)),
)


def plain_markdown(text: str, state: ReaderState, first_line: int) -> str:
    """`text`, which begins at `first_line`, as standard Markdown. What an article cannot contain is
    left out with a note."""
    text = _joined(text)
    spoken = [dialect(state) for dialect, marks in _MARKS if marks.search(text)]
    return "\n".join(_translated(text, spoken, first_line)) if spoken else text


def _joined(text: str) -> str:
    """`text`, with each shortcode outside code that spans several lines moved to the first of them;
    the other lines become empty."""
    parts: list[str] = []
    end = 0
    for code in _FENCED.finditer(text):
        parts += (_BROKEN.sub(_on_one_line, text[end : code.start()]), code[0])
        end = code.end()
    return "".join((*parts, _BROKEN.sub(_on_one_line, text[end:])))


def _on_one_line(found: re.Match[str]) -> str:
    lines = found[0].count("\n")
    return found[0].replace("\n", " ") + "\n" * lines if lines else found[0]


def _translated(text: str, spoken: Sequence[MarkdownDialect], first_line: int) -> Iterator[str]:
    fence = ""
    for number, written in enumerate(text.split("\n"), first_line):
        for dialect in spoken if fence in ("", CODE_FENCE) else ():
            told = dialect.line(written, number)
            written = told if not fence or told == CODE_FENCE else written
        found = _FENCE.match(written)
        if fence:
            if found and found["fence"].startswith(fence) and not found["info"].strip():
                fence = ""
            yield written
        elif found and "`" not in found["info"]:
            fence = found["fence"]
            yield written
        else:
            for dialect in spoken:
                written = _outside_code(written, dialect.words, number)
            yield written


def _outside_code(written: str, words: Callable[[str, int], str], number: int) -> str:
    if "`" not in written:
        return words(written, number)
    parts: list[str] = []
    end = 0
    for code in _CODE.finditer(written):
        parts += (words(written[end : code.start()], number), code[0])
        end = code.end()
    return "".join((*parts, words(written[end:], number)))
