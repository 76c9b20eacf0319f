"""What a rendering depends on, and what an upgrade of the program does to it.

This is the only place for the rule. What the newsroom brings and what the program brings have
separate digests. If the newsroom's part changed, a rendering is made again. If only the program's
part changed, it is made again too, unless people have dealt with it: whatever somebody approved,
rejected or edited, and whatever was mailed or posted, stays as it is. A numbered edition is frozen;
only `--reissue` renders it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom

_SCHEME = "2"  # the first scheme was one digest over the `repr` of objects
_SHORT = 8  # characters of the digest of a part; parts only say what has changed
_PARTS = ("articles", "pictures", "settings", "templates", "lists")


@dataclass(frozen=True)
class InputDigests:
    """Digests of all that a rendering depends on.

    `newsroom` covers articles, pictures, settings, and the newsroom's own templates and plug-ins;
    `files` the same, with the files in `content/` in place of what was read from them; `program`
    covers the program's version and its packaged templates. `parts` are short digests of what
    `newsroom` consists of, "" if they are not known.
    """

    newsroom: str
    files: str = ""
    program: str = ""
    parts: str = ""

    def __str__(self) -> str:
        """The form that the ledger stores."""
        digests = (_SCHEME, self.newsroom, self.files, self.program)
        return ":".join((*digests, self.parts) if self.parts else digests)

    @classmethod
    def parse(cls, text: str) -> InputDigests | None:
        """The digests in the form that the ledger stores; None if it is of another scheme."""
        scheme, *digests = text.split(":")
        return cls(*digests) if scheme == _SCHEME and len(digests) in (3, 4) else None

    @staticmethod
    def joined_parts(**digests: str) -> str:
        """`parts`, of the digests of all parts by their names."""
        return ".".join(digests[name][:_SHORT] for name in _PARTS)

    def changes(self, before: InputDigests) -> tuple[str, ...]:
        """What has changed since `before`: "articles", "pictures", "settings", "templates" (or a
        plug-in), "lists" (what else is listed: withdrawn articles, feeds, issues), "program".
        Empty if that is not known."""
        if self.newsroom == before.newsroom or self.differ_by_program(before):
            return ("program",) if self.program != before.program else ()
        if not (self.parts and before.parts):
            return ()
        pairs = zip(_PARTS, self.parts.split("."), before.parts.split("."), strict=True)
        return tuple(name for name, now, then in pairs if now != then)

    def differ_by_program(self, before: InputDigests) -> bool:
        """Whether only the program's part differs from `before`. An improved reader counts as the
        program's: it makes different articles from the same files."""
        if self.program == before.program:
            return False
        return self.newsroom == before.newsroom or self.files == before.files


def same_inputs(one: str | None, other: str) -> bool:
    """Whether two digests in the form that the ledger stores are the same, with or without their
    parts."""
    return one == other or (one is not None and one.split(":")[:4] == other.split(":")[:4])


def last_handled(
    newsroom: Newsroom, channel: Channel, rendering: str, snapshot: LedgerSnapshot
) -> datetime | None:
    """When somebody last approved, rejected or edited `rendering` as it is now, or when it was last
    mailed or posted; None if none of that has happened."""
    moments = (
        moment
        for artifact in snapshot.artifacts.get((channel.name, rendering), ())
        for moment in _moments(newsroom, channel, rendering, artifact, snapshot)
    )
    return max(moments, default=None)


def _moments(
    newsroom: Newsroom,
    channel: Channel,
    rendering: str,
    artifact: StoredArtifact,
    snapshot: LedgerSnapshot,
) -> Iterator[datetime]:
    key = (channel.name, rendering, artifact.name)
    for name, courier in channel.couriers.items():
        dispatch = snapshot.dispatches.get((*key, name))
        if courier.final and dispatch and dispatch.frozen:
            yield datetime.fromisoformat(dispatch.at)
    digest = artifact.digest
    if artifact.draft:
        try:
            digest = hashlib.sha256(newsroom.draft(artifact.name)).hexdigest()
            if digest != artifact.digest:
                file = newsroom.drafts / artifact.name
                yield datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError:
            return
    for review in snapshot.reviews.get((*key, digest), ()):
        yield datetime.fromisoformat(review.at)
