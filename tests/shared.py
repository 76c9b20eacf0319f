"""Conformance data and samples that live beside the project, never in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SYNDICATE_SHARED", Path(__file__).parents[2] / "shared"))
SAMPLE = SHARED / "samples" / "sheinbaum-rejects-us-operations.txt"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the conformance data is not beside this checkout"
)
