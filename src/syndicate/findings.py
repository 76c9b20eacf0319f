"""A finding: the problem that one rule reports at one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syndicate.errors import Location

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """A problem that `rule` found.

    `rule` is "room/words-with-hyphens", such as `article/missing-alt`, `pdf/no-rgb` or
    `email/too-large`. An error stops publication, a warning does not. `where` is a place in a
    source file or the name of an artifact, `article` is an article's id, and `hint` says how to
    fix the problem.
    """

    rule: str
    severity: Severity
    message: str
    where: Location | None = None
    article: str | None = None
    hint: str | None = None
