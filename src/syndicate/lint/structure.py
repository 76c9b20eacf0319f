"""The order of headings and the pairing of quotation marks."""

from __future__ import annotations

import re

from syndicate.article import Heading, Paragraph
from syndicate.article.text import plain
from syndicate.lint.review import Desk, Remark, Remarks

_PAIRS = {"de": ("„", "“"), "fr": ("«", "»"), "ru": ("«", "»"), "da": ("»", "«")}
_OPENS = tuple("“„«»\"'‘")
# A mark after a figure is an inch or a second: 5'10", 40".
_MEASURE = re.compile(r"(?<=\d)[\"”″]")


def heading_jump(desk: Desk) -> Remarks:
    """A heading more than one level below the one before it (WCAG 2.2, 1.3.1)."""
    for subject in desk.subjects:
        before = 1
        for number, block in enumerate(subject.article.body):
            if isinstance(block, Heading):
                if block.level > before + 1:
                    title = plain(block.content)
                    text = f"the heading {title!r} jumps from level {before} to {block.level}"
                    yield Remark(subject, number, text, f"make it level {before + 1}")
                before = block.level


def unclosed_quote(desk: Desk) -> Remarks:
    """A paragraph with more opening than closing quotation marks. One that runs on, the next
    paragraph opening again, is how newspapers set long quotations."""
    for subject in desk.subjects:
        body = subject.article.body
        for number, block in enumerate(body):
            if not isinstance(block, Paragraph):
                continue
            text = plain(block.content)
            following = body[number + 1] if number + 1 < len(body) else None
            runs_on = isinstance(following, Paragraph) and plain(
                following.content
            ).lstrip().startswith(_OPENS)
            if _open_marks(text, subject.article.language) and not runs_on:
                yield Remark(subject, number, f"a quotation does not end: {_tail(text)}")


def _open_marks(text: str, language: str) -> bool:
    text = _MEASURE.sub("", text)
    opening, closing = _PAIRS.get(language.split("-")[0], ("“", "”"))
    if text.count('"') % 2:
        return True
    if opening == closing:
        return text.count(opening) % 2 == 1
    return text.count(opening) > text.count(closing)


def _tail(text: str) -> str:
    at = max(text.rfind(mark) for mark in _OPENS[:5])
    return text[at : at + 40].strip() + ("…" if len(text) - at > 40 else "")
