"""Places on this machine's disk."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from syndicate.atomic import remove_whole
from syndicate.couriers.contract import Commit, Place
from syndicate.errors import DeliveryError

NEWSROOM, DISK = "newsroom", "file://"
"""The destinations of files below the newsroom's folder, and of all others."""


def root_in(context: Any) -> Path:
    """The newsroom's folder, from the validation context of a courier."""
    return Path((context or {}).get("root", "."))


def place_on_disk(path: str, root: Path) -> Place:
    """The place of the file at the absolute `path`, whatever links lead there. Below the newsroom's
    folder `root` it has the same name in every checkout."""
    folder, _, name = path.rpartition("/")
    path, above = f"{_real(folder)}/{name}", _real(os.path.abspath(root))  # noqa: PTH100
    if path.startswith(f"{above.rstrip('/')}/"):
        return Place(NEWSROOM, os.path.relpath(path, above))
    return Place(DISK, path)


@lru_cache(maxsize=1024)
def _real(folder: str) -> str:
    return os.path.realpath(folder)


def remove_from_disk(place: Place, root: Path, commit: Commit) -> None:
    """Delete the file at `place`, and the folders that this leaves empty.

    Raises:
        DeliveryError: it cannot be deleted.
    """
    inside = place.destination == NEWSROOM
    target = root / place.address if inside else Path(place.address)
    commit()
    try:
        remove_whole(target, root / Path(place.address).parts[0] if inside else target.parent)
    except OSError as error:
        raise DeliveryError(f"{place.address}: {error.strerror or error}") from error
