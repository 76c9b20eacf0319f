"""What was read, kept between runs in `.syndicate/cache/`."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from syndicate import __version__
from syndicate.article import Article
from syndicate.atomic import write_whole
from syndicate.engine.filed import Filed
from syndicate.newsroom.newsroom import Newsroom


@dataclass
class Cache:
    """What was read of each source, by its path below `content/`."""

    folder: Path
    stamp: str
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, list[Any]] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def open(cls, newsroom: Newsroom) -> Cache:
        """The cache of `newsroom`, empty if it is of another version or publication."""
        shape = newsroom.publication.model_dump_json()
        known = [one.name for one in fields(Filed)]
        stamp = hashlib.sha256(f"{__version__} {shape} {known}".encode()).hexdigest()
        cache = cls(newsroom.state / "cache", stamp)
        try:
            kept = json.loads((cache.folder / "read.json").read_bytes())
            if kept["stamp"] == stamp:
                cache.sources, cache.pictures = kept["sources"], kept["pictures"]
        except (OSError, ValueError, KeyError):
            pass
        return cache

    def save(self) -> None:
        """Write what changed."""
        if self.changed:
            kept = {"stamp": self.stamp, "sources": self.sources, "pictures": self.pictures}
            write_whole(self.folder / "read.json", json.dumps(kept).encode())

    def article(self, digest: str) -> Article | None:
        """The article of this digest, if it is here."""
        try:
            return Article.model_validate_json(self._article_file(digest).read_bytes())
        except (OSError, ValueError):
            return None

    def keep(self, article: Article) -> str:
        """Keep `article`; its digest."""
        data = article.model_dump_json().encode()
        digest = hashlib.sha256(data).hexdigest()
        file = self._article_file(digest)
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            whole = file.with_suffix(f".{os.getpid()}-{threading.get_native_id()}")
            whole.write_bytes(data)
            whole.replace(file)
        return digest

    def keep_only(self, digests: frozenset[str]) -> None:
        """Let go of all articles but these."""
        for folder, _, names in os.walk(self.folder / "articles"):
            for name in names:
                if name.partition(".")[0] not in digests:
                    Path(folder, name).unlink(missing_ok=True)

    def picture_digest(self, path: Path, src: str) -> str:
        """SHA-256 of a picture's bytes, "" if there is none; read again only if it changed."""
        try:
            stat = path.stat()
        except OSError:
            return ""
        known = self.pictures.get(src)
        if known and known[:2] == [stat.st_size, stat.st_mtime_ns]:
            return str(known[2])
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.pictures[src] = [stat.st_size, stat.st_mtime_ns, digest]
        self.changed = True
        return digest

    def _article_file(self, digest: str) -> Path:
        return self.folder / "articles" / digest[:2] / f"{digest}.json"
