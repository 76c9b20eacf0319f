"""Editorial lint: what an editor would rather hear before the readers do.

A rule is a function from what is under review to remarks, with the scope that it has to see;
`RULES` names them. No rule renders, fetches or writes anything.
"""

from syndicate.lint.lint import lint
from syndicate.lint.lint_input import ChannelNeeds, LintInput, Subject
from syndicate.lint.rules import RULES, Level, RuleScope, Switches

__all__ = [
    "RULES",
    "ChannelNeeds",
    "Level",
    "LintInput",
    "RuleScope",
    "Subject",
    "Switches",
    "lint",
]
