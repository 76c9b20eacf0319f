"""Rules about wording: phrases that only work on one channel, and statistics without a source."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from syndicate.article import FootnoteReference, Link, Paragraph
from syndicate.article.text import plain
from syndicate.article.values import Node
from syndicate.article.walk import nodes_in
from syndicate.lint.lint_input import LintInput, LintSubject, Remark, Remarks

_WORDS = files("syndicate.lint") / "wording.toml"


def one_channel(lint_input: LintInput) -> Remarks:
    """Wording such as "click here" or "on page 4", which makes no sense on other channels."""
    for subject in lint_input.subjects:
        pattern = _pattern(subject.article.language.split("-")[0], "one_channel")
        for number, text in _texts(subject):
            if found := pattern and pattern.search(text):
                yield Remark(subject, number, f"{found[0]!r} only makes sense on one channel")


def unsourced(lint_input: LintInput) -> Remarks:
    """Percentages and large numbers in a paragraph that has no link, no footnote and names no
    source."""
    for subject in lint_input.subjects:
        language = subject.article.language.split("-")[0]
        pattern, source = _pattern(language, "statistic"), _pattern(language, "source")
        for number, block in enumerate(subject.article.body):
            if not isinstance(block, Paragraph) or _refers(block):
                continue
            text = plain(block.content)
            if pattern and (found := pattern.search(text)) and not (source and source.search(text)):
                remark = f"no source for {found[0]!r}"
                yield Remark(subject, number, remark, "link to the source, or say who counted")


def _texts(subject: LintSubject) -> list[tuple[int, str]]:
    return [
        (number, plain(node.content))
        for number, node in subject.nodes
        if isinstance(node, Paragraph) and number is not None
    ]


def _refers(block: Node) -> bool:
    return any(isinstance(node, Link | FootnoteReference) for node in nodes_in((block,)))


@cache
def _pattern(language: str, kind: str) -> re.Pattern[str] | None:
    table = tomllib.loads(_WORDS.read_text("utf-8"))
    phrases = table["any"].get(kind, []) + table.get(language, {}).get(kind, [])
    pattern = "|".join(f"(?:{phrase})" for phrase in phrases)
    return re.compile(pattern, re.IGNORECASE) if phrases else None
