"""The name of a blob: its SHA-256."""

from __future__ import annotations

import hashlib

from syndicate.errors import MissingBlobError


def digest_of_bytes(content: bytes) -> str:
    """The name of `content` in every store: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def is_digest(name: str) -> bool:
    """Whether `name` can be that of a blob."""
    return len(name) == 64 and all(digit in "0123456789abcdef" for digit in name)


def missing_blob(digest: str) -> MissingBlobError:
    """The error that nobody has the bytes of `digest`."""
    return MissingBlobError(
        f"the store does not have the bytes {digest[:12]}…", hint="check with: syndicate doctor"
    )
