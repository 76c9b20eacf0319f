"""`::: name` boxes: blocks for which CommonMark and its extensions have no notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from syndicate.article import (
    FAQ,
    Block,
    CallToAction,
    Correction,
    Divider,
    Figure,
    Gallery,
    Heading,
    LineBreak,
    List,
    Paragraph,
    Paywall,
    PullQuote,
    QuestionAnswer,
    Related,
    RelatedLink,
    Strong,
    Text,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import passages, plain
from syndicate.errors import SourceError
from syndicate.readers.markdown.context import MarkdownNodeReader
from syndicate.readers.markdown.inlines import inlines_of_nodes, rows_of_nodes
from syndicate.readers.markdown.syntax import SyntaxNode
from syndicate.readers.markdown.tags import inline_nodes
from syndicate.readers.prose import (
    Answered,
    Asked,
    Part,
    call_to_action_from,
    embed_from,
    prose_without_start,
    sole_link,
    with_urls_linked,
)
from syndicate.readers.vocabulary import KINDS, QUESTION

_NAME = re.compile(r"\s*\{?\s*\.?(?:callout-)?([\w-]+)(?:\}|(?=[\s\[{:])|$)\s*(.*?)\s*", re.DOTALL)
_TITLED = re.compile(
    r"""\btitle\s*=\s*["“](?P<quoted>[^"”]*)|^\[(?P<bracketed>[^\]]*)\]$|^"(?P<whole>[^"]+)"$"""
)
_CREDIT = re.compile(r"Credit\s*:\s*")


def container(reader: MarkdownNodeReader, node: SyntaxNode) -> Iterable[Block]:
    """The blocks of a `:::` box; a box with an unknown name is unwrapped, with a note.

    Raises:
        SourceError: the text after the name is wrong for this kind of box.
    """
    found = _NAME.fullmatch(node.info)
    name, rest = (found[1].lower(), found[2]) if found else ("", "")
    if name in _READERS:
        return _READERS[name](reader, node, rest)
    if name in KINDS:
        return (reader.callout(name, with_urls_linked(_title(rest)), reader.blocks(node.children)),)
    reader.state.left_out(f"the box ':::{node.info}', except its words", reader.line(node))
    summary = "" if "=" in rest or "{" in node.info else rest
    heading = (Paragraph(content=(Strong(content=with_urls_linked(summary)),)),) if summary else ()
    return (*heading, *reader.blocks(node.children))


def _title(rest: str) -> str:
    """The label in the text after a box's name: bare, `[in brackets]` or `title="…"`."""
    found = _TITLED.search(rest)
    if found:
        return next((title for title in found.groups() if title), "")
    return "" if "{" in rest or rest.endswith("}") else rest.rstrip(" :")


