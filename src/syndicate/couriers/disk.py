"""Places on this machine's disk."""

from __future__ import annotations

import os
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
    """The place of the file at the absolute `path`. Below the newsroom's folder `root` it has the
    same name in every checkout."""
    above = os.path.abspath(root)  # noqa: PTH100 - resolve() follows links
    if path.startswith(f"{above.rstrip('/')}/"):
        return Place(NEWSROOM, os.path.relpath(path, above))
    return Place(DISK, path)


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
