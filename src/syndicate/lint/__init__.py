"""Editorial lint: problems that an editor wants to know about before readers see them.

A rule is a function that takes the articles under review and returns remarks. Its scope says how
much it must see. `RULES` lists all rules by name. No rule renders, fetches or writes anything.
"""

from syndicate.lint.lint import lint, place
from syndicate.lint.lint_input import ChannelNeeds, LintInput, LintSubject
from syndicate.lint.rules import RULES, Level, RuleScope, Switches

__all__ = [
    "RULES",
    "ChannelNeeds",
    "Level",
    "LintInput",
    "LintSubject",
    "RuleScope",
    "Switches",
    "lint",
    "place",
]
