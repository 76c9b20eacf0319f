"""Finds the end of the article, where comments, teasers or the box about the author begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syndicate.article import Block, Divider, Embed, Figure, Gallery, Heading, List, Paragraph
from syndicate.article.text import passages
from syndicate.readers.html.page import phrases
from syndicate.readers.html.page.element_kinds import FEWEST_CARDS, LONGEST_CARD
from syndicate.readers.html.page.lines import (
    SENTENCE,
    PageFacts,
    introduces_author,
    names_author,
    page_line_text,
    page_line_words,
    share_linked,
)
from syndicate.readers.prose import Placed

_MARKS = re.compile(r"^[^\w«“\"'(]+")
_SIGNED = re.compile(r"[—–-]\s*\w")
MOST_AFTER = 0.25
"""The largest share of the text that may come after the end of the article."""
MOST_COMMENTS = 0.8
"""The same for comments, which can be longer than the article."""


def parted_at_article_end(
    placed: Sequence[Placed], known: PageFacts
) -> tuple[list[Placed], list[Placed]]:
    """The blocks of the article, and the blocks after its end."""
    end = min(_end(placed, known), _teased(placed))
    pictures: list[Placed] = []
    while end:
        block = placed[end - 1][0]
        if isinstance(block, Figure) and not block.caption:
            pictures.insert(0, placed[end - 1])
        elif not _trails(block, placed[end - 2][0] if end > 1 else None, known):
            break
        end -= 1
    rest = [one for one in placed[end:] if one not in pictures]
    return [*placed[:end], *pictures], rest


def _end(placed: Sequence[Placed], known: PageFacts) -> int:
    """The number of the first block after the end of the article."""
    sizes = [_reads(block) for block, _ in placed]
    total = sum(sizes) or 1
    after = 0
    end = len(placed)
    for number in range(len(placed) - 1, -1, -1):
        block = placed[number][0]
        if isinstance(block, Heading | Paragraph):
            text = _MARKS.sub("", page_line_text(block)).strip(" :.…!")
            comments = isinstance(block, Heading) and phrases.COMMENTS.fullmatch(text)
            if after < MOST_COMMENTS * total and comments:
                end = number
            if after < MOST_AFTER * total and (_turns(text, known) or _offers_help(block, text)):
                end = number
        after += sizes[number]
    return end


def _teased(placed: Sequence[Placed]) -> int:
    """The number of the block where a run of teasers at the end of the page begins: at least three
    headings that link to other pages, each with a few lines below it."""
    sizes = [_reads(block) for block, _ in placed]
    most = MOST_AFTER * sum(sizes)
    start, cards, lines = len(placed), 0, 0
    for number in range(len(placed) - 1, -1, -1):
        block = placed[number][0]
        if isinstance(block, Heading):
            if share_linked(block) < 0.95 or not lines:
                break
            start, cards, lines = number, cards + 1, 0
        elif isinstance(block, Paragraph):
            lines += sizes[number]
            if lines > LONGEST_CARD:
                break
        elif not isinstance(block, Figure | Divider):
            break
    return start if cards >= FEWEST_CARDS and sum(sizes[start:]) < most else len(placed)


def _offers_help(block: Block, text: str) -> bool:
    return isinstance(block, Heading) and bool(phrases.QUESTIONS.fullmatch(text.rstrip("?")))


def _turns(text: str, known: PageFacts) -> bool:
    """Whether the article ends before the line `text`."""
    return bool(
        phrases.AUTHOR.match(text)
        or phrases.ENDS.fullmatch(text)
        or phrases.COMMENTS.fullmatch(text)
        or names_author(text, known.authors)
        or _owned(text)
    )


def _reads(block: Block) -> int:
    if isinstance(block, Figure | Gallery | Embed | Heading):
        return 0
    return len(page_line_text(block))


def _trails(block: Block, before: Block | None, known: PageFacts) -> bool:
    """Whether `block`, the last block, after `before`, is not a way in which articles end."""
    if isinstance(block, Heading | Divider):
        return True
    if isinstance(block, List):
        return share_linked(block) > 0.9 and before is not None and _elsewhere(block, before)
    if not isinstance(block, Paragraph):
        return False
    text = page_line_text(block)
    count = len(page_line_words(text))
    if count <= 8 and (text.endswith((":", "：")) or not SENTENCE.search(text)):
        return not _SIGNED.match(text)
    if phrases.ABOUT.search(text) and count <= 20:
        return True
    if any(introduces_author(text, name) for name in known.authors) and count <= 120:
        return True
    if phrases.CLOSING.search(text) and count <= 100:
        return True
    return bool(phrases.COPYRIGHT.search(text)) and count <= 90


def _elsewhere(links: List, before: Block) -> bool:
    """Whether a list of `links` after `before` is for other pages and not for sources: a few words
    introduce it, or it is the article's tags."""
    text = page_line_text(before).strip()
    if not isinstance(before, Heading | Paragraph) or phrases.SOURCES.search(text):
        return False
    if len(page_line_words(text)) <= 8:
        return True
    return not text.endswith(":") and all(
        len(page_line_words(one)) <= 3 for one in passages((links,))
    )


def _owned(text: str) -> bool:
    """Whether a line names the owner of the page: nothing of the article comes after it."""
    return bool(re.match(r"(?:©|\(c\)|copyright)\s.{0,60}\ball rights reserved\b", text, re.I))
