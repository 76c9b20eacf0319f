"""What became of a step."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.adapters import Pagination
from syndicate.engine.planning.plan import Step
from syndicate.errors import SyndicateError
from syndicate.findings import Finding
from syndicate.kit import Loss
from syndicate.ledger.records import StoredArtifact


@dataclass(frozen=True)
class Rendered:
    """What became of a step: its artifacts, their printed pages and losses, or the error that ended
    it. `pieces` is the digest of those that the next rendering can use."""

    step: Step
    artifacts: tuple[StoredArtifact, ...] = ()
    losses: tuple[Loss, ...] = ()
    findings: tuple[Finding, ...] = ()
    pagination: Pagination | None = None
    error: SyndicateError | None = None
    pieces: str = ""
