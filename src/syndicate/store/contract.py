"""What a store can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from syndicate.store.folder import FolderStore


class BlobStore(Protocol):
    """Bytes by digest. What is put twice is there once, and appears whole or not at all. What is
    read is checked: damaged bytes count as missing.

    Every method raises StoreError if the store cannot be reached, read or written.
    """

    @property
    def near(self) -> FolderStore:
        """The part of it on this machine, which may be all of it."""

    @property
    def shown(self) -> str:
        """What people call the place."""

    def check(self) -> None:
        """Find out whether the store can be reached. Nothing is written.

        Raises:
            CredentialsError: an environment variable with a password is not set.
            UsageError: a package is missing.
            StoreError: it cannot be reached.
        """

    def put(self, content: bytes) -> str:
        """Store `content` for everyone, and return its digest. It is safe when this returns, and
        not removed for a week, whether anybody names it or not."""

    def keep(self, content: bytes) -> str:
        """As `put`, but for this machine only, until `share` is called. A power cut may take it."""

    def share(self, digests: Iterable[str]) -> None:
        """Make what was kept under `digests` readable for everyone.

        Raises:
            MissingBlobError: this machine does not have it.
        """

    def adopt(self, file: Path, digest: str) -> None:
        """Take over `file`, which has the bytes of `digest`, without copying it where possible."""

    def holds(self, digest: str) -> bool:
        """Whether the bytes are there. They are not checked."""

    def path(self, digest: str) -> Path:
        """A file on this machine that has the bytes. Nobody may write to it.

        Raises:
            MissingBlobError: nobody has them.
        """

    def read(self, digest: str) -> bytes:
        """The bytes.

        Raises:
            MissingBlobError: nobody has them.
        """

    def pages(self) -> Iterator[list[tuple[str, float]]]:
        """Every blob with the time (seconds since 1970) at which it was last put, in pages."""

    def remove(self, digest: str, before: float) -> None:
        """Remove a blob, unless it was put again since `before` (seconds since 1970)."""
