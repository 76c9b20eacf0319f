"""Where finished bytes wait: the outbox until they are delivered, drafts for people."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from syndicate.adapters import Artifact, Draft
from syndicate.atomic import write_whole
from syndicate.ledger.records import StoredArtifact


class Outbox:
    """Artifacts on their way, each a file named after its SHA-256."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "outbox"

    def path(self, digest: str) -> Path:
        """The file that holds the artifact of this digest, if it is here."""
        return self._folder / digest

    def holds(self, digest: str) -> bool:
        """Whether the artifact of this digest is here."""
        return self.path(digest).is_file()

    def put(self, artifact: Artifact) -> StoredArtifact:
        """Store `artifact`, whole or not at all.

        Raises:
            OSError: the disk does not take it.
        """
        if not self.holds(artifact.digest):
            # Two processes may make the same bytes at once: each writes a file of its own.
            own = self.path(f"{artifact.digest}.{os.getpid()}")
            write_whole(own, artifact.content)
            own.replace(self.path(artifact.digest))
        return StoredArtifact(
            artifact.name,
            artifact.media_type,
            artifact.digest,
            len(artifact.content),
            isinstance(artifact, Draft),
            *((artifact.follows, artifact.on) if isinstance(artifact, Draft) else ()),
        )

    def read(self, digest: str) -> bytes:
        """The bytes of this digest.

        Raises:
            OSError: they are not here.
        """
        return self.path(digest).read_bytes()

    def link(self, digest: str, file: Path) -> None:
        """Hold what `file` has under this digest, without copying it."""
        if not self.holds(digest):
            self._folder.mkdir(parents=True, exist_ok=True)
            self.path(digest).hardlink_to(file)

    def keep_only(self, digests: frozenset[str]) -> None:
        """Let go of all artifacts but these, and of what a crash left half-written."""
        if self._folder.is_dir():
            for file in self._folder.iterdir():
                if file.name not in digests:
                    file.unlink(missing_ok=True)


def place_draft(draft: Path, content: bytes, last_placed: str | None) -> bool:
    """Put a draft where people edit it; one that was edited since is left alone.

    Args:
        draft: its file below `drafts/`.
        content: the new draft.
        last_placed: the digest of what was placed there last, None if nothing was.

    Returns:
        False if a hand edit stands in the way.
    """
    if draft.is_file():
        present = hashlib.sha256(draft.read_bytes()).hexdigest()
        if present == hashlib.sha256(content).hexdigest():
            return True
        if present != last_placed:
            return False
    write_whole(draft, content)
    return True
