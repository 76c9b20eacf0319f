"""HTML inside a sentence: the tags that Markdown writers use become the corresponding nodes."""

from __future__ import annotations

from html.parser import HTMLParser

from syndicate.readers.contract import DEEPEST
from syndicate.readers.markdown.syntax import SyntaxNode

_NODES = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("strong", "b", "mark"), "strong"),
    **dict.fromkeys(("s", "del", "strike"), "s"),
    "sub": "sub",
    "sup": "sup",
    "span": "span",
    "bdi": "span",
    "a": "link",
}


def inline_nodes(node: SyntaxNode) -> list[SyntaxNode]:
    """The nodes of the sentence inside a paragraph, heading or cell."""
    inside = [
        inner for child in node.children if child.type == "inline" for inner in child.children
    ]
    return _with_tags(inside)


def _with_tags(nodes: list[SyntaxNode], depth: int = 0) -> list[SyntaxNode]:
    """`nodes`, with each pair of known tags as a node around the nodes between them, and `<img>` as
    a picture. Unpaired tags stay unchanged."""
    if not any(node.type == "html_inline" or node.children for node in nodes):
        return nodes
    top = SyntaxNode("top")
    open_nodes = [top]
    tags = [top]
    for node in nodes:
        if node.children:
            node.children = _with_tags(node.children, depth + len(open_nodes))
        name, attrs, closes = _tag(node)
        if name == "img":
            open_nodes[-1].children.append(_picture(node, attrs))
        elif name in _NODES and not closes and depth + len(open_nodes) < DEEPEST:
            tags.append(node)
            open_nodes.append(SyntaxNode(_NODES[name], tag=name, markup="<", attrs=attrs))
        elif name in _NODES and closes and open_nodes[-1].tag == name:
            tags.pop()
            whole = open_nodes.pop()
            open_nodes[-1].children.append(whole)
        else:
            open_nodes[-1].children.append(node)
    while len(open_nodes) > 1:
        unclosed = open_nodes.pop()
        open_nodes[-1].children.extend((tags.pop(), *unclosed.children))
    return top.children


def _tag(node: SyntaxNode) -> tuple[str, dict[str, str | int | float], bool]:
    """The name and attributes of the tag in `node`, and whether it is a closing tag."""
    if node.type != "html_inline":
        return "", {}, False
    parser = _Tag()
    parser.feed(node.content)
    return parser.name, parser.attrs, parser.closes


def _picture(node: SyntaxNode, attrs: dict[str, str | int | float]) -> SyntaxNode:
    alt = str(attrs.pop("alt", ""))
    if not alt and "alt=" in node.content.lower():
        attrs["role"] = "presentation"
    words = [SyntaxNode("text", content=alt)] if alt else []
    return SyntaxNode("image", content=alt, attrs=attrs, children=words)


class _Tag(HTMLParser):
    """Reads one tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.name = ""
        self.attrs: dict[str, str | int | float] = {}
        self.closes = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.name = tag
        self.attrs = {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        # "<img/>" is a start and an end in one.
        self.closes = self.name != tag
        self.name = tag
