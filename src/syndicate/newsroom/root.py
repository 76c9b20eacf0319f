"""Finds the newsroom's folder."""

from __future__ import annotations

from pathlib import Path

from syndicate.errors import UsageError

SETTINGS = "syndicate.toml"


def find_root(start: Path) -> Path:
    """The newsroom's folder: `start`, or the nearest folder above it, with a `syndicate.toml`.

    Raises:
        UsageError: there is no such folder.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise UsageError(
        f"no {SETTINGS} in this folder or any folder above it",
        hint="create a newsroom: syndicate init",
    )
