"""What the ledger keeps of articles, editions, artifacts and reviews."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from syndicate.adapters import Artifact, Draft, Pagination
from syndicate.ledger.events import LedgerEvent, event_time

__all__ = [
    "FrozenEdition",
    "KnownArticle",
    "RecordedPart",
    "RecordedRendering",
    "Review",
    "StoredArtifact",
    "dropped_review",
    "event_time",
]


@dataclass(frozen=True)
class KnownArticle:
    """What stays true of an article whatever is edited or renamed. Times are RFC 3339.

    `text` is a digest of what readers read, `words` one of the metadata too; `text` is "" in
    ledgers of older releases. `withdrawn` is since when it is withdrawn, None if it is not. `kept`
    is since when somebody keeps it published although its file is gone; `GONE_BEFORE` if nobody
    misses it.
    """

    id: str
    source: str
    slug: str
    first_seen: str
    updated: str
    words: str
    title: str
    sketch: tuple[int, ...]
    text: str = ""
    withdrawn: str | None = None
    kept: str | None = None


GONE_BEFORE = "gone before"
"""Of an article that may have lost its file before the ledger had the column `kept`."""


@dataclass(frozen=True)
class FrozenEdition:
    """A numbered edition: its `members` are (article id, digest at the freeze) in order, as are
    the articles of earlier editions that were `revised` after the one of the date `since`;
    `pagination` says on which pages they begin, where it is printed."""

    channel: str
    number: int
    date: str
    members: tuple[tuple[str, str], ...]
    since: str | None = None
    revised: tuple[tuple[str, str], ...] = ()
    pagination: Pagination | None = None


@dataclass(frozen=True)
class StoredArtifact:
    """An artifact as recorded; its bytes are in the store, or where it was delivered. What a draft
    `follows`, and the day `on` which, is known until it is placed."""

    name: str
    media_type: str
    digest: str
    size: int
    draft: bool
    follows: str = field(default="", compare=False)
    on: date | None = field(default=None, compare=False)

    @classmethod
    def of(cls, artifact: Artifact) -> StoredArtifact:
        """What is recorded of `artifact`."""
        follows, on = (artifact.follows, artifact.on) if isinstance(artifact, Draft) else ("", None)
        return cls(
            artifact.name,
            artifact.media_type,
            artifact.digest,
            len(artifact.content),
            isinstance(artifact, Draft),
            follows,
            on,
        )

    def holding(self, content: bytes) -> StoredArtifact:
        """The same artifact with other `content`."""
        return replace(self, digest=hashlib.sha256(content).hexdigest(), size=len(content))

    @property
    def is_enclosed(self) -> bool:
        """Whether it lies in `drafts/` for the draft that shows it, and waits for nobody."""
        return self.draft and self.media_type.startswith("image/")


@dataclass(frozen=True)
class RecordedPart:
    """What is kept of a document of a divided channel: the `folder` of its `subject` ("" for none),
    the `date` of its contents (RFC 3339), and the ids of the articles that it shows."""

    folder: str
    subject: str
    date: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class RecordedRendering:
    """A rendering of a channel that was just made; `key` is its key.

    Args:
        inputs: the digest of everything that it depends on.
        couriers: the names of the couriers that deliver its artifacts.
        settled: the couriers that do not send new bytes in place of what they have begun to send.
        edition: the edition that this rendering freezes, if any.
        slot: the scheduled time that the edition was made for (RFC 3339, UTC).
        sent: the versions of articles in it that are kept for ever, as (article id, digest).
        pieces: the digest of what the next rendering can use of this one.
        part: the part of a divided channel that it is, if it is one.
        shown: the version (digest) of each article that it was made from, by the article's id.
    """

    channel: str
    key: str
    inputs: str
    artifacts: tuple[StoredArtifact, ...]
    couriers: tuple[str, ...]
    settled: frozenset[str] = frozenset()
    edition: FrozenEdition | None = None
    slot: str | None = None
    sent: tuple[tuple[str, str], ...] = ()
    pieces: str = ""
    part: RecordedPart | None = None
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """What somebody said of an artifact of this very digest. An approved one may leave `after` a
    moment, at once if that is None; times are RFC 3339, in UTC."""

    channel: str
    rendering: str
    name: str
    digest: str
    by: str
    verdict: Literal["approved", "rejected"]
    note: str = ""
    after: str | None = None
    at: str = field(default_factory=event_time)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is about."""
        return self.channel, self.rendering, self.name, self.digest


def dropped_review(review: Review, by: str, why: str) -> LedgerEvent:
    """The event that `review` no longer counts, because of what `by` did."""
    return LedgerEvent(
        "dropped",
        by,
        review.channel,
        review.rendering,
        review.name,
        review.digest,
        f"{review.verdict} by {review.by}; {why}",
    )
