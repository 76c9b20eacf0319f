"""What a rule of preflight says."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.findings import Severity


@dataclass(frozen=True)
class Expected:
    """What a file is held against.

    `press` asks for PDF/X-4 and PDF/A-2a, otherwise for PDF/A-3a, both with PDF/UA-1; `bleed` is
    in millimetres, `ink` in per cent of one ink's full tone, `resolution` in pixels an inch.
    """

    press: bool
    bleed: float = 0
    ink: int = 300
    resolution: int = 150


@dataclass(frozen=True)
class Fault:
    """`rule` is broken: `message` names the element, `page` counts from 1, None for the file."""

    rule: str
    message: str
    page: int | None = None
    severity: Severity = "error"
