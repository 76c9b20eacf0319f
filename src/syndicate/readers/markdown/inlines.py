"""Turns the nodes of a sentence into inlines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from syndicate.article import (
    Code,
    Emphasis,
    FootnoteReference,
    LineBreak,
    Link,
    Span,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
)
from syndicate.article.inlines import Content, Inline
from syndicate.article.values import direction_of
from syndicate.readers.markdown.html import is_html_in_markdown
from syndicate.readers.markdown.syntax import SyntaxNode
from syndicate.readers.prose import joined_prose, trimmed_prose, with_urls_linked
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_WRAPPERS: dict[str, type[Emphasis | Strong | Strike | Subscript | Superscript]] = {
    "em": Emphasis,
    "strong": Strong,
    "s": Strike,
    "sub": Subscript,
    "sup": Superscript,
}
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_SPACES = re.compile("  +")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def inlines_of_nodes(nodes: Iterable[SyntaxNode], state: ReaderState, line: int) -> Content:
    """The content of `nodes`; bare URLs become links, pictures become their alternative text."""
    return trimmed_prose(_Inlines(state, line).content(list(nodes)))


def rows_of_nodes(nodes: Sequence[SyntaxNode]) -> list[list[SyntaxNode]]:
    """`nodes`, grouped by the lines that they are written on."""
    found: list[list[SyntaxNode]] = [[]]
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            found.append([])
        else:
            found[-1].append(node)
    return found


def is_escaped(nodes: Sequence[SyntaxNode]) -> bool:
    """Whether the first character of `nodes` is escaped, so that it is not markup."""
    while nodes and nodes[0].children:
        nodes = nodes[0].children
    return bool(nodes) and nodes[0].type == "text_special"


class _Inlines:
    def __init__(self, state: ReaderState, line: int) -> None:
        self._state = state
        self._line = line

    def content(self, nodes: Sequence[SyntaxNode], in_link: bool = False) -> Content:
        parts: list[Inline] = []
        run: list[str] = []

        def end_run() -> None:
            if text := _SPACES.sub(" ", "".join(run)):
                parts.extend((Text(text=text),) if in_link else with_urls_linked(text))
            run.clear()

        for number, node in enumerate(nodes):
            if node.type == "text" or (node.type == "text_special" and node.content != ":"):
                run.append(node.content)
            elif node.type == "text_special":
                # "https\://example.org" is an address that must not become a link.
                end_run()
                run.append(node.content)
            elif node.type == "softbreak":
                after = nodes[number + 1].content if number + 1 < len(nodes) else ""
                run.append("" if _no_space("".join(run[-1:]), after) else " ")
            elif node.type == "image":
                run.append(self._words_for(node))
            elif node.type == "html_inline" and not is_html_in_markdown(node.content):
                run.append(node.content)
            elif node.type == "html_inline" and not _BREAK.fullmatch(node.content):
                self._state.left_out(f"the HTML {shortened_for_note(node.content)!r}", self._line)
            else:
                end_run()
                parts.extend(self._inline(node, in_link))
        end_run()
        return joined_prose(parts)

    def _words_for(self, picture: SyntaxNode) -> str:
        self._state.left_out("a picture inside running text", self._line)
        return picture.content

    def _inline(self, node: SyntaxNode, in_link: bool) -> Sequence[Inline]:
        match node.type:
            case "hardbreak" | "html_inline":
                return (LineBreak(),)
            case "code_inline":
                return (Code(text=node.content),)
            case "footnote_ref":
                return (FootnoteReference(label=str(node.meta["label"])),)
            case "link":
                return self._link(node)
            case "span":
                return self._span(node, in_link)
            case _:
                inner = self.content(node.children, in_link)
                wrapper = _WRAPPERS.get(node.type)
                return (wrapper(content=inner),) if wrapper and inner else inner

    def _link(self, node: SyntaxNode) -> Sequence[Inline]:
        inner = self.content(node.children, in_link=True)
        url = self._state.link(str(node.attrs.get("href", "")), self._line)
        if not url or not inner:
            return inner
        return (Link(url=url, title=str(node.attrs.get("title") or "") or None, content=inner),)

    def _span(self, node: SyntaxNode, in_link: bool) -> Sequence[Inline]:
        inner = self.content(node.children, in_link)
        language = str(node.attrs.get("lang") or node.attrs.get("language") or "")
        if not language or not inner:
            return inner
        stated = node.attrs.get("dir")
        direction = stated if stated in ("ltr", "rtl") else direction_of(language)
        try:
            return (
                Span.model_validate(
                    {"language": language, "direction": direction, "content": inner}
                ),
            )
        except ValidationError:
            self._state.left_out(f"the language {language!r}: not a language tag", self._line)
            return inner


def _no_space(before: str, after: str) -> bool:
    """Whether two lines join without a space, as in Chinese and Japanese."""
    return bool(before and after and _UNSPACED.match(before[-1]) and _UNSPACED.match(after[0]))
