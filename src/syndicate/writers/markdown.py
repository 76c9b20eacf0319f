"""Writes an article as Markdown, in the form that the Markdown reader reads (docs/articles.md).

Text is only escaped where necessary, so that people can edit it easily. If some blocks would not
be read back unchanged, the caller lists them as `careful`: in these, all punctuation is escaped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from syndicate.article import (
    FAQ,
    Article,
    Block,
    Callout,
    CallToAction,
    CodeBlock,
    Correction,
    Divider,
    Embed,
    Figure,
    Footnote,
    Gallery,
    Heading,
    List,
    Paragraph,
    Paywall,
    PullQuote,
    Quote,
    Related,
    Table,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.writers.front_matter import front_matter_to_write, path_to_write
from syndicate.writers.inlines import escaped_markdown, markdown_inlines, markdown_link_target

_ALIGNS = {None: "---", "start": ":--", "center": ":-:", "end": "--:"}


def as_markdown(
    article: Article, given: Collection[str] = (), careful: Collection[int] = ()
) -> str:
    """`article` as Markdown with front matter.

    Args:
        given: the names of metadata that the source gave; `slug`, `id` and `url` are written only
            if they are among them.
        careful: the numbers of the blocks of the body in which all punctuation is escaped.
    """
    import yaml

    head = yaml.safe_dump(
        dict(front_matter_to_write(article, frozenset(given))),
        allow_unicode=True,
        sort_keys=False,
        width=1000,
    )
    return f"---\n{head}---\n\n{_body(article.body, careful)}\n"


def _body(body: Blocks, careful: Collection[int]) -> str:
    """The blocks, separated by blank lines. A list right after another list gets a different
    marker, since the two would be read as one list otherwise."""
    parts: list[str] = []
    other = False
    for number, block in enumerate(body):
        other = isinstance(block, List) and number > 0 and not other
        other = other and isinstance(body[number - 1], List)
        parts.append(_block(block, other, number in careful))
    return "\n\n".join(parts)


def _blocks(blocks: Blocks, careful: bool) -> str:
    return _body(blocks, range(len(blocks)) if careful else ())


def _block(block: Block, other: bool, careful: bool) -> str:
    def words(content: Content) -> str:
        return markdown_inlines(content, careful)

    match block:
        case Paragraph():
            return _paragraph(block.content, careful)
        case Heading():
            return f"{'#' * block.level} {words(block.content).replace(chr(92) + chr(10), '<br>')}"
        case List():
            return _list(block, other, careful)
        case Quote():
            return _quote(block, careful)
        case PullQuote():
            return markdown_box(
                "pullquote", _cited(_paragraph(block.content, careful), block.cite, None)
            )
        case Callout():
            return markdown_box(
                f"callout {block.kind} {block.label}", _blocks(block.blocks, careful)
            )
        case FAQ():
            return markdown_box("faq", "\n\n".join(_pairs(block, careful)))
        case Figure():
            return _figure(block, careful)
        case Gallery():
            pictures = [_figure_box(figure, careful) for figure in block.figures]
            pictures += [words(block.caption)] if block.caption else []
            return markdown_box("gallery", "\n\n".join(pictures))
        case Table():
            return _pipes(block, careful)
        case CodeBlock():
            return _fenced(block)
        case Embed():
            head = " ".join(filter(None, ("embed", block.url, block.provider)))
            return markdown_box(head, escaped_markdown(block.text, careful))
        case Divider():
            return "***"
        case Footnote():
            inside = _blocks(block.blocks, careful).replace("\n", "\n    ")
            return f"[^{block.label}]: {inside}".replace("\n    \n", "\n\n")
        case Correction():
            return markdown_box(f"correction {block.date.isoformat()}", words(block.content))
        case Related():
            links = (
                f"- [{escaped_markdown(one.title, careful)}]({markdown_link_target(one.url)})"
                for one in block.links
            )
            return markdown_box("related", "\n".join(links))
        case CallToAction():
            return markdown_box(f"cta {block.url or ''}".rstrip(), words(block.content))
        case Paywall():
            return "<!-- paywall -->"


def _paragraph(content: Content, careful: bool) -> str:
    """A paragraph, escaped so that its start is not read as another kind of block."""
    text = markdown_inlines(content, careful)
    first, rest = text[:1], text[1:]
    head = text.split(maxsplit=1)[0] if text.split() else ""
    if careful and (first in "—–-―" or (first.isalnum() and head.rstrip("\\")[-1] in ":.")):
        return f"&#{ord(first)};{rest}"
    if first in "#>-+=:|!" and first:
        return f"\\{text}"
    if head[:-1].isdigit() and head[-1] in ".)":
        return text.replace(head, f"{head[:-1]}\\{head[-1]}", 1)
    return text


def _list(block: List, other: bool, careful: bool) -> str:
    bullet, stop = ("*", ")") if other else ("-", ".")
    tight = all(isinstance(b, Paragraph | List) for item in block.items for b in item.blocks[:1])
    tight = tight and all(len(item.blocks) < 2 for item in block.items)
    items = []
    for number, item in enumerate(block.items, block.start):
        marker = f"{number}{stop} " if block.ordered else f"{bullet} "
        box = {True: "[x] ", False: "[ ] ", None: ""}[item.checked]
        inside = _blocks(item.blocks, careful).replace("\n", "\n" + " " * len(marker))
        items.append(marker + box + inside)
    return ("\n" if tight else "\n\n").join(items)


def _quote(block: Quote, careful: bool) -> str:
    inside = _cited(_blocks(block.blocks, careful), block.cite, block.url)
    return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))


def _cited(text: str, cite: Content, url: str | None) -> str:
    """`text`, followed by the person who said it."""
    if not cite:
        return text
    name = markdown_inlines(cite, False)
    return f"{text}\n\n— " + (f"[{name}]({markdown_link_target(url)})" if url else name)


def _pairs(block: FAQ, careful: bool) -> Iterator[str]:
    for pair in block.pairs:
        yield f"Q: {markdown_inlines(pair.question, careful)}"
        if pair.answer:
            mark = "A: " if isinstance(pair.answer[0], Paragraph) else ""
            yield mark + _blocks(pair.answer, careful)


def _figure(block: Figure, careful: bool) -> str:
    """A picture, in the short form if caption and credit are plain text that fits it."""
    caption = plain(block.caption)
    simple = markdown_inlines(block.caption, False) == caption and not set('"|\\<&') & set(caption)
    if careful or not simple or set('"|') & set(block.credit or ""):
        return _figure_box(block, careful)
    title = " | ".join(filter(None, (caption, block.credit and f"Credit: {block.credit}")))
    return _image(block, f' "{title}"' if title else "")


def _figure_box(block: Figure, careful: bool) -> str:
    parts = [_image(block, "")]
    parts += [markdown_inlines(block.caption, careful)] if block.caption else []
    parts += [f"Credit: {escaped_markdown(block.credit, careful)}"] if block.credit else []
    return markdown_box("figure", "\n\n".join(parts))


def _image(block: Figure, title: str) -> str:
    values = {"width": block.width, "height": block.height, "type": block.media_type}
    values |= {"role": "presentation"} if block.alt == "" else {}
    attributes = " ".join(f"{name}={value}" for name, value in values.items() if value)
    alt = " ".join((block.alt or "").split())
    target = markdown_link_target(path_to_write(block.src))
    image = f"![{escaped_markdown(alt, False)}]({target}{title})"
    return image + (f"{{{attributes}}}" if attributes else "")


def _pipes(block: Table, careful: bool) -> str:
    width = len(block.rows[0]) if block.rows else len(block.header)
    header = block.header or ((),) * width
    aligns = (*block.align, *(None,) * width)[:width]

    def row(cells: tuple[Content, ...]) -> str:
        texts = (markdown_inlines(cell, careful).replace("\\\n", "<br>") for cell in cells)
        return f"| {' | '.join(texts)} |"

    lines = [row(header), f"| {' | '.join(_ALIGNS[one] for one in aligns)} |"]
    lines += [row(cells) for cells in block.rows]
    caption = f"\n\nTable: {markdown_inlines(block.caption, careful)}" if block.caption else ""
    return "\n".join(lines) + caption


def _fenced(block: CodeBlock) -> str:
    fence = "```"
    while fence in block.text:
        fence += "`"
    return f"{fence}{block.language or ''}\n{block.text}\n{fence}"


def markdown_box(head: str, inside: str) -> str:
    """A `:::` box; `inside` is Markdown."""
    fence = ":::"
    while any(line.startswith(fence) for line in inside.split("\n")):
        fence += ":"
    return f"{fence} {head}\n{inside}\n{fence}"


def changed_blocks(one: Blocks, other: Blocks) -> frozenset[int]:
    """The numbers of the blocks in `one` that differ from those in `other`. White space, and how
    text is split into runs, do not count."""
    pairs = zip(one, other, strict=False)
    changed = {n for n, (a, b) in enumerate(pairs) if _shape(a) != _shape(b)}
    return frozenset(changed | set(range(min(len(one), len(other)), len(one))))


def _shape(node: Any) -> Any:
    """The parts of a node that must be the same after it is written and read back."""
    if isinstance(node, tuple):
        return _merged([_shape(one) for one in node])
    if not hasattr(node, "type") and not hasattr(type(node), "model_fields"):
        return " ".join(node.split()) if isinstance(node, str) else node
    values = {name: _shape(value) for name, value in node}
    if isinstance(node, Embed):
        values["provider"] = None
    return {**values, "type": type(node).__name__}


def _merged(shapes: list[Any]) -> list[Any]:
    """`shapes` with neighbouring runs of text joined."""
    out: list[Any] = []
    for shape in shapes:
        is_text = isinstance(shape, dict) and shape.get("type") == "Text"
        if is_text and out and isinstance(out[-1], dict) and out[-1].get("type") == "Text":
            out[-1] = {**out[-1], "text": f"{out[-1]['text']} {shape['text']}".strip()}
        else:
            out.append(shape)
    return out
