"""The order of headings and the pairing of quotation marks."""

from __future__ import annotations

import re

from syndicate.article import Heading, Paragraph
from syndicate.article.blocks import Blocks
from syndicate.article.text import plain
from syndicate.lint.lint_input import LintInput, Remark, Remarks

# By language where they are not those of English (CLDR, delimiters).
_PAIRS = {
    **dict.fromkeys(("bg", "cs", "de", "et", "is", "lt", "mk", "sk", "sl", "sr"), ("„", "“")),
    **dict.fromkeys(("hr", "hu", "pl", "ro"), ("„", "”")),
    **dict.fromkeys(("fr", "no", "nb", "ru", "uk"), ("«", "»")),
    "da": ("»", "«"),
}
_OPENS = tuple("“„«»\"'‘")
# A mark after a figure is an inch or a second: 5'10", 40".
_MEASURE = re.compile(r'(?<=\d)"')


def heading_jump(lint_input: LintInput) -> Remarks:
    """A heading more than one level below the one before it (WCAG 2.2, 1.3.1); of those that
    jump alike in an article the first is told."""
    for subject in lint_input.subjects:
        before = 1
        jumps: dict[tuple[int, int], list[tuple[int, Heading]]] = {}
        for number, block in enumerate(subject.article.body):
            if isinstance(block, Heading):
                if block.level > before + 1:
                    jumps.setdefault((before, block.level), []).append((number, block))
                before = block.level
        for (above, level), [(number, heading), *others] in jumps.items():
            text = f"the heading {plain(heading.content)!r} jumps from level {above} to {level}"
            more = f" (and {len(others)} more like it)" if others else ""
            yield Remark(subject, number, text + more, f"make it level {above + 1}")


def unclosed_quote(lint_input: LintInput) -> Remarks:
    """A paragraph with more opening than closing quotation marks. One that runs on, the next
    paragraph opening again or closing it, is no fault."""
    for subject in lint_input.subjects:
        body = subject.article.body
        for number, block in enumerate(body):
            if not isinstance(block, Paragraph):
                continue
            text = plain(block.content)
            language = subject.article.language.split("-")[0]
            mark = _left_open(text, language)
            if mark is not None and not _runs_on(body[number + 1 : number + 2], language):
                passage = text[mark : mark + 40].strip() + ("…" if len(text) - mark > 40 else "")
                yield Remark(subject, number, f"a quotation does not end: {passage}")


def _runs_on(following: Blocks, language: str) -> bool:
    """Whether a quotation goes on in the next block: it opens again, or closes one too many."""
    if not following or not isinstance(following[0], Paragraph):
        return False
    text = plain(following[0].content).lstrip()
    opening, closing = _PAIRS.get(language, ("“", "”"))
    return text.startswith(_OPENS) or text.count(closing) > text.count(opening)


def _left_open(text: str, language: str) -> int | None:
    """Where the quotation mark stands that nothing closes."""
    if text.count('"') % 2 and _MEASURE.sub("", text).count('"') % 2:
        return text.rfind('"')
    opening, closing = _PAIRS.get(language, ("“", "”"))
    waiting: list[int] = []
    for at, character in enumerate(text):
        if character == opening:
            waiting.append(at)
        elif character == closing and waiting:
            waiting.pop()
    return waiting[0] if waiting else None
