"""The text part of a mail, 72 columns wide as a terminal counts them.

Block macros write one line per paragraph and mark it with characters that no article can contain
(XML 1.0 forbids them). `HANG` ends the prefix of the first line, such as a bullet; `KEEP` leaves a
line unwrapped; `BREAK` is a line break in the article's own text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

import regex

from syndicate.article import Table
from syndicate.article.inlines import Content

COLUMNS = 72
HANG, KEEP, BREAK = "\x01", "\x02", "\x03"

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}"
# White space at which a line may end; not the no-break spaces U+00A0 and U+202F.
_SPACE = r"[^\S\u00a0\u202f]"
_SPACES = regex.compile(_SPACE + "+")
# What may be alone on a line: a word, or one ideograph with the punctuation that belongs to it.
_PIECE = regex.compile(
    rf"[\p{{Ps}}\p{{Pi}}]*[{_UNSPACED}][\p{{M}}\p{{Lm}}\p{{Po}}\p{{Pe}}\p{{Pf}}ー…]*"
    rf"|(?:(?!{_SPACE})[^{_UNSPACED}])+?(?={_SPACE}|$|[\p{{Ps}}\p{{Pi}}]*[{_UNSPACED}])|{_SPACE}+"
)
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_PREFIX = regex.compile(r"^[\s>|]*")
_BLANK_LINES = regex.compile(r"\n{3,}")


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc", "Cn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plain_text_width(text: str) -> int:
    """The number of columns that `text` takes: two for wide characters, none for marks (UAX 11)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def flow_plain_text(text: str) -> str:
    """`text` with white space collapsed as in HTML, and with `BREAK` turned into line breaks."""
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split(BREAK))


def raised_plain_text(text: str) -> str:
    """`text` in superscript characters, or unchanged if it has a character without one."""
    return text.translate(_RAISED) if _covers(_RAISED, text) else text


def lowered_plain_text(text: str) -> str:
    """`text` in subscript characters, or unchanged if it has a character without one."""
    return text.translate(_LOWERED) if _covers(_LOWERED, text) else text


def _covers(table: dict[int, int], text: str) -> bool:
    return all(ord(character) in table for character in text)


def underline_plain_text(text: str, stroke: str) -> str:
    """`text` as a wrapped heading, underlined with `stroke` as far as its widest line."""
    lines = [line for part in flow_plain_text(text).split("\n") for line in _wrapped(part)]
    rule = stroke * max(map(plain_text_width, lines), default=0)
    return "\n".join(KEEP + line for line in (*lines, rule))


def plain_text_grid(table: Table, inlines: Callable[[Content], str]) -> str:
    """`table` in columns or, if they are too wide, one line per cell with the column's heading."""
    cells = [
        [flow_plain_text(inlines(cell)).replace("\n", " ") for cell in row]
        for row in (table.header, *table.rows)
        if row
    ]
    if not cells:
        return ""
    widths = [max(map(plain_text_width, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > COLUMNS:
        return _records(cells, bool(table.header))
    sides = [*table.align, *[None] * len(widths)]
    lines = [
        "  ".join(_padded(cell, widths[n], sides[n]) for n, cell in enumerate(row)).rstrip()
        for row in cells
    ]
    if table.header:
        lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(KEEP + line for line in lines)


def _padded(cell: str, columns: int, side: str | None) -> str:
    space = columns - plain_text_width(cell)
    before = {"end": space, "center": space // 2}.get(side or "", 0)
    return " " * before + cell + " " * (space - before)


def _records(cells: list[list[str]], headed: bool) -> str:
    header, rows = (cells[0], cells[1:]) if headed else ([""] * len(cells[0]), cells)
    return "\n\n".join(
        "\n".join(_named(name, cell) for name, cell in zip(header, row, strict=True))
        for row in rows
    )


def _named(name: str, cell: str) -> str:
    return f"{name}: {HANG}{cell}" if name else cell


def wrap_plain_text(text: str) -> str:
    """`text`, the output of the block macros, in lines of at most 72 columns.

    URLs are never broken. Between ideographs, lines break anywhere except before closing marks.
    """
    text = _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip(" ") for line in text.split("\n")))
    return (
        "\n".join(line for marked in text.strip("\n").split("\n") for line in _set(marked)) + "\n"
    )


def _set(marked: str) -> Iterator[str]:
    if KEEP in marked:
        yield marked.replace(KEEP, "").replace(HANG, "").rstrip()
        return
    prefix, hung, line = marked.rpartition(HANG)
    prefix = prefix.replace(HANG, "")
    if not hung:
        prefix = _PREFIX.match(line)[0]
        line = line[len(prefix) :]
    rest = "".join(c if c in ">|" else " " * _columns(c) for c in prefix)
    for n, part in enumerate(_wrapped(line, COLUMNS - plain_text_width(prefix)) or [""]):
        yield ((rest if n else prefix) + part).rstrip()


def _wrapped(line: str, columns: int = COLUMNS) -> list[str]:
    columns = max(columns, 16)
    if plain_text_width(line) <= columns:
        return [line] if line else []
    lines, current, used = [], "", 0
    for piece in _pieces(line, columns):
        size = plain_text_width(piece)
        if used + size > columns and current.strip():
            lines.append(current.rstrip())
            current, used = "", 0
        if current or not piece.isspace():
            current, used = current + piece, used + size
    return [*lines, current.rstrip()] if current.strip() else lines


def _pieces(line: str, columns: int) -> Iterator[str]:
    for piece in _PIECE.findall(line):
        if plain_text_width(piece) <= columns or "://" in piece:
            yield piece
        else:  # a word wider than the page, or a script without spaces
            yield from regex.findall(r"\X", piece)
