"""Versions of articles that stay readable for every checkout, whatever is edited later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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

    Which of them they can is noted in the cache. If somebody else has noted versions in the ledger
    since, which may have made it forget some, or if it was restored, it is asked about all again.

    Raises:
        StoreError: the store cannot be used.
    """
    cache, versions = intake.cache, ledger.versions
    mark = versions.mark()
    if cache.about("versions") != mark:
        with cache.writing() as tables:
            tables.execute("UPDATE articles SET shared = 0 WHERE shared")
    unshared = tuple(intake.unshared())
    if not unshared:
        return
    new = versions.unknown(unshared)
    _share(newsroom, ledger, intake, new)
    mark = versions.note(new, newsroom.store_settings.keep_versions, mark)
    with cache.writing() as tables:  # another process may have read a newer version of one
        query = "UPDATE articles SET shared = 1 WHERE id = ? AND digest = ? AND twin IS NULL"
        tables.executemany(query, unshared)
        cache.note(versions=mark or "others have noted some")


def _share(
    newsroom: Newsroom, ledger: Ledger, intake: Intake, new: Sequence[tuple[str, str]]
) -> None:
    """Put the versions `new` where others can read them."""
    store = newsroom.store
    pictures = [
        (one.digest, src, store.put(file.read_bytes()))
        for one in intake.of(article for article, _ in new)
        for src, file in _extracted(newsroom, one)
    ]
    store.share(digest for _, digest in new)
    ledger.versions.add_pictures(pictures)


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
