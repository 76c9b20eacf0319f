"""What preflight expects of a file, and the faults it reports."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.findings import Severity


@dataclass(frozen=True)
class Expected:
    """The requirements for a file.

    With `press` these are PDF/X-4 and PDF/A-2a, otherwise PDF/A-3a, in both cases with PDF/UA-1.
    `bleed` is in millimetres, `ink` in per cent of one ink's full tone, and `resolution` in pixels
    per inch.
    """

    press: bool
    bleed: float = 0
    ink: int = 300
    resolution: int = 150


@dataclass(frozen=True)
class Fault:
    """A broken `rule`. `message` names the element; `page` counts from 1, None for the file."""

    rule: str
    message: str
    page: int | None = None
    severity: Severity = "error"
