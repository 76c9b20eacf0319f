"""Rules about the order of headings and the pairing of quotation marks."""

from __future__ import annotations

import re

from syndicate.article import Heading, Paragraph
from syndicate.article.blocks import Blocks
from syndicate.article.text import plain
from syndicate.lint.lint_input import LintInput, Remark, Remarks

# Quotation marks by language, where they differ from English (CLDR, delimiters).
_PAIRS = {
    **dict.fromkeys(("bg", "cs", "de", "et", "is", "lt", "mk", "sk", "sl", "sr"), ("„", "“")),
    **dict.fromkeys(("hr", "hu", "pl", "ro"), ("„", "”")),
    **dict.fromkeys(("fr", "no", "nb", "ru", "uk"), ("«", "»")),
    "da": ("»", "«"),
}
_OPENS = tuple("“„«»\"'‘")
# A mark after a digit means inches or seconds: 5'10", 40".
_MEASURE = re.compile(r'(?<=\d)"')


def heading_jump(lint_input: LintInput) -> Remarks:
    """Headings more than one level below the heading before (WCAG 2.2, 1.3.1). If several in an
    article skip the same level, only the first is reported."""
    for subject in lint_input.subjects:
        before = 1
        jumps: dict[tuple[int, int], list[tuple[int, Heading]]] = {}
        for number, block in enumerate(subject.article.body):
            if isinstance(block, Heading):
                if block.level > before + 1:
                    jumps.setdefault((before, block.level), []).append((number, block))
                before = block.level
        for (above, level), [(number, heading), *others] in jumps.items():
            text = f"the heading {plain(heading.content)!r} skips from level {above} to {level}"
            more = f" (and {len(others)} more like it)" if others else ""
            yield Remark(subject, number, text + more, f"change it to level {above + 1}")


def unclosed_quote(lint_input: LintInput) -> Remarks:
    """Paragraphs with more opening than closing quotation marks. A quotation that continues in the
    next paragraph, which opens with a mark or closes it, is fine."""
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
                text = f"a quotation is not closed: {passage}"
                yield Remark(subject, number, text, "add the closing quotation mark")


def _runs_on(following: Blocks, language: str) -> bool:
    """Whether a quotation continues in the next block: it starts with a mark, or closes more marks
    than it opens."""
    if not following or not isinstance(following[0], Paragraph):
        return False
    text = plain(following[0].content).lstrip()
    opening, closing = _PAIRS.get(language, ("“", "”"))
    return text.startswith(_OPENS) or text.count(closing) > text.count(opening)


def _left_open(text: str, language: str) -> int | None:
    """The position of the quotation mark that is never closed, or None."""
    if text.count('"') % 2 and _MEASURE.sub("", text).count('"') % 2:
        return text.rfind('"')
    opening, closing = _PAIRS.get(language, ("“", "”"))
    unclosed: list[int] = []
    for at, character in enumerate(text):
        if character == opening:
            unclosed.append(at)
        elif character == closing and unclosed:
            unclosed.pop()
    return unclosed[0] if unclosed else None
