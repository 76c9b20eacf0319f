"""What an audit finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from syndicate.errors import SyndicateError
from syndicate.ledger.copies import CopyRow

What = Literal["missing", "changed", "still there", "unknown file", "another file"]
Where = Literal["destination", "web"]


@dataclass(frozen=True)
class AuditFinding:
    """Something that is not as the ledger has it.

    Args:
        where: at the destination, or at the public URL.
        address: the place or the URL.
        told: what is different, in words; "" if `what` says it all.
        row: the copy; None for a file that nobody knows.
    """

    what: What
    where: Where
    channel: str
    address: str
    told: str = ""
    row: CopyRow | None = None


@dataclass(frozen=True)
class Unseen:
    """Copies that could not be compared, and why. `error` if that is something to fix; None if
    nobody can compare them."""

    channel: str
    number: int
    why: str
    error: SyndicateError | None = None


@dataclass
class Audit:
    """What was looked at, and what was found. `cached` are public URLs at which a cache may still
    show what was there before, as it may. `others` are files that somebody else has put where one
    of ours was removed. `same` counts what is as recorded."""

    looked: int = 0
    same: int = 0
    findings: list[AuditFinding] = field(default_factory=list)
    cached: list[AuditFinding] = field(default_factory=list)
    others: list[AuditFinding] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)


Watch = Callable[[str], None]
"""Told the address of each copy that was looked at."""
