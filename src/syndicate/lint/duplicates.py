"""Finds the same story filed twice."""

from __future__ import annotations

from collections import Counter, defaultdict

from syndicate.article.similarity import SKETCH, similarity
from syndicate.lint.lint_input import LintInput, Remark, Remarks

ALIKE = 0.6
# A sketch hash that this many articles share is boilerplate, and no sign of a duplicate.
_COMMON = 20


def near_duplicate(lint_input: LintInput) -> Remarks:
    """Articles that repeat the text of an earlier article (in the order of files)."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, subject in enumerate(lint_input.subjects):
        shared = Counter(
            other
            for value in subject.sketch
            for other in holders[value]
            if len(holders[value]) < _COMMON
        )
        for other, count in sorted(shared.items()):
            first = lint_input.subjects[other]
            if count < min(SKETCH, len(subject.sketch)) * ALIKE / 2:
                continue
            share = similarity(first.sketch, subject.sketch)
            if share >= ALIKE:
                text = f"shares about {share:.0%} of its text with {first.source}"
                yield Remark(subject, None, text, "withdraw one of them, or link one to the other")
        for value in subject.sketch:
            holders[value].append(number)
