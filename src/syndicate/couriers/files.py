"""Delivers to a folder on this machine. Files appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator

from syndicate.atomic import write_served
from syndicate.couriers.contract import Commit, Copy, Delivery, Place, Receipt
from syndicate.couriers.disk import (
    file_at,
    files_below,
    place_on_disk,
    remove_from_disk,
    root_in,
    seen_on_disk,
)
from syndicate.couriers.looking import Contents, Seen, side_by_side
from syndicate.couriers.purging import PurgingCourier
from syndicate.errors import DeliveryError
from syndicate.private import public_folder

_WAYS = 4  # files that are read at once


class FilesCourier(PurgingCourier):
    """`via = "file"`: a folder on this machine, by default `out/<channel>/`. With `owned`, nobody
    else puts files there: `syndicate audit` names those that the ledger does not know."""

    via: ClassVar[str] = "file"

    path: Path = Field(default=Path("out/{channel}"), validate_default=True)
    owned: bool = False
    _root: Path = PrivateAttr(Path())

    def model_post_init(self, context: Any) -> None:
        """Remember the newsroom's folder."""
        self._root = root_in(context)

    @field_validator("path")
    @classmethod
    def _below_root(cls, path: Path, info: ValidationInfo) -> Path:
        context = info.context or {}
        named = Path(str(path).replace("{channel}", context.get("channel", "")))
        return Path(context.get("root", ".")) / named

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Write a temporary file next to the target, sync it, commit, then rename it to the target
        (a POSIX rename is atomic)."""
        target = self._target(delivery.unit)
        try:
            public_folder(self.path)
            write_served(target, delivery.content.read_bytes(), commit)
        except OSError as error:
            raise DeliveryError(f"{target}: {error.strerror or error}") from error
        return Receipt(remote_id=str(target), url=target.as_uri())

    def find(self, delivery: Delivery) -> Receipt | None:
        """A receipt if the file is there with exactly these bytes, else None."""
        target = self._target(delivery.unit)
        if not target.is_file():
            return None
        if hashlib.sha256(target.read_bytes()).hexdigest() != delivery.digest:
            return None
        return Receipt(remote_id=str(target), url=target.as_uri())

    def exists(self, unit: str, size: int) -> bool:
        """Whether the file is there with `size` bytes, checked with one `stat` call."""
        plain = ".." not in unit and not unit.startswith("/")  # it cannot be anywhere else
        place = f"{self._folder}/{unit}" if plain else self._path(unit)
        try:
            return os.stat(place).st_size == size  # noqa: PTH116 - hot path
        except OSError:
            return False

    def place(self, artifact: str, unit: str) -> Place:
        """The file."""
        return place_on_disk(self._path(unit), self._root)

    def remove(self, copy: Copy, commit: Commit) -> None:
        """Delete the file, and the folders that this leaves empty."""
        remove_from_disk(copy.place, self._root, commit)

    def look(self, copies: Iterable[Copy], content: Contents) -> Iterator[tuple[Copy, Seen]]:
        """The digests of the files, wherever they are on this machine."""

        def seen(copy: Copy) -> Seen:
            return seen_on_disk(file_at(copy.place, self._root), copy)

        return side_by_side(seen, copies, _WAYS)

    def everything(self) -> Iterator[Place]:
        """See `Owns`."""
        if self.owned:
            yield from files_below(self.path, self._root)

    def _target(self, unit: str) -> Path:
        return Path(self._path(unit))

    @cached_property
    def _folder(self) -> str:
        return os.path.abspath(self.path)  # noqa: PTH100 - resolve() follows links

    def _path(self, unit: str) -> str:
        """The path of `unit`, as text: thousands are looked at in a row."""
        folder = self._folder
        place = os.path.normpath(f"{folder}/{unit}")
        if unit.startswith("/") or not place.startswith(f"{folder.rstrip('/')}/"):
            raise DeliveryError(f"{unit!r} is outside {self.path}")
        return place
