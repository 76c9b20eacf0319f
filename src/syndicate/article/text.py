"""The plain text of an article, without any formatting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from syndicate.article.blocks import (
    FAQ,
    Block,
    Blocks,
    Callout,
    CallToAction,
    CodeBlock,
    Correction,
    Embed,
    Figure,
    Footnote,
    Gallery,
    Heading,
    List,
    Paragraph,
    PullQuote,
    Quote,
    Related,
    Table,
)
from syndicate.article.inlines import (
    Code,
    Content,
    FootnoteReference,
    LineBreak,
    Subscript,
    Superscript,
    Text,
)

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
# Scripts written without spaces are counted in characters, as newsrooms that use them do.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_RAISED = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 500


def plain(content: Content) -> str:
    """The text of `content`. A line break becomes a newline; a footnote mark is left out.

    Raised and lowered digits keep their position: "m s⁻¹", "CO₂".
    """
    parts: list[str] = []
    for inline in content:
        match inline:
            case Text(text=text) | Code(text=text):
                parts.append(text)
            case LineBreak():
                parts.append("\n")
            case FootnoteReference():
                pass
            case Superscript(content=inner):
                parts.append(_shifted(plain(inner), _RAISED))
            case Subscript(content=inner):
                parts.append(_shifted(plain(inner), _LOWERED))
            case _:
                parts.append(plain(inline.content))
    return "".join(parts)


def _shifted(text: str, characters: Mapping[str, str]) -> str:
    """`text` in raised or lowered Unicode characters, or unchanged if Unicode lacks one of them."""
    return "".join([characters[one] for one in text]) if {*text} <= {*characters} else text


def passages(blocks: Blocks) -> Iterator[str]:
    """Each run of text in `blocks`, depth first and in reading order, without empty runs."""
    for block in blocks:
        yield from (text for text in _of_block(block) if text.strip())


def _of_block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph() | Heading() | PullQuote() | Correction() | CallToAction():
            yield plain(block.content)
        case List(items=items):
            for item in items:
                yield from passages(item.blocks)
        case Quote(blocks=blocks, cite=cite):
            yield from passages(blocks)
            yield plain(cite)
        case Callout(label=label, blocks=blocks):
            yield label
            yield from passages(blocks)
        case FAQ(pairs=pairs):
            for pair in pairs:
                yield plain(pair.question)
                yield from passages(pair.answer)
        case Figure(caption=caption):
            yield plain(caption)
        case Gallery(figures=figures, caption=caption):
            yield plain(caption)
            for figure in figures:
                yield plain(figure.caption)
        case Table(header=header, rows=rows, caption=caption):
            yield plain(caption)
            for row in (header, *rows):
                yield "\t".join(plain(cell) for cell in row)
        case CodeBlock(text=text) | Embed(text=text):
            yield text
        case Footnote(blocks=blocks):
            yield from passages(blocks)
        case Related(links=links):
            for link in links:
                yield link.title
        case _:  # a divider or a paywall marker has no words
            pass


def word_count(blocks: Blocks) -> int:
    """The number of words in `blocks`. In scripts without spaces, each character counts as one."""
    return sum(_counted(blocks))


def reading_minutes(blocks: Blocks) -> int:
    """Minutes to read `blocks`, at least 1. A reader reads 230 words a minute, or 500 characters in
    scripts without spaces."""
    words, characters = _counted(blocks)
    return max(1, round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))


def _counted(blocks: Blocks) -> tuple[int, int]:
    """The words of `blocks`, and their characters in scripts without spaces."""
    text, characters = "\n".join(passages(blocks)), 0
    if not text.isascii():
        text, characters = _UNSPACED.subn(" ", text)
    return len(_WORD.findall(text)), characters


def excerpt(blocks: Blocks, characters: int = 300) -> str:
    """The first paragraph of `blocks`. If it is longer than `characters`, it is cut at the end of a
    word, with an ellipsis."""
    lead = next((plain(block.content) for block in blocks if isinstance(block, Paragraph)), "")
    return shortened(" ".join(lead.split()), characters)


def shortened(text: str, characters: int) -> str:
    """`text`, cut at the end of a word, with an ellipsis, if it is longer than `characters`."""
    if len(text) <= characters:
        return text
    words, space, _ = text[:characters].rpartition(" ")
    return (words if space else text[: characters - 1]).rstrip(" ,;:–—-") + "…"
