"""Places on this machine's disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from syndicate.atomic import remove_whole
from syndicate.couriers.contract import Commit, Copy, Place
from syndicate.couriers.looking import GONE, Seen, compared, digest_of_stream
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


def file_at(place: Place, root: Path) -> Path:
    """The file at `place`, for the newsroom in `root`."""
    return root / place.address if place.destination == NEWSROOM else Path(place.address)


def seen_on_disk(file: Path, copy: Copy) -> Seen:
    """What stands in `file`, where `copy` should be."""
    try:
        with file.open("rb") as stream:
            return compared(digest_of_stream(stream), copy)
    except (FileNotFoundError, NotADirectoryError):
        return GONE
    except IsADirectoryError:
        return Seen("changed", "a folder")
    except OSError as error:
        return Seen("unknown", error.strerror or str(error))


def files_below(folder: Path, root: Path) -> Iterator[Place]:
    """The place of every file in `folder`.

    Raises:
        DeliveryError: it cannot be looked at.
    """

    def failed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise DeliveryError(f"{error.filename}: {error.strerror or error}") from error

    for inside, _, names in os.walk(folder, onerror=failed):
        for name in sorted(names):
            yield place_on_disk(f"{inside}/{name}", root)


def remove_from_disk(place: Place, root: Path, commit: Commit) -> None:
    """Delete the file at `place`, and the folders that this leaves empty.

    Raises:
        DeliveryError: it cannot be deleted.
    """
    inside, target = place.destination == NEWSROOM, file_at(place, root)
    commit()
    try:
        remove_whole(target, root / Path(place.address).parts[0] if inside else target.parent)
    except OSError as error:
        raise DeliveryError(f"{place.address}: {error.strerror or error}") from error
