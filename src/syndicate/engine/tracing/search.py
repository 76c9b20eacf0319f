"""Looks for words in the versions of articles that are kept, and in the drafts that were posted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from syndicate.article import Article
from syndicate.engine.tracing.readable import posts_of, text_of_article, text_of_file
from syndicate.engine.tracing.words import Phrase
from syndicate.errors import MissingBlobError
from syndicate.ledger.traces import KeptVersion, Key, Traces
from syndicate.store import BlobStore

Watch = Callable[[int], None]
"""Told how much was looked through so far."""
_OFTEN = 200  # versions after which that is told


@dataclass
class Search:
    """What contains `phrase`: versions of articles, and renderings whose draft people have
    written. `lost` counts the versions that the store no longer has."""

    phrase: Phrase
    versions: list[KeptVersion] = field(default_factory=list)
    drafts: set[Key] = field(default_factory=set)
    lost: int = 0


def search(traces: Traces, store: BlobStore, phrase: Phrase, watch: Watch) -> Search:
    """Look for `phrase` everywhere. Nothing is kept in memory but what contains it.

    Raises:
        StoreError: the store cannot be used.
        LedgerError: the ledger cannot be read.
    """
    found = Search(phrase)
    for number, version in enumerate(traces.versions(), 1):
        if number % _OFTEN == 0:
            watch(number)
        try:
            content = store.read(version.digest)
        except MissingBlobError:
            found.lost += 1
            continue
        if _is_in_article(phrase, content):
            found.versions.append(version)
    found.versions.sort(key=lambda one: (one.article, one.at))
    found.drafts.update(_drafts(traces, store, phrase))
    return found


def _is_in_article(phrase: Phrase, content: bytes) -> bool:
    if not phrase.may_be_in(content):
        return False
    try:
        return phrase.is_in(text_of_article(Article.model_validate_json(content)))
    except ValueError:  # of an older release, or damaged
        return False


def _drafts(traces: Traces, store: BlobStore, phrase: Phrase) -> Iterator[Key]:
    for key, name, digest in traces.drafts():
        try:
            content = store.read(digest)
        except MissingBlobError:
            continue
        if phrase.may_be_in(content):
            posts = posts_of(content)
            text = "\n".join(posts.values()) if posts else text_of_file(name, content)
            if phrase.is_in(text or ""):
                yield key
