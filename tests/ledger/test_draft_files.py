"""A draft's file is never overwritten if somebody edited it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from syndicate.ledger.draft_files import place_draft


def test_a_draft_takes_the_place_of_one_that_nobody_edited(tmp_path: Path) -> None:
    draft = tmp_path / "drafts" / "a.md"
    assert place_draft(draft, b"one", None)
    placed = hashlib.sha256(b"one").hexdigest()
    assert place_draft(draft, b"two", placed)
    assert draft.read_bytes() == b"two"
    assert not place_draft(draft, b"three", placed), "what is there is not what was placed"
    assert not place_draft(draft, b"three", None)
    assert draft.read_bytes() == b"two"
    assert place_draft(draft, b"two", None), "it is there already"
