"""Feeds for members: each member gets a copy at an address that no one else can guess."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from pydantic import field_validator

from syndicate.atomic import write_served
from syndicate.couriers.contract import Commit, Copy, Delivery, Place, Receipt
from syndicate.couriers.disk import file_at, place_on_disk, remove_from_disk, seen_on_disk
from syndicate.couriers.files import FilesCourier
from syndicate.couriers.looking import SAME, Contents, Seen, side_by_side
from syndicate.errors import CredentialsError, DeliveryError, MissingBlobError
from syndicate.private import public_folder
from syndicate.tokens import PLACEHOLDER, member_token

if TYPE_CHECKING:
    from syndicate.letter import Subscriber

_MARK = ".member"  # a file in each member's folder; only folders with it are ever deleted


class MembersCourier(FilesCourier):
    """`via = "members"`: like `file`, but a feed is written once for each subscriber of the
    channel, into a folder named after the subscriber's token. The feed has full articles. Folders
    of people who are no longer subscribed are deleted the next time the feed changes.

    Tokens are made from the subscriber's address and a secret of at least 16 characters, in the
    environment variable that `secret_env` names. Changing the secret gives every member a new
    address.
    """

    via: ClassVar[str] = "members"
    members_only: ClassVar[bool] = True

    secret_env: str = "SYNDICATE_FEED_SECRET"  # noqa: S105 - the name of it

    @field_validator("owned")
    @classmethod
    def _is_ours_anyway(cls, owned: bool) -> bool:
        if owned:
            raise ValueError("is not needed: folders of people who have left are deleted anyway")
        return owned

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterator[str]:
        """All subscribers, for a feed. Any other file is delivered once, for everyone."""
        if PLACEHOLDER not in artifact.artifact:
            yield artifact.artifact
            return
        tokens = set()
        for subscriber in subscribers:
            tokens.add(self.folder(artifact.channel, subscriber.address))
            yield subscriber.address
        for mark in self.path.glob(f"*/{_MARK}"):
            if mark.parent.name not in tokens:
                _remove(mark.parent)

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Write the member's copy, whole or not at all. Receipts and errors contain no token."""
        if PLACEHOLDER not in delivery.artifact:
            return super().deliver(delivery, commit)
        target, content = self._copy(delivery)
        try:
            public_folder(self.path)
            mark = self._mark(delivery)
            if not mark.exists():
                write_served(mark, b"")
            write_served(target, content, commit)
        except OSError as error:
            raise DeliveryError(f"feed for {delivery.unit}: {error.strerror}") from None
        return Receipt(remote_id=delivery.unit)

    def find(self, delivery: Delivery) -> Receipt | None:
        """A receipt if the member's copy is there with exactly these bytes, else None."""
        if PLACEHOLDER not in delivery.artifact:
            return super().find(delivery)
        target, content = self._copy(delivery)
        there = target.is_file() and target.read_bytes() == content
        return Receipt(remote_id=delivery.unit) if there else None

    def exists(self, unit: str, size: int) -> bool:
        """As for `file`; the copies of members are not checked."""
        return PLACEHOLDER in unit or super().exists(unit, size)

    def place(self, artifact: str, unit: str) -> Place:
        """The file. In the place of the token there is the member's address, since whoever knows
        the token can read the feed."""
        if PLACEHOLDER not in artifact:
            return super().place(artifact, unit)
        named = artifact.replace(PLACEHOLDER, quote(unit, safe="@"))
        return place_on_disk(self._path(named), self._root)

    def look(self, copies: Iterable[Copy], content: Contents) -> Iterator[tuple[Copy, Seen]]:
        """As for `file`; in a member's copy, their token takes the place of the placeholder."""

        def seen(copy: Copy) -> Seen:
            if PLACEHOLDER not in copy.artifact:
                return seen_on_disk(file_at(copy.place, self._root), copy)
            own = self.folder(copy.channel, copy.unit)
            file = self._target(copy.artifact.replace(PLACEHOLDER, own))
            if copy.digest is None:
                return seen_on_disk(file, copy)
            try:
                if file.read_bytes() == _with_token(content(copy.digest), own):
                    return SAME
            except (OSError, MissingBlobError):
                pass
            return seen_on_disk(file, copy)

        return side_by_side(seen, copies, 1)

    def remove(self, copy: Copy, commit: Commit) -> None:
        """Delete the member's copy, or any other file."""
        place = copy.place
        if PLACEHOLDER in copy.artifact:
            own = self.folder(copy.channel, copy.unit)
            path = self._path(copy.artifact.replace(PLACEHOLDER, own))
            place = place_on_disk(path, self._root)
        try:
            remove_from_disk(place, self._root, commit)
        except DeliveryError as error:  # its message would give the token away
            raise DeliveryError(f"feed for {copy.unit} could not be deleted") from error

    def forget(self, channel: str, address: str) -> bool:
        """Delete the folder of the member at `address`. False if there is none.

        Raises:
            CredentialsError: there is no secret, so that it is not known which folder it is.
            DeliveryError: it cannot be deleted.
        """
        folder = self.path / self.folder(channel, address)
        if not folder.is_dir():
            return False
        try:
            _remove(folder)
        except OSError as error:
            raise DeliveryError(f"a private feed could not be deleted: {error.strerror}") from None
        return True

    def _copy(self, delivery: Delivery) -> tuple[Path, bytes]:
        """The path and the bytes of the copy for the member that `delivery` is for."""
        own = self.folder(delivery.channel, delivery.unit)
        target = self._target(delivery.artifact.replace(PLACEHOLDER, own))
        content = delivery.content.read_bytes()
        return target, _with_token(content, own)

    def _mark(self, delivery: Delivery) -> Path:
        return self.path / self.folder(delivery.channel, delivery.unit) / _MARK

    def folder(self, channel: str, address: str) -> str:
        """The folder of the member at `address`, named after their token.

        Raises:
            CredentialsError: there is no secret.
        """
        secret = os.environ.get(self.secret_env, "")
        if len(secret) < 16:
            hint = f"export {self.secret_env}=… (16 characters or more)"
            raise CredentialsError("the secret for members' feeds is missing or short", hint=hint)
        return member_token(secret, channel, address)


def _with_token(content: bytes, own: str) -> bytes:
    return content.replace(PLACEHOLDER.encode(), own.encode())


def _remove(folder: Path) -> None:
    """Delete a member's folder and everything in it: a feed may be split into several files."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
    folder.rmdir()
