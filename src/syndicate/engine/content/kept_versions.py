"""Versions of articles that stay readable for every checkout, whatever is edited later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from syndicate.atomic import write_whole
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.intake import Intake
from syndicate.errors import MissingBlobError
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom


def keep_versions(newsroom: Newsroom, ledger: Ledger, intake: Intake) -> None:
    """Let every checkout read the articles of `intake` as they are now, with the pictures that came
    inside their sources.

    Raises:
        StoreError: the store cannot be used.
    """
    store, versions = newsroom.store, ledger.versions
    new = versions.unknown(intake.versions())
    if not new:
        return
    pictures = [
        (one.digest, src, store.put(file.read_bytes()))
        for one in intake.of(article for article, _ in new)
        for src, file in _extracted(newsroom, one)
    ]
    store.share(digest for _, digest in new)
    versions.add_pictures(pictures)
    versions.note(new, newsroom.store_settings.keep_versions)


def bring_pictures(newsroom: Newsroom, ledger: Ledger, versions: Iterable[str]) -> None:
    """Bring the pictures that came inside the sources of `versions` (digests) to this machine.

    Whatever shows one that is lost says that it is missing.

    Raises:
        StoreError: the store cannot be used.
    """
    for src, digest in ledger.versions.pictures(versions).items():
        file = _file(newsroom, src)
        if not file.is_file():
            with suppress(MissingBlobError, OSError):
                write_whole(file, newsroom.store.read(digest))


def _extracted(newsroom: Newsroom, one: ArticleSummary) -> Iterator[tuple[str, Path]]:
    for src in one.pictures:
        file = _file(newsroom, src)
        if file.is_file() and file.resolve().is_relative_to(newsroom.extracted.resolve()):
            yield src, file


def _file(newsroom: Newsroom, src: str) -> Path:
    return newsroom.extracted / unquote(src)
