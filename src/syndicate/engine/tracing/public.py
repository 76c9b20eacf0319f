"""What of a rendering was public with the words, from when to when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from syndicate.couriers import Courier, Holds, PostsThreads
from syndicate.engine.tracing.readable import is_without_words, posts_of, text_of_file
from syndicate.engine.tracing.words import Phrase
from syndicate.errors import DeliveryError, MissingBlobError
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.traces import Key, PastDelivery, Showing
from syndicate.newsroom.newsroom import Newsroom
from syndicate.tokens import PLACEHOLDER

Kind = Literal["file", "feed", "issue", "post", "mail"]
Proof = Literal["file", "article", "absent"]
"""How it is known: the words are in the bytes that were delivered; they are in the article, and the
bytes are no longer kept or cannot be searched; they are certainly not in the bytes."""


@dataclass(frozen=True)
class Sighting:
    """Words that were public.

    Args:
        article: the id of the article; "" in what shows several of them that have the words.
        address: where; for mail, how many people have it.
        since: when it was delivered (RFC 3339).
        until: when it was replaced or removed; None if that has not happened, or is not known.
        standing: whether the inventory says that it is still there; mail is in no inventory.
        digests: the SHA-256 of all bytes that were there in this time.
    """

    channel: str
    rendering: str
    article: str
    kind: Kind
    artifact: str
    address: str
    since: str
    until: str | None
    standing: bool
    proof: Proof
    digests: tuple[str, ...]


@dataclass(frozen=True)
class PublicTimes:
    """Works out what was public.

    Args:
        showings: those of the versions that have the words.
        issues: the numbered editions with such a version, with the ids of its articles.
        sent: the dispatches to people that contained such a version.
        removed: when artifacts were removed (see `Traces.removals`).
    """

    newsroom: Newsroom
    ledger: Ledger
    phrase: Phrase
    showings: Mapping[Key, Sequence[Showing]]
    issues: Mapping[Key, Sequence[str]]
    sent: Collection[int]
    removed: Mapping[tuple[str, str, str], Sequence[str]]

    def of(self, key: Key, article: str) -> Iterator[Sighting]:
        """What of the rendering `key` was public, whether the words were in it or not."""
        past = [one for one in self.ledger.traces.delivered(key) if self._is_copy(one)]
        past = [one for one in past if not is_without_words(one.artifact)]
        name = lambda one: (one.artifact, one.courier)  # noqa: E731 - the key of a group
        for _, some in groupby(sorted(past, key=name), key=name):
            row = sorted(some, key=lambda one: one.dispatch)
            ends = [*(one.first for one in row[1:]), None]
            found = [
                sighting
                for one, end in zip(row, ends, strict=True)
                for sighting in self._sightings(one, article, self._end(one, end))
            ]
            yield from _joined(found)

    def _sightings(self, one: PastDelivery, article: str, until: str | None) -> Iterator[Sighting]:
        courier = self._courier(one)
        content, is_thread = self._content(one.digest), isinstance(courier, PostsThreads)
        if is_thread:
            yield from self._posts(one, article, content)
        elif proof := self._proof(one, content):
            kind = self._kind(one, courier)
            yield Sighting(
                *(one.channel, one.rendering, article, kind, one.artifact),
                self._people(one) if kind == "mail" else self._place(one, courier),
                one.first,
                None if kind == "mail" else until,
                one.standing and one.replaced is None and until is None,
                proof,
                (one.digest,),
            )

    def _posts(self, one: PastDelivery, article: str, content: bytes | None) -> Iterator[Sighting]:
        texts = (posts_of(content) if content else None) or {}
        proof: Proof | None = "file" if texts else self._by_version(one)
        if proof is None:
            return
        for row in self.ledger.traces.posts(one.dispatch):
            if not texts or self.phrase.is_in(texts.get(row.unit, "")):
                yield Sighting(
                    *(one.channel, one.rendering, article, "post", one.artifact),
                    row.url or f"{one.artifact} {row.unit}",
                    row.at or one.first,
                    row.until,
                    row.standing,
                    proof,
                    (one.digest,),
                )

    def _proof(self, one: PastDelivery, content: bytes | None) -> Proof | None:
        text = None if content is None else text_of_file(one.artifact, content)
        if text is None:
            return self._by_version(one)
        return "file" if self.phrase.is_in(text) else "absent"

    def _by_version(self, one: PastDelivery) -> Proof | None:
        """Whether it was made from a version that has the words."""
        if one.dispatch in self.sent or (one.channel, one.rendering) in self.issues:
            return "article"
        shown = self.showings.get((one.channel, one.rendering), ())
        made = (s for s in shown if s.since <= one.at and (s.until is None or one.at < s.until))
        return "article" if any(made) else None

    def _content(self, digest: str) -> bytes | None:
        try:
            return self.newsroom.store.read(digest)
        except MissingBlobError:
            return None

    def _courier(self, one: PastDelivery) -> Courier | None:
        channel = self.newsroom.channels.get(one.channel)
        return channel.couriers.get(one.courier) if channel else None

    def _is_copy(self, one: PastDelivery) -> bool:
        """Whether people can read what was delivered; a notice for a hub, they cannot."""
        courier = self._courier(one)
        if courier is None:
            return one.courier != "websub"
        return courier.final or isinstance(courier, Holds)

    def _kind(self, one: PastDelivery, courier: Courier | None) -> Kind:
        if courier is not None and courier.final and not isinstance(courier, Holds):
            return "mail"
        if (one.channel, one.rendering) in self.issues:
            return "issue"
        own = {s.article for s in self.showings.get((one.channel, one.rendering), ())}
        return "file" if one.rendering in own or ":" in one.rendering else "feed"

    def _end(self, one: PastDelivery, next_: str | None) -> str | None:
        """When `one` was replaced, which is when the `next_` arrived, or removed."""
        if next_ is None and one.standing:
            return one.replaced
        removed = self.removed.get((one.channel, one.rendering, one.artifact), ())
        later = (at for at in removed if at >= one.last)
        ends = (next_, one.replaced, next(later, None))
        return min((at for at in ends if at is not None), default=None)

    def _people(self, one: PastDelivery) -> str:
        people = "1 recipient" if one.number == 1 else f"{one.number:,} recipients"
        return f"{people} of {one.artifact}"

    def _place(self, one: PastDelivery, courier: Courier | None) -> str:
        if PLACEHOLDER in one.artifact:
            return self._people(one)
        if courier is not None and isinstance(courier, Holds):
            try:
                return str(courier.place(one.artifact, one.artifact))
            except DeliveryError:  # a name that is refused today
                pass
        return one.url or one.artifact


def _joined(found: Sequence[Sighting]) -> Iterator[Sighting]:
    """`found`, in the order of time, with those as one that follow upon one another at one
    address."""
    latest: Sighting | None = None
    for one in found:
        if (
            latest is not None
            and latest.kind not in ("post", "mail")
            and latest.proof == one.proof
            and latest.address == one.address
            and latest.until == one.since
        ):
            digests = tuple(dict.fromkeys((*latest.digests, *one.digests)))
            latest = replace(latest, until=one.until, standing=one.standing, digests=digests)
            continue
        if latest is not None:
            yield latest
        latest = one
    if latest is not None:
        yield latest
