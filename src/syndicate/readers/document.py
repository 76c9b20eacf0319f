"""A word processor's document after it was turned into HTML: its head, blocks and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syndicate.article import Block, Figure, Heading, Paragraph
from syndicate.article.text import passages, plain
from syndicate.article.values import one_line
from syndicate.readers import metadata
from syndicate.readers.byline import authors_in
from syndicate.readers.contract import Reading, picture_name
from syndicate.readers.embedded_pictures import MOST_PIXELS, picture_size_and_suffix
from syndicate.readers.html import blocks_of_fragment
from syndicate.readers.prose import Placed, caption_and_credit, reads_like_headline
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_LOOK_AHEAD = 3


def document(
    state: ReaderState, fragment: str, found: dict[str, Any], data: Mapping[str, bytes]
) -> Reading:
    """The article in `fragment`.

    Args:
        found: the file's metadata. Its `title` is used if the text does not begin with a heading;
            its `styled_title`, a paragraph with the title style, always.
        data: the bytes of the pictures, by their addresses in `fragment`.

    Raises:
        SourceError: the document has no title.
    """
    pictures: dict[str, bytes] = {}

    def kept(src: str) -> str | None:
        name = kept_picture(state, src, data.get(src))
        if name:
            pictures[name] = data[src]
        return name

    blocks, notes = blocks_of_fragment(fragment, picture=kept)
    state.notes += notes
    body = [_credited(block) for block in blocks]
    state.speak(found.get("language"), " ".join(passages(tuple(body[:40]))))
    styled, stated = found.pop("styled_title", None), found.pop("title", None)
    head, rest = _head(body, stated, state) if styled is None else _split_byline(body, state)
    if styled is not None:
        head["title"] = styled
    placed: list[Placed] = [(block, None) for block in rest]
    reading = metadata.reading(state, {}, {**found, **head}, placed)
    return replace(reading, pictures=pictures)


def _credited(block: Block) -> Block:
    if not isinstance(block, Figure) or block.credit:
        return block
    caption, credit = caption_and_credit(block.caption)
    return block.model_copy(update={"caption": caption, "credit": credit})


def _head(
    body: list[Block], stated: str | None, state: ReaderState
) -> tuple[dict[str, Any], list[Block]]:
    """The title and byline from the first blocks, and the other blocks."""
    found: dict[str, Any] = {}
    rest = list(body)
    beside = metadata.sidecar_metadata(state).get("title")
    first = rest[0] if rest else None
    if isinstance(first, Heading):
        found["title"] = one_line(plain(first.content))
        rest = _raised(rest[1:])
    elif stated:
        found["title"] = stated
        if isinstance(first, Paragraph) and one_line(plain(first.content)) == stated:
            rest = rest[1:]
    elif isinstance(first, Paragraph):
        text = one_line(plain(first.content))
        if text and (reads_like_headline(text) or (not beside and len(text) <= 200)):
            found["title"] = text
            state.guessed(f"the headline {shortened_for_note(text)!r}, from the first line")
            rest = rest[1:]
    signed, rest = _split_byline(rest, state)
    return {**found, **signed}, rest


def _split_byline(body: list[Block], state: ReaderState) -> tuple[dict[str, Any], list[Block]]:
    """The byline from the first blocks, and the other blocks."""
    found: dict[str, Any] = {}
    rest = list(body)
    for number, block in enumerate(rest[:_LOOK_AHEAD]):
        text = one_line(plain(block.content)) if isinstance(block, Paragraph) else ""
        if authors := authors_in(text):
            found["contributors"] = authors
            state.guessed(f"the byline {shortened_for_note(text)!r}")
            del rest[number]
            break
    return found, rest


def _raised(body: list[Block]) -> list[Block]:
    """`body` with its highest headings on level 2, because the level above has become the title."""
    up = min((block.level for block in body if isinstance(block, Heading)), default=2) - 2
    return [
        block.model_copy(update={"level": block.level - up})
        if isinstance(block, Heading)
        else block
        for block in body
    ]


def kept_picture(state: ReaderState, src: str, data: bytes | None) -> str | None:
    """The `src` of a picture in the file; None, with a note, if the picture cannot be shown."""
    if data is None:
        state.left_out(f"the picture {shortened_for_note(src)!r}: it is not in the file")
        return None
    try:
        width, height, suffix = picture_size_and_suffix(data)
    except Exception:  # each of Pillow's formats raises errors of its own
        name = shortened_for_note(src)
        state.left_out(f"the picture {name!r}: it cannot be read; paste it in as PNG or JPEG")
        return None
    if width * height > MOST_PIXELS:
        state.left_out(
            f"the picture {shortened_for_note(src)!r}: too large ({width:,} by {height:,} pixels)"
        )
        return None
    return picture_name(state.source, data, suffix)
