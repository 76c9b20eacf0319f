"""Parses Markdown text into a syntax tree, with limits so that no input is slow to parse."""

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
"""For each unclosed "[" the parser scans the text after it; this many take seconds."""


@cache
def _parser() -> MarkdownIt:
    # Beyond `maxNesting` the parser silently drops text; the margin lets us raise an error first.
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST + 20})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(sub_plugin).use(superscript_plugin)
    parser.use(attrs_plugin, after=("image", "span_close"), spans=True)
    parser.use(container_plugin, "box", validate=lambda name, _: bool(name.strip()))
    parser.use(admon_plugin)
    # Without joining, an escaped character can be distinguished from one that is markup.
    parser.disable("text_join")
    # Footnotes stay in place, so that a footnote without a reference is not lost.
    parser.disable("footnote_tail")
    # Unsafe links are checked, and noted, when they become part of the article.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


@dataclass(slots=True)
class SyntaxNode:
    """A token and the nodes inside it. `line` is its first line in the parsed text, from 0;
    `markup` is the characters that mark it, such as `**`."""

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


def parse_markdown(text: str, source: Source, first_line: int) -> Tree:
    """The tree of `text`, which begins at `first_line` of `source`.

    Raises:
        SourceError: it is nested deeper than `DEEPEST`, or has more than `MOST_BRACKETS` "[".
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
    """The nodes between the opening and closing tokens among `tokens`."""
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
    """Labels by the parser's numbers; the label of a note without one is its number, if unused."""
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
