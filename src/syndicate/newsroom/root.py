"""Finding the newsroom's folder by walking up."""

from __future__ import annotations

from pathlib import Path

from syndicate.errors import UsageError

SETTINGS = "syndicate.toml"


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds `syndicate.toml`.

    Raises:
        UsageError: there is none.
    """
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise UsageError(
        f"no {SETTINGS} here or in any folder above", hint="start a newsroom: syndicate init"
    )
