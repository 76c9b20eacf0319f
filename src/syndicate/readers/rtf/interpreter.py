"""Executes the tokens of a Rich Text file: styled letters, paragraphs, cells, pictures."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import Any

from syndicate.article import Contributor, Tag
from syndicate.article.values import one_line
from syndicate.errors import SourceError
from syndicate.readers.contract import Source
from syndicate.readers.reader_state import ReaderState, shortened_for_note
from syndicate.readers.rtf.tokens import RtfToken, rtf_tokens

DEEPEST_GROUP = 500
MOST_CELLS = 100_000
_SKIPPED = frozenset(
    b"colortbl themedata colorschememapping datastore xmlnstbl rsidtbl header headerl headerr"
    b" headerf footer footerl footerr footerf pntext listtext pn objdata nonshppict latentstyles"
    b" generator bkmkstart bkmkend atnid atnauthor atndate atnref xe tc mmathPr wgrffmtfilter"
    b" fldtype sp revtbl private ftnsep".split()
)
_KEPT_STAR = frozenset(
    (b"fldinst", b"shppict", b"listtable", b"listoverridetable", b"shptxt", b"annotation")
)
"""Destinations that are marked as ignorable, but are read here."""
_SIGNS = {
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"tab": " ", b"emspace": " ", b"enspace": " ",
    b"zwj": "\u200d", b"zwnj": "\u200c", b"page": " ", b"column": " ", b"line": "\n",
}  # fmt: skip
_LOOKS = {
    b"b": "strong",
    b"i": "em",
    b"strike": "s",
    b"striked": "s",
    b"super": "sup",
    b"sub": "sub",
}
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_ADDRESS = re.compile(r'\s*HYPERLINK\s+(?:\\\w\s+)*"?(?P<url>[^"\s]+)"?', re.IGNORECASE)


@dataclass(frozen=True)
class FormattedRun:
    """Characters with their styles (names of HTML elements); `url` is the address of a link, `note`
    and `picture` refer to a footnote or picture at this place."""

    text: str
    looks: frozenset[str] = frozenset()
    url: str = ""
    note: int = 0
    picture: str = ""


@dataclass
class RtfParagraph:
    """The runs of a paragraph. `cell` means that a table cell ends with it, `row` a table row."""

    runs: list[FormattedRun] = field(default_factory=list)
    style: int = 0
    outline: int | None = None
    list_id: int | None = None
    level: int = 0
    in_table: bool = False
    cell: bool = False
    row: bool = False


@dataclass(frozen=True)
class _GroupState:
    """The state that a group inherits, and that is restored at its end."""

    target: str = "body"
    looks: frozenset[str] = frozenset()
    hidden: bool = False
    deleted: bool = False
    skip: int = 1
    codec: str = "cp1252"
    url: str = ""


class RtfInterpreter:
    """Interprets a file. After `run`, `paragraphs` is its text and `notes` its footnotes."""

    def __init__(self, source: Source, reader: ReaderState) -> None:
        self._source, self._reader = source, reader
        self.paragraphs: list[RtfParagraph] = []
        self.notes: list[list[RtfParagraph]] = []
        self.styles: dict[int, str] = {}
        self.ordered: dict[int, list[bool]] = {}
        self.found: dict[str, Any] = {}
        self.pictures: dict[str, bytes] = {}
        self._fonts: dict[int, str] = {}
        self._lists: dict[int, list[bool]] = {}
        self._state = _GroupState()
        self._stack: list[_GroupState] = []
        self._now = RtfParagraph()
        self._outer: list[tuple[list[RtfParagraph], RtfParagraph]] = []
        self._into = self.paragraphs
        self._bytes = bytearray()
        self._skipping = 0
        self._text: dict[str, list[str]] = {}
        self._number = 0
        self._levels: list[bool] = []
        self._cells = 0

    def run(self) -> None:
        """Read the whole file.

        Raises:
            SourceError: it is nested too deeply.
        """
        starred = False
        opened = False
        for token in rtf_tokens(self._source.data):
            if token.kind == "byte" or (token.kind == "text" and self._is_text):
                self._letters(token)
                opened = False
                continue
            self._flush()
            if token.kind == "open":
                if len(self._stack) >= DEEPEST_GROUP:
                    raise SourceError("this file is nested too deeply", where=self._source.at())
                self._stack.append(self._state)
                opened = True
                continue
            if token.kind == "close":
                self._close()
            elif token.kind == "sign":
                starred = opened and token.value == b"*"
                self._sign(token.value)
                opened = starred
                continue
            elif token.kind == "word":
                self._word(token, opened, starred)
            elif token.kind == "text":
                self._collect(token.value.decode("ascii", "ignore"))
            opened = starred = False
        self._flush()
        self._end()

    @property
    def _is_text(self) -> bool:
        return self._state.target in ("body", "info", "style", "instruction")

    def _letters(self, token: RtfToken) -> None:
        for number in token.value:
            if self._skipping:
                self._skipping -= 1
            else:
                self._bytes.append(number)

    def _flush(self) -> None:
        if self._bytes:
            text, self._bytes = self._bytes, bytearray()
            self._say(text.decode(self._state.codec, "replace"))

    def _say(self, text: str) -> None:
        state = self._state
        if state.target != "body":
            self._collect(text)
        elif state.hidden:
            self._text.setdefault("hidden", []).append(text)
        elif not state.deleted:
            self._now.runs.append(FormattedRun(text, state.looks, state.url))

    def _collect(self, text: str) -> None:
        if self._state.target not in ("skip", "body"):
            self._text.setdefault(self._state.target, []).append(text)

    def _take(self, target: str) -> str:
        return "".join(self._text.pop(target, ()))

    def _sign(self, sign: bytes) -> None:
        said = {b"~": "\u00a0", b"_": "‑", b"-": "", b"\n": "\n", b"\r": "\n"}
        if sign in b"\\{}":
            self._say(sign.decode())
        elif sign in (b"\n", b"\r"):
            self._end()
        elif text := said.get(sign):
            self._say(text)

    def _word(self, token: RtfToken, opened: bool, starred: bool) -> None:
        word, number = token.value, token.number
        if (starred and word not in _KEPT_STAR) or (word in _SKIPPED and (opened or starred)):
            self._set(target="skip")
        elif self._state.target == "skip":
            return
        elif word == b"u" and number is not None:
            self._say(chr(number % 65536))
            self._skipping = self._state.skip
        elif word == b"uc":
            self._set(skip=min(max(0, number or 0), 9))
        elif text := _SIGNS.get(word):
            self._say(text)
        elif look := _LOOKS.get(word):
            self._look(look, number != 0)
        elif handler := getattr(self, f"_on_{word.decode().lower()}", None):
            handler(number)

    def _set(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)

    def _look(self, look: str, on: bool) -> None:
        looks = self._state.looks
        self._set(looks=looks | {look} if on else looks - {look})

    def _on_nosupersub(self, number: int | None) -> None:
        self._set(looks=self._state.looks - {"sup", "sub"})

    def _on_plain(self, number: int | None) -> None:
        self._set(looks=frozenset(), hidden=False)

    def _on_v(self, number: int | None) -> None:
        self._set(hidden=number != 0)

    def _on_deleted(self, number: int | None) -> None:
        self._set(deleted=number != 0)

    def _on_ansicpg(self, number: int | None) -> None:
        self._set(codec=_codec(f"cp{number}"))

    def _on_f(self, number: int | None) -> None:
        if self._state.target == "fonts":
            self._number = number or 0
        elif codec := self._fonts.get(number or 0):
            self._set(codec=codec)

    def _on_fonttbl(self, number: int | None) -> None:
        self._set(target="fonts")

    def _on_fcharset(self, number: int | None) -> None:
        if self._state.target == "fonts" and number in _CHARSETS:
            self._fonts[self._number] = _CHARSETS[number]

    def _on_stylesheet(self, number: int | None) -> None:
        self._set(target="style")
        self._number = 0

    def _on_s(self, number: int | None) -> None:
        if self._state.target == "style":
            self._number = number or 0
        else:
            self._now.style = number or 0

    def _on_info(self, number: int | None) -> None:
        self._set(target="info")

    def _about(self, name: str) -> None:
        if self._state.target == "info":
            self._text.pop("info", None)
            self._text["about"] = [name]

    def _on_title(self, number: int | None) -> None:
        self._about("title")

    def _on_author(self, number: int | None) -> None:
        self._about("author")

    def _on_keywords(self, number: int | None) -> None:
        self._about("keywords")

    def _on_pard(self, number: int | None) -> None:
        now = self._now
        now.style, now.outline, now.list_id, now.level, now.in_table = 0, None, None, 0, False

    def _on_outlinelevel(self, number: int | None) -> None:
        self._now.outline = number

    def _on_ls(self, number: int | None) -> None:
        if self._state.target == "overrides":
            self.ordered[number or 0] = self._lists.get(self._number, [])
        else:
            self._now.list_id = number

    def _on_ilvl(self, number: int | None) -> None:
        self._now.level = min(max(0, number or 0), 9)

    def _on_intbl(self, number: int | None) -> None:
        self._now.in_table = True

    def _on_par(self, number: int | None) -> None:
        self._end()

    def _on_sect(self, number: int | None) -> None:
        self._end()

    def _on_cell(self, number: int | None) -> None:
        self._cells += 1
        self._now.in_table = self._now.cell = True
        self._end()

    def _on_row(self, number: int | None) -> None:
        self._now.in_table = self._now.row = True
        self._end()

    def _on_listtable(self, number: int | None) -> None:
        self._set(target="lists")

    def _on_listoverridetable(self, number: int | None) -> None:
        self._set(target="overrides")

    def _on_levelnfc(self, number: int | None) -> None:
        self._levels.append(number not in (23, 255))

    def _on_listid(self, number: int | None) -> None:
        self._number = number or 0
        if self._state.target == "lists":
            self._lists[self._number], self._levels = self._levels, []

    def _on_fldinst(self, number: int | None) -> None:
        self._set(target="instruction")

    def _on_fldrslt(self, number: int | None) -> None:
        found = _ADDRESS.match(self._take("instruction"))
        self._set(target="body", url=found["url"] if found else self._state.url)

    def _on_annotation(self, number: int | None) -> None:
        self._set(target="comment")

    def _on_pict(self, number: int | None) -> None:
        self._set(target="picture")

    def _on_footnote(self, number: int | None) -> None:
        notes: list[RtfParagraph] = []
        self.notes.append(notes)
        self._now.runs.append(FormattedRun("", note=len(self.notes)))
        self._outer.append((self._into, self._now))
        self._into, self._now = notes, RtfParagraph()
        self._set(target="body", url="note")

    def _close(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        target = ended.target
        if target == "style" and (name := self._take("style").partition(";")[0].strip()):
            self.styles.setdefault(self._number, name)
            self._number = 0
        elif target == "info":
            self._set_metadata(self._take("about"), one_line(self._take("info")))
        elif target == "comment" and self._state.target != "comment":
            if words := one_line(self._take("comment")):
                self._reader.left_out(f"the comment {shortened_for_note(words)!r}")
        elif target == "picture" and self._state.target != "picture":
            self._picture(self._take("picture"))
        elif ended.url == "note" and self._state.url != "note" and self._outer:
            self._end()
            self._into, self._now = self._outer.pop()

    def _set_metadata(self, name: str, text: str) -> None:
        if name == "title" and text:
            self.found["title"] = text
        elif name == "author" and text:
            self.found["contributors"] = (Contributor(name=text),)
        elif name == "keywords" and text:
            words = dict.fromkeys(filter(None, map(one_line, re.split("[,;]", text))))
            self.found["tags"] = tuple(Tag(name=word) for word in words)

    def _picture(self, written: str) -> None:
        digits = re.sub(r"[^0-9a-fA-F]", "", written)
        data = bytes.fromhex(digits[: len(digits) // 2 * 2])
        if data:
            src = f"picture-{len(self.pictures) + 1}"
            self.pictures[src] = data
            self._now.runs.append(FormattedRun("", picture=src))

    def _end(self) -> None:
        """End a paragraph of the text."""
        if self._state.target != "body":
            return
        if hidden := one_line(self._take("hidden")):
            self._reader.left_out(f"hidden text: {shortened_for_note(hidden)!r}")
        now = self._now
        self._into.append(now)
        self._now = replace(now, runs=[], cell=False, row=False)


def _codec(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
