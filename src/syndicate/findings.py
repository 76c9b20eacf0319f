"""What a check says: the finding of one rule at one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syndicate.errors import Location

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """What `rule` found. `rule` is "room/words-with-hyphens" (`article/missing-alt`,
    `pdf/no-rgb`, `email/too-large`); an error keeps the thing from leaving, a warning does not.

    `where` is a place in a source or the name of an artifact, `article` an article's id, `hint`
    what mends it.
    """

    rule: str
    severity: Severity
    message: str
    where: Location | None = None
    article: str | None = None
    hint: str | None = None
