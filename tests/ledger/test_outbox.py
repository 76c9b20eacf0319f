"""The outbox holds bytes by their digest, and a draft's file is never overwritten by hand edits."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from syndicate.adapters import Artifact, Draft
from syndicate.ledger.outbox import Outbox, place_draft

WORDS = Artifact("a.txt", "text/plain", b"words")


def test_bytes_are_there_until_they_are_let_go(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    stored = outbox.put(WORDS)
    assert (stored.name, stored.size, stored.draft) == ("a.txt", 5, False)
    assert outbox.read(stored.digest) == b"words"
    (tmp_path / "outbox" / f"{stored.digest}.77").write_bytes(b"half wri")
    outbox.keep_only(frozenset({stored.digest}))
    assert [file.name for file in (tmp_path / "outbox").iterdir()] == [stored.digest]
    outbox.keep_only(frozenset())
    assert not outbox.holds(stored.digest)
    with pytest.raises(OSError, match="No such file"):
        outbox.read(stored.digest)


def test_what_a_draft_follows_is_known_until_it_is_placed(tmp_path: Path) -> None:
    draft = Draft("a.md", "text/markdown", b"words", follows="b.md", on=date(2026, 10, 6))
    stored = Outbox(tmp_path).put(draft)
    assert (stored.draft, stored.follows, stored.on) == (True, "b.md", date(2026, 10, 6))


def test_a_file_is_linked_and_not_copied(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_bytes(b"words")
    outbox = Outbox(tmp_path)
    outbox.link(WORDS.digest, file)
    outbox.link(WORDS.digest, file)
    assert outbox.path(WORDS.digest).samefile(file)


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
