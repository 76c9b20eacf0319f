"""What the ledger keeps of artifacts and verdicts."""

from __future__ import annotations

import hashlib
from datetime import date

from syndicate.adapters import Artifact, Draft
from syndicate.ledger.records import Review, StoredArtifact

DRAFT = StoredArtifact("a.md", "text/markdown", "d", 1, draft=True)


def test_only_a_picture_of_a_draft_is_enclosed() -> None:
    picture = StoredArtifact("a.png", "image/png", "d", 1, draft=True)
    assert picture.is_enclosed
    assert not DRAFT.is_enclosed
    assert not StoredArtifact("a.png", "image/png", "d", 1, draft=False).is_enclosed


def test_other_content_is_another_digest_of_the_same_artifact() -> None:
    other = DRAFT.holding(b"words")
    assert (other.name, other.draft, other.size) == ("a.md", True, 5)
    assert other.digest == hashlib.sha256(b"words").hexdigest()


def test_a_verdict_is_about_these_bytes() -> None:
    review = Review("x", "unit", "a.md", "digest", "Ines", "approved")
    assert review.key == ("x", "unit", "a.md", "digest")
    assert review.at.endswith("+00:00")


def test_what_a_draft_follows_is_known_until_it_is_placed() -> None:
    draft = Draft("a.md", "text/markdown", b"words", follows="b.md", on=date(2026, 10, 6))
    stored = StoredArtifact.of(draft)
    assert (stored.draft, stored.follows, stored.on) == (True, "b.md", date(2026, 10, 6))
    assert (stored.size, stored.digest) == (5, draft.digest)
    assert not StoredArtifact.of(Artifact("a.txt", "text/plain", b"words")).draft
