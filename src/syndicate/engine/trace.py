"""Who could read these words: which articles said them, in which channels, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from syndicate.engine.tracing.public import PublicTimes, Sighting
from syndicate.engine.tracing.search import Search, search
from syndicate.engine.tracing.words import Phrase
from syndicate.errors import UsageError
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.traces import KeptVersion, Key, Showing
from syndicate.newsroom.newsroom import Newsroom

_SHORTEST = 3  # characters


@dataclass(frozen=True)
class TracedArticle:
    """An article that says the words, or once said them: the times (RFC 3339) at which the
    `versions` with them were first published; none if only a draft that people edited has them."""

    id: str
    slug: str
    title: str
    versions: tuple[KeptVersion, ...]


@dataclass(frozen=True)
class Reach:
    """How far the search went: `versions` of `articles`, the oldest first published at the time
    `since`. `most` are kept of each article, besides those that were sent. `lost` of them are no
    longer in the store."""

    versions: int
    articles: int
    since: str | None
    most: int
    lost: int


@dataclass(frozen=True)
class Trace:
    """Everything that is known of some words.

    Args:
        sightings: where they were public, by channel and time.
        without: the channels that show these articles, as far as is known without these words.
        approvers: who approved which bytes, by digest.
    """

    articles: tuple[TracedArticle, ...]
    sightings: tuple[Sighting, ...]
    without: tuple[str, ...]
    approvers: dict[str, tuple[str, ...]]
    reach: Reach

    def approved_by(self, one: Sighting) -> tuple[str, ...]:
        """Who approved the bytes of `one`."""
        names = (name for digest in one.digests for name in self.approvers.get(digest, ()))
        return tuple(dict.fromkeys(names))


def trace(newsroom: Newsroom, text: str, watch: Callable[[int, int], None]) -> Trace:
    """Everything that the ledger and the store know of the words `text`.

    Args:
        watch: told how many versions were looked through, and of how many.

    Raises:
        UsageError: there is nothing to look for.
        StoreError: the store cannot be used.
        LedgerError: the ledger cannot be read.
    """
    phrase = Phrase(text)
    if len(phrase.words) < _SHORTEST:
        raise UsageError(
            f"{text!r} is too short to look for", hint='name a sentence: syndicate trace "…"'
        )
    with ledger_of(newsroom) as ledger:
        number, of, since = ledger.traces.number_of_versions()
        found = search(ledger.traces, newsroom.store, phrase, lambda done: watch(done, number))
        sightings = sorted(
            _sightings(newsroom, ledger, found), key=lambda one: (one.channel, one.since)
        )
        public = tuple(one for one in sightings if one.proof != "absent")
        told = {one.channel for one in public}
        digests = {digest for one in public for digest in one.digests}
        return Trace(
            tuple(_articles(ledger, found, public)),
            public,
            tuple(sorted({one.channel for one in sightings} - told)),
            dict(ledger.traces.approvers(digests)),
            Reach(number, of, since, newsroom.store_settings.keep_versions, found.lost),
        )


def _sightings(newsroom: Newsroom, ledger: Ledger, found: Search) -> Iterator[Sighting]:
    """All that was public of the renderings that have to do with what was found."""
    digests = {one.digest for one in found.versions}
    showings = sorted(ledger.traces.showings(digests), key=_key)
    by_key = {key: tuple(some) for key, some in groupby(showings, key=_key)}
    issues = _issues(ledger, digests)
    articles: dict[Key, set[str]] = {key: {key[1]} for key in found.drafts}
    for key, some in by_key.items():
        articles.setdefault(key, set()).update(one.article for one in some)
    for key, members in issues.items():
        articles.setdefault(key, set()).update(members)
    # What was made before the ledger noted versions, and is still there, can be searched itself.
    for id_ in {one.article for one in found.versions}:
        parts = ledger.parts.showing(id_)
        for key in (*parts, *((name, id_) for name in newsroom.channels)):
            articles.setdefault(key, {id_})
    removed = ledger.traces.removals(articles.keys())
    sent = ledger.traces.sent_with({one.article for one in found.versions}, digests)
    times = PublicTimes(newsroom, ledger, found.phrase, by_key, issues, sent, removed)
    for key, ids in sorted(articles.items()):
        yield from times.of(key, min(ids) if len(ids) == 1 else "")


def _key(one: Showing) -> Key:
    return one.channel, one.rendering


def _issues(ledger: Ledger, digests: set[str]) -> dict[Key, tuple[str, ...]]:
    """The numbered editions that contain one of the versions `digests`, with its article."""
    found = {}
    for editions in ledger.editions().values():
        for one in editions:
            ids = tuple(id_ for id_, digest in one.members if digest in digests)
            if ids:
                found[one.channel, str(one.number)] = ids
    return found


def _articles(ledger: Ledger, found: Search, public: Iterable[Sighting]) -> Iterator[TracedArticle]:
    by_id: dict[str, tuple[KeptVersion, ...]] = {
        id_: tuple(some) for id_, some in groupby(found.versions, key=lambda one: one.article)
    }
    ids = by_id.keys() | {one.article for one in public if one.article}
    known = ledger.articles.with_ids(ids)
    for id_ in sorted(ids):
        if id_ in known or id_ in by_id:
            one = known.get(id_)
            slug, title = (one.slug, one.title) if one else (id_, "")
            yield TracedArticle(id_, slug, title, by_id.get(id_, ()))
