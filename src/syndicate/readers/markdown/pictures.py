"""Pictures: alone in a paragraph they are a figure or gallery, in running text they move below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syndicate.article import Figure, Gallery
from syndicate.article.values import one_line
from syndicate.readers.markdown.inlines import inlines_of_nodes, rows_of_nodes
from syndicate.readers.markdown.syntax import SyntaxNode
from syndicate.readers.prose import caption_and_credit, with_urls_linked
from syndicate.readers.reader_state import ReaderState


def lone_markdown_pictures(
    nodes: Sequence[SyntaxNode], state: ReaderState, line: int
) -> list[Figure | Gallery] | None:
    """The figure or gallery in a paragraph of `nodes`, None if the paragraph is something else. An
    emphasised last line is the caption."""
    if not any(map(_picture, nodes)):
        return None
    written = [row for row in rows_of_nodes(nodes) if not all(_is_space(node) for node in row)]
    caption: list[SyntaxNode] = []
    if len(written) > 1 and [node.type for node in written[-1] if not _is_space(node)] == ["em"]:
        caption = written.pop()
    shown = [node for row in written for node in row if not _is_space(node)]
    pictures = [picture for picture in map(_picture, shown) if picture]
    if not shown or len(pictures) < len(shown):
        return None
    for node in shown:
        if node.type == "link":
            state.left_out(f"the link {node.attrs.get('href')!r} of a picture", line)
    figures = [made for picture in pictures if (made := markdown_figure(picture, state, line))]
    words = inlines_of_nodes(
        (inner for node in caption if node.type == "em" for inner in node.children), state, line
    )
    if len(figures) > 1:
        return [Gallery(figures=tuple(figures), caption=words)]
    if figures and words:
        text, credit = caption_and_credit(words)
        return [
            figures[0].model_copy(update={"caption": text, "credit": credit or figures[0].credit})
        ]
    return list(figures)


def markdown_pictures_taken_out(
    nodes: Sequence[SyntaxNode], state: ReaderState, line: int
) -> tuple[list[SyntaxNode], list[Figure]]:
    """`nodes` without their pictures, and the figures that these become."""
    figures: list[Figure] = []
    words: list[SyntaxNode] = []
    for node in nodes:
        picture = _picture(node)
        if picture is None:
            words.append(node)
        elif made := markdown_figure(picture, state, line):
            state.guessed("a picture in running text belongs below its paragraph", line)
            figures.append(made)
    return words, figures


def markdown_figure(node: SyntaxNode, state: ReaderState, line: int) -> Figure | None:
    """The figure for an image node, None if its address is unsafe."""
    src = state.picture(str(node.attrs.get("src", "")), line)
    if src is None:
        return None
    caption, credit = caption_and_credit(with_urls_linked(str(node.attrs.get("title") or "")))
    alt = one_line("".join(_words(node)))
    return Figure(
        src=src,
        alt=alt or ("" if node.attrs.get("role") == "presentation" else None),
        caption=caption,
        credit=credit or str(node.attrs.get("credit") or "") or None,
        width=_pixels(node.attrs.get("width")),
        height=_pixels(node.attrs.get("height")),
    )


def _picture(node: SyntaxNode) -> SyntaxNode | None:
    """The image in `node`: the node itself, or the image in a link."""
    if node.type == "image":
        return node
    if node.type == "link" and len(node.children) == 1 and node.children[0].type == "image":
        return node.children[0]
    return None


def _is_space(node: SyntaxNode) -> bool:
    return node.type in ("softbreak", "hardbreak") or (
        node.type == "text" and not node.content.strip()
    )


def _words(node: SyntaxNode) -> Iterator[str]:
    for child in node.children:
        if child.type in ("softbreak", "hardbreak"):
            yield " "
        elif child.children:
            yield from _words(child)
        else:
            yield child.content


def _pixels(value: object) -> int | None:
    text = str(value or "").removesuffix("px")
    return (
        int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else None
    )
