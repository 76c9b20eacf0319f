"""Places on this machine's disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from syndicate.couriers.contract import Place

NEWSROOM, DISK = "newsroom", "file://"
"""The destinations of files below the newsroom's folder, and of all others."""


def root_in(context: Any) -> Path:
    """The newsroom's folder, from the validation context of a courier."""
    return Path((context or {}).get("root", "."))


def place_on_disk(path: str, root: Path) -> Place:
    """The place of the file at the absolute `path`. Below the newsroom's folder `root` it has the
    same name in every checkout."""
    above = os.path.abspath(root)  # noqa: PTH100 - resolve() follows links
    if path.startswith(f"{above.rstrip('/')}/"):
        return Place(NEWSROOM, os.path.relpath(path, above))
    return Place(DISK, path)
