"""Looks at what readers get at the public URLs of channels."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path

from syndicate.atomic import write_whole
from syndicate.couriers import Copy, Holds, PostsThreads, Seen
from syndicate.couriers.looking import GONE, SAME, side_by_side
from syndicate.engine.auditing.answers import Answer
from syndicate.engine.auditing.fetch import Fetcher, UnreachableError
from syndicate.engine.auditing.findings import Audit, AuditFinding, Unseen, Watch, What
from syndicate.errors import DeliveryError
from syndicate.ledger.copies import CopyRow, CopyState
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.stubs import is_stub
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop

_WAYS = 4  # requests at once
_CACHED = "cached"


@dataclass
class WebAudit:
    """Looks at the public URLs of channels. `audit` gets what is found; what it has found at a
    destination is not looked for on the web."""

    newsroom: Newsroom
    ledger: Ledger
    audit: Audit
    watch: Watch
    stop: Stop
    _fetcher: Fetcher = field(default_factory=Fetcher)
    _removed: dict[tuple[str, str], str] = field(default_factory=dict)

    def look(self, channel: Channel) -> None:
        """Look at all that `channel` has published."""
        if not is_on_the_web(channel):
            return
        met = {
            (one.row.copy.channel, one.row.copy.artifact)
            for one in self.audit.findings
            if one.row is not None
        }
        rows: dict[Copy, CopyRow] = {}

        def copies() -> Iterator[Copy]:
            for row in self._rows(channel):
                self.stop.check()
                about = (row.copy.channel, row.copy.artifact)
                if about not in met and row.state is not CopyState.PLACING:
                    met.add(about)
                    rows[row.copy] = row
                    yield row.copy

        def seen(copy: Copy) -> Seen:
            return self._seen(rows[copy], channel.url_of(copy.artifact))

        for copy, what in side_by_side(seen, copies(), _WAYS):
            self.stop.check()
            url = channel.url_of(copy.artifact)
            self.watch(url)
            self._judge(rows.pop(copy), url, what)

    def save(self) -> None:
        """Remember the ETags for the next audit."""
        write_whole(self._file, json.dumps(self._etags).encode())

    def _rows(self, channel: Channel) -> Iterator[CopyRow]:
        """What should be at the channel's URLs, then what should not any more."""
        for name, courier in channel.couriers.items():
            if not isinstance(courier, Holds) or isinstance(courier, PostsThreads):
                continue
            standing = self.ledger.audits.standing(channel.name, name)
            for row in chain(standing, self._former(channel.name, name, courier)):
                if row.copy.unit == row.copy.artifact and row.copy.digest:
                    yield row

    def _former(self, channel: str, name: str, courier: Holds) -> Iterator[CopyRow]:
        for one in self.ledger.audits.former(channel, name):
            with suppress(DeliveryError):  # a name that is refused today
                self._removed[one.rendering, one.artifact] = one.removed
                yield one.at(courier.place(one.artifact, one.unit))

    def _seen(self, row: CopyRow, url: str) -> Seen:
        digest = row.copy.digest or ""
        etag, of = self._etags.get(url, ("", ""))
        try:
            answer = self._fetcher.fetch(url, etag if of == digest else "")
        except UnreachableError as error:
            return Seen("unknown", str(error))
        if answer.status == 304:
            answer = replace(answer, digest=digest)
        elif answer.digest == digest and answer.etag:
            self._etags[url] = (answer.etag, digest)
        if row.state is CopyState.REMOVING:
            return self._seen_removed(row, answer)
        if answer.digest == digest or (answer.status == 410 and is_stub(row.rendering)):
            return SAME  # servers show a notice with this status (see adapters/gone.py)
        past = answer.is_gone or self._was_there(row, answer)
        # Only caches say how old an answer is. Without that, there was nothing just now.
        cached = not answer.is_gone or answer.age is not None
        if past and cached and answer.may_be_from_before(_seconds(row.at), time.time()):
            return Seen("there", _CACHED)
        elsewhere = f"redirects to {answer.url}" if answer.url != url else ""
        if answer.is_gone:
            return Seen("gone", elsewhere or f"answers {answer.status}")
        what = "what was there before" if past else "other bytes"
        return Seen("changed", f"{what}; {elsewhere}" if elsewhere else what)

    def _seen_removed(self, row: CopyRow, answer: Answer) -> Seen:
        """Whether it still shows what was removed."""
        if answer.is_gone or not self._was_there(row, answer):
            return GONE
        removed = self._removed.get((row.rendering, row.copy.artifact))
        if answer.may_be_from_before(_seconds(removed), time.time()):
            return Seen("there", _CACHED)
        return SAME

    def _was_there(self, row: CopyRow, answer: Answer) -> bool:
        """Whether it shows what was delivered once under the same name."""
        return answer.digest in self.ledger.audits.past_digests(row.copy.channel, row.copy.artifact)

    def _judge(self, row: CopyRow, url: str, seen: Seen) -> None:
        channel, is_removed = row.copy.channel, row.state is CopyState.REMOVING
        if seen.found == "unknown":
            told = seen.told if url in seen.told else f"{url}: {seen.told}"
            self.audit.unseen.append(Unseen(channel, 1, told, DeliveryError(told)))
            return
        self.audit.looked += 1
        what: What = "still there" if is_removed else "changed"
        if seen.told == _CACHED:
            told = "a cache may still show what was there before"
            self.audit.cached.append(AuditFinding(what, "web", channel, url, told, row))
        elif seen.found == ("gone" if is_removed else "same"):
            self.audit.same += 1
        elif is_removed or self.ledger.audits.is_settled(row):
            if seen.found == "gone":
                what = "missing"
            self.audit.findings.append(AuditFinding(what, "web", channel, url, seen.told, row))

    @property
    def _file(self) -> Path:
        return self.newsroom.state / "cache" / "etags.json"

    @cached_property
    def _etags(self) -> dict[str, tuple[str, str]]:
        """By URL, an ETag and the digest of the bytes that had it."""
        try:
            known = json.loads(self._file.read_bytes())
            return {str(url): (str(etag), str(digest)) for url, (etag, digest) in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def is_on_the_web(channel: Channel) -> bool:
    """Whether the public URL of what `channel` delivers is known."""
    return channel.says_url and not channel.private


def _seconds(moment: str | None) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
