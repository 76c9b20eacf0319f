"""What was read from `content/`, kept between runs in `.syndicate/cache/`."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from syndicate import __version__
from syndicate.article import Article
from syndicate.atomic import write_whole
from syndicate.digests import digest_of
from syndicate.engine.content.article_store import keep_article, stored_article
from syndicate.engine.content.article_summary import ArticleSummary, from_json
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Note
from syndicate.store import BlobStore

_FORMAT = 5  # of read.json; one of another format is dropped


@dataclass
class CachedArticle:
    """One article of a file as its reader returned it (`raw` is its digest). `known` is what the
    ledger has of it and `summary` what planning needs, once its identity is settled."""

    source: str
    raw: str
    given: tuple[str, ...]
    notes: tuple[Note, ...]
    lines: tuple[int | None, ...]
    modified: str
    known: KnownArticle | None = None
    summary: ArticleSummary | None = None

    @classmethod
    def load(cls, values: dict[str, Any]) -> CachedArticle:
        """From the `values` that JSON stores."""
        known, summary = values["known"], values["summary"]
        return cls(
            source=values["source"],
            raw=values["raw"],
            given=tuple(values["given"]),
            notes=tuple(Note(**note) for note in values["notes"]),
            lines=tuple(values["lines"]),
            modified=values["modified"],
            known=known and KnownArticle(**{**known, "sketch": tuple(known["sketch"])}),
            summary=summary and from_json(summary),
        )


@dataclass
class CachedFile:
    """What was read from one file. `stat` are the sizes and times (ns) of the file and its sidecar,
    `at` is when they were checked (ns), `digest` is that of their bytes, `order` is what its dates
    say about the order of day and month (`syndicate.readers.dates.Order`)."""

    stat: list[int]
    at: int
    digest: str
    articles: list[CachedArticle]
    order: int = 0

    @classmethod
    def load(cls, values: dict[str, Any]) -> CachedFile:
        """From the `values` that JSON stores."""
        articles = [CachedArticle.load(one) for one in values["articles"]]
        return cls(values["stat"], values["at"], values["digest"], articles, values["order"])


@dataclass(frozen=True)
class CachedPicture:
    """A picture's digest, and its size and time (ns) when it was read."""

    size: int
    time: int
    digest: str


@dataclass
class Cache:
    """What was read from each file, by its path below `content/`, and from each picture, by its
    `src`."""

    folder: Path
    stamp: str
    store: BlobStore
    sources: dict[str, CachedFile] = field(default_factory=dict)
    pictures: dict[str, CachedPicture] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    """The files that no reader takes and that people have heard of."""
    day_first: bool | None = None
    """In which order the dates of what is here were read."""
    changed: bool = False

    @classmethod
    def open(cls, newsroom: Newsroom) -> Cache:
        """The cache of `newsroom`; empty if another version or publication wrote it."""
        shape = newsroom.publication.model_dump(mode="json")
        habits = asdict(newsroom.habits)
        stamp = digest_of(format=_FORMAT, version=__version__, publication=shape, habits=habits)
        cache = cls(newsroom.state / "cache", stamp, newsroom.store)
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads((cache.folder / "read.json").read_bytes())
            if kept["stamp"] == stamp:
                sources = {name: CachedFile.load(one) for name, one in kept["sources"].items()}
                pictures = {src: CachedPicture(**one) for src, one in kept["pictures"].items()}
                cache.sources, cache.pictures = sources, pictures
                cache.unread, cache.day_first = kept["unread"], kept["day_first"]
        return cache

    def save(self) -> None:
        """Write what changed."""
        if self.changed:
            kept = {
                "stamp": self.stamp,
                "sources": self.sources,
                "pictures": self.pictures,
                "unread": self.unread,
                "day_first": self.day_first,
            }
            write_whole(self.folder / "read.json", json.dumps(kept, default=_plain).encode())

    def article(self, digest: str) -> Article | None:
        """The article with this digest, or None."""
        return stored_article(self.store, digest)

    def keep(self, article: Article) -> str:
        """Store `article` and return its digest."""
        return keep_article(self.store, article)

    def named(self) -> frozenset[str]:
        """The digests of the articles that this cache refers to."""
        entries = (entry for file in self.sources.values() for entry in file.articles)
        return frozenset(
            digest
            for entry in entries
            for digest in (entry.raw, entry.summary.digest if entry.summary else entry.raw)
        )

    def picture_digest(self, path: Path, src: str) -> str:
        """SHA-256 of a picture's bytes, "" if it is missing. It is read only if it changed."""
        try:
            stat = path.stat()
        except OSError:
            return ""
        known = self.pictures.get(src)
        if known and (known.size, known.time) == (stat.st_size, stat.st_mtime_ns):
            return known.digest
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.pictures[src] = CachedPicture(stat.st_size, stat.st_mtime_ns, digest)
        self.changed = True
        return digest


def _plain(value: object) -> Any:
    """A value of the cache that JSON can store."""
    return value.isoformat() if isinstance(value, datetime) else vars(value)