def _callout(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    word, _, label = rest.partition(" ")
    if word.lower() not in KINDS:
        word, label = "note", rest
    return (
        reader.callout(word, (Text(text=label),) if label else (), reader.blocks(node.children)),
    )


def _faq(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    """An FAQ. If the first question is marked ("Q: …"), all are, and headings belong to answers."""
    before: list[Block] = []
    pairs: list[tuple[Content, list[Block]]] = []
    shape = ""
    for child in node.children:
        own = _shape(reader, child)
        asks = shape != "marked" or own == shape
        for part in _questions(reader, child, own) if asks else reader.parts(child):
            if isinstance(part, Asked) and asks:
                pairs.append((part.question, []))
                shape = shape or own
                continue
            said = part.blocks if isinstance(part, Answered) else (part,)
            (pairs[-1][1] if pairs else before).extend(
                one.block if isinstance(one, Asked) else one for one in said
            )
    faq = FAQ(
        pairs=tuple(QuestionAnswer(question=asked, answer=tuple(said)) for asked, said in pairs)
    )
    return (*before, faq) if pairs else tuple(before)


def _shape(reader: MarkdownNodeReader, node: SyntaxNode) -> str:
    """The way in which `node` would be written if it is a question: "strong", "marked" …"""
    if node.type == "paragraph":
        first = rows_of_nodes(inline_nodes(node))[0]
        return (
            "strong"
            if _all_strong(inlines_of_nodes(first, reader.state, reader.line(node)))
            else "marked"
        )
    return node.type


def _questions(reader: MarkdownNodeReader, node: SyntaxNode, shape: str) -> Iterable[Part]:
    """The parts of `node`, read as a question that is written in the way that `shape` names."""
    line = reader.line(node)
    if shape == "heading":
        content = reader.content(node)
        return [Asked(content, Heading(content=content))]
    if shape == "dl":
        return [
            Asked(reader.content(child), Paragraph(content=reader.content(child)))
            if child.type == "dt"
            else Answered(reader.blocks(child.children), Divider())
            for child in node.children
        ]
    if shape == "strong":
        inside = inline_nodes(node)
        first = rows_of_nodes(inside)[0]
        content = inlines_of_nodes(first, reader.state, line)
        question = prose_without_start(_all_strong(content), QUESTION) or _all_strong(content)
        return [
            Asked(question, Paragraph(content=content)),
            *reader.paragraph(inside[len(first) + 1 :], line + 1),
        ]
    return reader.parts(node)


def _all_strong(content: Content) -> Content:
    if len(content) == 1 and isinstance(strong := content[0], Strong):
        return strong.content
    return ()


def _figure(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    """A picture, its caption and a paragraph `Credit: Name`; other blocks follow the figure."""
    blocks = reader.blocks(node.children)
    at = next((n for n, block in enumerate(blocks) if isinstance(block, Figure)), None)
    if at is None:
        return blocks
    figure, others = blocks[at], [*blocks[:at], *blocks[at + 1 :]]
    parts: dict[str, object] = {}
    for block in list(others):
        if not isinstance(block, Paragraph):
            continue
        credit = prose_without_start(block.content, _CREDIT)
        if credit and "credit" not in parts:
            parts["credit"] = plain(credit)
        elif "caption" not in parts:
            parts["caption"] = block.content
        else:
            continue
        others.remove(block)
    return (figure.model_copy(update=parts), *others)


def _pullquote(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    blocks, cite = reader.cited(node.children)
    return (PullQuote(content=_content(blocks), cite=cite),) if blocks else ()


def _cta(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    content = _content(reader.blocks(node.children))
    if not content:
        return ()
    url = reader.state.link(rest, reader.line(node)) if rest else None
    return (CallToAction(content=content, url=url) if url else call_to_action_from(content),)


def _correction(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    try:
        day = date.fromisoformat(rest)
    except ValueError as error:
        raise SourceError(
            f"a correction needs a date, for example '::: correction 2026-10-06', not {rest!r}",
            where=reader.state.source.at(reader.line(node), 1),
        ) from error
    content = _content(reader.blocks(node.children))
    return (Correction(date=day, content=content),) if content else ()


def _related(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    links: list[RelatedLink] = []
    others: list[Block] = []
    for block in reader.blocks(node.children):
        for paragraph in _paragraphs(block):
            link = sole_link(paragraph.content) if isinstance(paragraph, Paragraph) else None
            if link:
                links.append(RelatedLink(url=link.url, title=plain(link.content)))
            else:
                others.append(paragraph)
    return (*others, *((Related(links=tuple(links)),) if links else ()))


def _paragraphs(block: Block) -> Blocks:
    if isinstance(block, List):
        return tuple(inner for item in block.items for inner in item.blocks)
    return (block,)


def _gallery(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    figures: list[Figure] = []
    caption: Content = ()
    others: list[Block] = []
    for block in reader.blocks(node.children):
        if isinstance(block, Figure):
            figures.append(block)
        elif isinstance(block, Gallery):
            figures.extend(block.figures)
            caption = caption or block.caption
        elif isinstance(block, Paragraph) and not caption:
            caption = block.content
        else:
            others.append(block)
    if not figures:
        return reader.blocks(node.children)
    return (Gallery(figures=tuple(figures), caption=caption), *others)


def _embed(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    address, _, provider = rest.partition(" ")
    url = reader.state.link(address, reader.line(node)) if address else None
    blocks = reader.blocks(node.children)
    if url is None:
        return blocks
    words = " ".join(plain(_content(blocks)).split())
    return (embed_from(url, words or None, provider.strip("\"' ") or None),)


def _paywall(reader: MarkdownNodeReader, node: SyntaxNode, rest: str) -> Blocks:
    """The paywall mark, then the blocks of the box: an unclosed `:::` must not swallow them."""
    return (Paywall(), *reader.blocks(node.children))


def _content(blocks: Blocks) -> Content:
    """The words of `blocks` as inlines, with a line break between paragraphs."""
    parts: list[Inline] = []
    for block in blocks:
        match block:
            case Paragraph(content=content) | Heading(content=content):
                words = content
            case _:
                words = tuple(Text(text=text) for text in passages((block,)))
        if parts and words:
            parts.append(LineBreak())
        parts.extend(words)
    return tuple(parts)


_READERS: dict[str, Callable[[MarkdownNodeReader, SyntaxNode, str], Blocks]] = {
    "callout": _callout,
    "faq": _faq,
    "figure": _figure,
    "pullquote": _pullquote,
    "cta": _cta,
    "correction": _correction,
    "related": _related,
    "gallery": _gallery,
    "embed": _embed,
    "paywall": _paywall,
}
