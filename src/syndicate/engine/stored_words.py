"""The words of an article, to be found again in what was made of it."""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from syndicate.article.text import passages
from syndicate.engine.content.article_store import stored_article
from syndicate.errors import MissingBlobError
from syndicate.store import BlobStore

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\[nrt]")
_RUN = 5  # words


@dataclass(frozen=True)
class Words:
    """The runs of five words in an article, or its whole passages if they are shorter. Empty if
    nothing of it is left: then nothing is known of its words."""

    runs: frozenset[str]

    @classmethod
    def of(cls, store: BlobStore, versions: Iterable[str]) -> Words:
        """The words of the versions (digests) of an article that are in `store`."""
        runs: set[str] = set()
        for digest in versions:
            if article := stored_article(store, digest):
                for passage in (article.title, *passages(article.body)):
                    words = _WORD.findall(passage.casefold())
                    number = max(len(words) - _RUN + 1, 1)
                    runs |= {" ".join(words[i : i + _RUN]) for i in range(number) if words}
        return cls(frozenset(runs))

    def may_be_in(self, store: BlobStore, digest: str) -> bool:
        """Whether the blob may contain some of them. It may if it cannot be read as text, as a PDF;
        if nothing is known of the words, it may not."""
        if not self.runs:
            return False
        try:
            content = store.read(digest)
        except MissingBlobError:
            return False
        return self.may_be_among(content)

    def may_be_among(self, content: bytes) -> bool:
        """Whether `content` may contain some of them."""
        return any(self._are_in(part) for part in _parts(content))

    def _are_in(self, content: bytes) -> bool:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return True
        text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else " ", text)
        words = _WORD.findall(_TAG.sub(" ", html.unescape(html.unescape(text))).casefold())
        runs = (words[i : i + length] for length in _lengths(self.runs) for i in range(len(words)))
        return not self.runs.isdisjoint(map(" ".join, runs))


def _lengths(runs: Iterable[str]) -> set[int]:
    return {run.count(" ") + 1 for run in runs}


def _parts(content: bytes) -> Iterator[bytes]:
    """What is inside of compressed `content`, or itself."""
    if content.startswith(b"PK\x03\x04"):
        with suppress(zipfile.BadZipFile, zipfile.LargeZipFile):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    if name.endswith((".xhtml", ".html", ".opf", ".ncx", ".xml", ".json", ".txt")):
                        yield archive.read(name)
            return
    if content.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError):
            content = gzip.decompress(content)
    yield content
