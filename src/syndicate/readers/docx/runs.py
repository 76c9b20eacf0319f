"""Runs of characters → inlines. Word splits a sentence into runs at arbitrary places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mammoth import documents

from syndicate.article import (
    Code,
    Emphasis,
    FootnoteReference,
    LineBreak,
    Link,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
)
from syndicate.article.inlines import Content, Inline
from syndicate.readers.docx.styles import is_code_in_word
from syndicate.readers.prose import trimmed_prose
from syndicate.readers.reader_state import ReaderState

Mark: TypeAlias = "tuple[str, str]"
_WRAPPERS: dict[str, Any] = {
    "strong": Strong,
    "emphasis": Emphasis,
    "strike": Strike,
    "superscript": Superscript,
    "subscript": Subscript,
}


@dataclass(frozen=True)
class DocxInline:
    """Characters, a break or a footnote reference, with the marks on it, outermost first."""

    inline: Inline
    marks: tuple[Mark, ...] = ()

    @property
    def is_space(self) -> bool:
        """Whether it has nothing visible."""
        return isinstance(self.inline, Text) and not self.inline.text.strip()


def docx_content(elements: Iterable[Any], state: ReaderState, labels: dict[Any, str]) -> Content:
    """The inlines of a paragraph's `elements`. Each footnote in them gets the next label."""
    return trimmed_prose(_nested(_tidy(list(_pieces(elements, state, labels, ())))))


def verbatim_docx_text(elements: Iterable[Any]) -> str:
    """The characters of a paragraph's `elements` unchanged, for computer code."""
    parts: list[str] = []
    for element in elements:
        match element:
            case documents.Text(value=text):
                parts.append(text)
            case documents.Tab():
                parts.append("\t")
            case documents.Break():
                parts.append("\n")
            case _:
                parts.append(verbatim_docx_text(getattr(element, "children", ())))
    return "".join(parts)


def is_bold_in_docx(inlines: Content) -> bool:
    """Whether every word of `inlines` is bold."""
    return bool(inlines) and all(
        isinstance(one, Strong | LineBreak) or (isinstance(one, Text) and not one.text.strip())
        for one in inlines
    )


def docx_without_bold(inlines: Content) -> Content:
    """`inlines` without bold, for places where everything is bold anyway, such as headings."""
    return tuple(
        inner
        for one in inlines
        for inner in (docx_without_bold(one.content) if isinstance(one, Strong) else (one,))
    )


def _pieces(
    elements: Iterable[Any], state: ReaderState, labels: dict[Any, str], marks: tuple[Mark, ...]
) -> Iterator[DocxInline]:
    for element in elements:
        match element:
            case documents.Run():
                code = is_code_in_word(element.style_name, element.font)
                inner = (*marks, *_marks(element), *((("code", ""),) if code else ()))
                yield from _pieces(element.children, state, labels, inner)
            case documents.Text(value=text):
                yield DocxInline(Text(text=text), marks)
            case documents.Tab():
                yield DocxInline(Text(text=" "), marks)
            case documents.Break(break_type="line"):
                yield DocxInline(LineBreak(), marks)
            case documents.Break():
                yield DocxInline(Text(text=" "), marks)
            case documents.Checkbox(checked=checked):
                yield DocxInline(Text(text="☑" if checked else "☐"), marks)
            case documents.Hyperlink():
                url = state.link(element.href) if element.href else None
                link = (("link", url),) if url and not any(m[0] == "link" for m in marks) else ()
                yield from _pieces(element.children, state, labels, (*link, *marks))
            case documents.NoteReference():
                key = (element.note_type, element.note_id)
                label = labels.setdefault(key, str(len(labels) + 1))
                yield DocxInline(FootnoteReference(label=label))


def _marks(run: Any) -> Iterator[Mark]:
    for name, is_on in (
        ("strong", run.is_bold),
        ("emphasis", run.is_italic),
        ("strike", run.is_strikethrough),
        ("superscript", run.vertical_alignment == "superscript"),
        ("subscript", run.vertical_alignment == "subscript"),
    ):
        if is_on:
            yield name, ""


def _tidy(pieces: list[DocxInline]) -> list[DocxInline]:
    """`pieces`; a space between two words has the marks that both words share."""
    tidy = list(pieces)
    for number, piece in enumerate(pieces):
        if piece.is_space and 0 < number < len(pieces) - 1:
            after = pieces[number + 1].marks
            tidy[number] = DocxInline(
                piece.inline, tuple(m for m in tidy[number - 1].marks if m in after)
            )
        elif piece.is_space:
            tidy[number] = DocxInline(piece.inline)
    return tidy


def _nested(pieces: Sequence[DocxInline]) -> Content:
    """`pieces` as nested inlines, as few as possible."""
    inlines: list[Inline] = []
    at = 0
    while at < len(pieces):
        first = pieces[at]
        if not first.marks:
            _append(inlines, first.inline)
            at += 1
            continue
        # The mark that covers the most pieces is the outermost.
        ends = {mark: _reach(pieces, at, mark) for mark in first.marks}
        mark = max(first.marks, key=lambda one: (one[0] == "link", ends[one]))
        inner = [
            DocxInline(piece.inline, tuple(one for one in piece.marks if one != mark))
            for piece in pieces[at : ends[mark]]
        ]
        inlines.append(_wrapped(mark, inner))
        at = ends[mark]
    return tuple(inlines)


def _reach(pieces: Sequence[DocxInline], start: int, mark: Mark) -> int:
    at = start
    while at < len(pieces) and mark in pieces[at].marks:
        at += 1
    return at


def _wrapped(mark: Mark, inner: list[DocxInline]) -> Inline:
    name, value = mark
    if name == "link":
        return Link(url=value, content=_nested(inner))
    if name == "code":
        return Code(text="".join(getattr(piece.inline, "text", "\n") for piece in inner))
    wrapper: Inline = _WRAPPERS[name](content=_nested(inner))
    return wrapper


def _append(inlines: list[Inline], inline: Inline) -> None:
    if isinstance(inline, Text) and inlines and isinstance(last := inlines[-1], Text):
        inlines[-1] = Text(text=last.text + inline.text)
    else:
        inlines.append(inline)
