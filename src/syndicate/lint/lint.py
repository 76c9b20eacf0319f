"""The rules, one after the other, over everything under review."""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.findings import Finding
from syndicate.lint.review import Desk
from syndicate.lint.rules import RULES, Switches


def lint(desk: Desk, switches: Switches) -> Iterator[Finding]:
    """What the rules find, in the order of files and lines; `switches` change how grave it is."""
    found = [
        Finding(
            rule=name,
            severity=level,
            message=remark.message,
            where=remark.subject.at(remark.block),
            article=remark.subject.article.id,
            hint=remark.hint,
        )
        for name, rule in RULES.items()
        if (level := switches.get(name, rule.level)) != "off"
        for remark in rule.check(desk)
    ]
    yield from sorted(found, key=_place)


def _place(finding: Finding) -> tuple[str, int]:
    return (finding.where.file, finding.where.line or 0) if finding.where else ("", 0)
