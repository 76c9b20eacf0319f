"""Runs the rules on everything under review."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from syndicate.findings import Finding
from syndicate.lint.lint_input import LintInput
from syndicate.lint.rules import RULES, RuleScope, Switches


def lint(
    lint_input: LintInput, switches: Switches, scopes: Collection[RuleScope] = tuple(RuleScope)
) -> Iterator[Finding]:
    """The findings of the rules of these `scopes`, in the order of files and lines. `switches` set
    the severity of rules, or turn them off."""
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
        if rule.scope in scopes and (level := switches.get(name, rule.level)) != "off"
        for remark in rule.check(lint_input)
    ]
    yield from sorted(found, key=place)


def place(finding: Finding) -> tuple[str, int]:
    """Where `finding` stands in the order of files and lines."""
    return (finding.where.file, finding.where.line or 0) if finding.where else ("", 0)
