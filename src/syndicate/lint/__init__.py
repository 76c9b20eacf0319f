"""Editorial lint: what an editor would rather hear before the readers do.

A rule is a function from what is under review to remarks, with the scope that it has to see;
`RULES` names them. No rule renders, fetches or writes anything.
"""

from syndicate.lint.lint import lint
from syndicate.lint.review import Channel, Desk, Subject
from syndicate.lint.rules import RULES, Level, RuleScope, Switches

__all__ = ["RULES", "Channel", "Desk", "Level", "RuleScope", "Subject", "Switches", "lint"]
