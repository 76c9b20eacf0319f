"""Drafts as files that people edit."""

from __future__ import annotations

from pathlib import Path

from syndicate.atomic import write_whole
from syndicate.store import digest_of_bytes


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
        present = digest_of_bytes(draft.read_bytes())
        if present == digest_of_bytes(content):
            return True
        if present != last_placed:
            return False
    write_whole(draft, content)
    return True
