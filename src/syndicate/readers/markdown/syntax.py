"""From Markdown text to a syntax tree, with the bounds that keep any input cheap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from syndicate.errors import SourceError
from syndicate.readers.contract import DEEPEST, Source

MOST_BRACKETS = 20_000
"""Each unclosed "[" costs the parser a look at the text that follows; these take seconds."""


@cache
def _parser() -> MarkdownIt:
    # Past `maxNesting` the parser drops text without a word; the margin makes us notice first.
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST + 20})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(sub_plugin).use(superscript_plugin)
    parser.use(attrs_plugin, after=("image", "span_close"), spans=True)
    parser.use(container_plugin, "box", validate=lambda name, _: bool(name.strip()))
    parser.use(admon_plugin)
    # Kept apart, an escaped character can be told from one that marks something.
    parser.disable("text_join")
    # Footnotes stay where they stand, so that one without a reference is not lost.
    parser.disable("footnote_tail")
    # Unsafe links are judged, and noted, when they become part of the article.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


@dataclass(slots=True)
class SyntaxNode:
    """A token with what stands inside it; `line` is its first in the parsed text, from 0,
    `markup` the characters that make it what it is."""

    type: str
    tag: str = ""
    content: str = ""
    info: str = ""
    markup: str = ""
    line: int | None = None
    attrs: dict[str, str | int | float] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    children: list[SyntaxNode] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """The parsed text: its blocks, the footnotes written inside sentences by label, and the
    labels of all footnotes in the order in which the text refers to them."""

    blocks: list[SyntaxNode]
    inline_notes: dict[str, list[SyntaxNode]]
    note_order: list[str]


def parse(text: str, source: Source, first_line: int) -> Tree:
    """The tree of `text`, which begins at `first_line` of `source`.

    Raises:
        SourceError: it nests deeper than `DEEPEST`, or has more than `MOST_BRACKETS` "[".
    """
    if text.count("[") > MOST_BRACKETS:
        raise SourceError(
            f"more than {MOST_BRACKETS:,} opening brackets in one article", where=source.at()
        )
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    _check_depth(tokens, source, first_line)
    footnotes = env.get("footnotes", {})
    labels = _labels(footnotes)
    inline_notes: dict[str, list[SyntaxNode]] = {}
    for number, note in footnotes.get("list", {}).items():
        if note.get("tokens"):
            _check_depth(note["tokens"], source, first_line)
            _label_references(note["tokens"], labels)
            inline_notes[labels[number]] = _nested(note["tokens"])
    for token in tokens:
        _label_references(token.children or (), labels)
    return Tree(_nested(tokens), inline_notes, [labels[n] for n in sorted(labels)])


def _nested(tokens: Iterable[Token]) -> list[SyntaxNode]:
    """The nodes that the openings and closings among `tokens` enclose."""
    top = SyntaxNode("top")
    open_nodes = [top]
    for token in tokens:
        if token.nesting < 0:
            open_nodes.pop()
            continue
        node = SyntaxNode(
            token.type.removesuffix("_open"),
            token.tag,
            token.content,
            token.info,
            token.markup,
            token.map[0] if token.map else None,
            token.attrs,
            token.meta,
            _nested(token.children) if token.children else [],
        )
        open_nodes[-1].children.append(node)
        if token.nesting > 0:
            open_nodes.append(node)
    return top.children


def _labels(footnotes: dict[str, Any]) -> dict[int, str]:
    """Labels by the parser's numbers; a note without one takes its number, where that is free."""
    taken = {label.removeprefix(":") for label in footnotes.get("refs", {})}
    labels: dict[int, str] = {}
    for number, note in sorted(footnotes.get("list", {}).items()):
        own = str(number + 1)
        labels[number] = note.get("label") or (f"note-{own}" if own in taken else own)
    return labels


def _label_references(tokens: Iterable[Token], labels: dict[int, str]) -> None:
    for token in tokens:
        if token.type == "footnote_ref":
            token.meta["label"] = labels[token.meta["id"]]


def _check_depth(tokens: list[Token], source: Source, first_line: int) -> None:
    depth = 0
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        depth += token.nesting
        inner = deepest = depth
        for child in token.children or ():
            inner += child.nesting
            deepest = max(deepest, inner)
        if deepest > DEEPEST:
            raise SourceError(f"nested deeper than {DEEPEST} levels", where=source.at(line, 1))
