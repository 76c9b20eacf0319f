"""`::: name` boxes: what CommonMark and its habits have no word for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from syndicate.article import (
    FAQ,
    Block,
    Correction,
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
from syndicate.readers.markdown.inlines import inlines, rows
from syndicate.readers.markdown.syntax import Node
from syndicate.readers.prose import call_to_action, embed, linked, sole_link, without_start
from syndicate.readers.vocabulary import ANSWER, KINDS, QUESTION

if TYPE_CHECKING:
    from syndicate.readers.markdown.blocks import Body

_NAME = re.compile(r"\s*\{?\.?([\w-]+)\}?\s*(.*?)[\s:]*$", re.DOTALL)


def container(body: Body, node: Node) -> Iterable[Block]:
    """The blocks of a `:::` box; one of an unknown name is opened up, with a note.

    Raises:
        SourceError: what stands after the name is not what the box wants.
    """
    found = _NAME.match(node.info)
    name, rest = (found[1].lower(), found[2].strip()) if found else ("", "")
    if name in _READERS:
        return _READERS[name](body, node, rest)
    if name in KINDS:
        return _callout(body, node, f"{name} {rest}")
    body.copy.left_out(f"the box ':::{node.info}', all but its words", body.line(node))
    return body.blocks(node.children)


def _callout(body: Body, node: Node, rest: str) -> Blocks:
    word, _, label = rest.partition(" ")
    if word.lower() not in KINDS:
        word, label = "note", rest
    return (body.callout(word, linked(label.strip()), body.blocks(node.children)),)


def _faq(body: Body, node: Node, rest: str) -> Blocks:
    before: list[Block] = []
    pairs: list[tuple[Content, list[Block]]] = []
    for child in node.children:
        for question, blocks in _questions(body, child):
            if question:
                pairs.append((question, list(blocks)))
            else:
                (pairs[-1][1] if pairs else before).extend(blocks)
    faq = FAQ(
        pairs=tuple(QuestionAnswer(question=asked, answer=tuple(said)) for asked, said in pairs)
    )
    return (*before, faq) if pairs else tuple(before)


def _questions(body: Body, node: Node) -> Iterable[tuple[Content, Blocks]]:
    """The questions of `node` with the blocks after each; () for blocks without a question."""
    if node.type == "heading":
        return [(body.content(node), ())]
    if node.type == "dl":
        return [
            (body.content(child), ()) if child.type == "dt" else ((), body.blocks(child.children))
            for child in node.children
        ]
    if node.type != "paragraph":
        return [
            (pair.question, pair.answer) for block in body.blocks([node]) for pair in _pairs(block)
        ] or [((), body.blocks([node]))]
    line = body.line(node)
    inside = [inner for child in node.children for inner in child.children]
    first = rows(inside)[0]
    content = inlines(first, body.copy, line)
    question = without_start(content, QUESTION) or _all_strong(content)
    if not question:
        content = body.content(node)
        answer = without_start(content, ANSWER)
        return [((), (Paragraph(content=answer),) if answer else body.blocks([node]))]
    rest = inlines(inside[len(first) + 1 :], body.copy, line)
    answer = without_start(rest, ANSWER) or rest
    return [(question, (Paragraph(content=answer),) if answer else ())]


def _pairs(block: Block) -> tuple[QuestionAnswer, ...]:
    return block.pairs if isinstance(block, FAQ) else ()


def _all_strong(content: Content) -> Content:
    if len(content) == 1 and isinstance(strong := content[0], Strong):
        return strong.content
    return ()


def _pullquote(body: Body, node: Node, rest: str) -> Blocks:
    blocks, cite = body.cited(node.children)
    return (PullQuote(content=_content(blocks), cite=cite),) if blocks else ()


def _cta(body: Body, node: Node, rest: str) -> Blocks:
    content = _content(body.blocks(node.children))
    if not content:
        return ()
    action = call_to_action(content)
    url = body.copy.link(rest, body.line(node)) if rest else None
    return (action.model_copy(update={"url": url}) if url else action,)


def _correction(body: Body, node: Node, rest: str) -> Blocks:
    try:
        day = date.fromisoformat(rest)
    except ValueError as error:
        raise SourceError(
            f"a correction needs its date, as in '::: correction 2026-10-06', not {rest!r}",
            where=body.copy.source.at(body.line(node), 1),
        ) from error
    content = _content(body.blocks(node.children))
    return (Correction(date=day, content=content),) if content else ()


def _related(body: Body, node: Node, rest: str) -> Blocks:
    links: list[RelatedLink] = []
    others: list[Block] = []
    for block in body.blocks(node.children):
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


def _gallery(body: Body, node: Node, rest: str) -> Blocks:
    figures: list[Figure] = []
    caption: Content = ()
    others: list[Block] = []
    for block in body.blocks(node.children):
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
        return body.blocks(node.children)
    return (Gallery(figures=tuple(figures), caption=caption), *others)


def _embed(body: Body, node: Node, rest: str) -> Blocks:
    address, _, provider = rest.partition(" ")
    url = body.copy.link(address, body.line(node)) if address else None
    blocks = body.blocks(node.children)
    if url is None:
        return blocks
    words = " ".join(plain(_content(blocks)).split())
    return (embed(url, words or None, provider.strip("\"' ") or None),)


def _paywall(body: Body, node: Node, rest: str) -> Blocks:
    """The mark; a `:::` that nobody closed must not swallow the article."""
    return (Paywall(), *body.blocks(node.children))


def _content(blocks: Blocks) -> Content:
    """The words of `blocks` as one content, paragraphs apart by a line break."""
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


_READERS: dict[str, Callable[[Body, Node, str], Blocks]] = {
    "callout": _callout,
    "faq": _faq,
    "pullquote": _pullquote,
    "cta": _cta,
    "correction": _correction,
    "related": _related,
    "gallery": _gallery,
    "embed": _embed,
    "paywall": _paywall,
}
