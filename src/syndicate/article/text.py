"""The plain-text view: what the words are, without any dress."""

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
# Scripts written without spaces are counted by character, as their newsrooms do.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_RAISED = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 500


def plain(content: Content) -> str:
    """The characters of `content`; a line break becomes a newline, a footnote mark nothing.

    Raised and lowered digits stay so: "m s⁻¹", "CO₂".
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
    """`text` in the characters that Unicode has raised or lowered, as it is if one is missing."""
    return "".join([characters[one] for one in text]) if {*text} <= {*characters} else text


def passages(blocks: Blocks) -> Iterator[str]:
    """Each run of text in `blocks`, depth first, in reading order, empty ones left out."""
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
    """Words in `blocks`; in scripts without spaces every character counts as one."""
    return sum(_counted(blocks))


def reading_minutes(blocks: Blocks) -> int:
    """Minutes to read `blocks`, at least 1, at 230 words or 500 unspaced characters a minute."""
    words, characters = _counted(blocks)
    return max(1, round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))


def _counted(blocks: Blocks) -> tuple[int, int]:
    """The words of `blocks`, and their characters in scripts without spaces."""
    text, characters = "\n".join(passages(blocks)), 0
    if not text.isascii():
        text, characters = _UNSPACED.subn(" ", text)
    return len(_WORD.findall(text)), characters


def excerpt(blocks: Blocks, characters: int = 300) -> str:
    """The opening paragraph of `blocks`, cut at a word's end with an ellipsis if it is longer."""
    lead = next((plain(block.content) for block in blocks if isinstance(block, Paragraph)), "")
    return shortened(" ".join(lead.split()), characters)


def shortened(text: str, characters: int) -> str:
    """`text`, cut at a word's end with an ellipsis if it is longer than `characters`."""
    if len(text) <= characters:
        return text
    words, space, _ = text[:characters].rpartition(" ")
    return (words if space else text[: characters - 1]).rstrip(" ,;:–—-") + "…"
