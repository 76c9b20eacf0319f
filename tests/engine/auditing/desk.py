"""Audits of a newsroom under test."""

from __future__ import annotations

from syndicate.engine.audit import AuditOrder, Repaired, audit, repair
from syndicate.engine.auditing.findings import Audit
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk


def audited(desk: Desk, *channels: str, web: bool = True) -> Audit:
    """What an audit finds."""
    order = AuditOrder(channels, web)
    return audit(load_newsroom(desk.root, {}), order, lambda _: None, lambda _: None, Stop())


def found(desk: Desk, *channels: str) -> set[tuple[str, str]]:
    """What is not as recorded, and where."""
    seen = audited(desk, *channels)
    assert seen.unseen == []
    return {(one.what, one.address) for one in seen.findings}


def repaired(desk: Desk, *channels: str) -> Repaired:
    """What a repair does."""
    findings = tuple(audited(desk, *channels).findings)
    return repair(load_newsroom(desk.root, {}), findings, "Ines", lambda _: None, Stop())
