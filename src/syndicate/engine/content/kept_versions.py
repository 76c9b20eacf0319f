"""Versions of articles that stay readable for every checkout, whatever is edited later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from syndicate.atomic import write_whole
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.intake import Intake
from syndicate.errors import MissingBlobError
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.versions import ShownPicture
from syndicate.newsroom.newsroom import Newsroom

_AT_ONCE = 500  # articles


def keep_versions(newsroom: Newsroom, ledger: Ledger, intake: Intake) -> None:
    """Let every checkout read the articles of `intake` as they are now, with the pictures that came
    inside their sources.

    Which of them they can is noted in the cache. If somebody else has noted versions in the ledger
    since, which may have made it forget some, or if it was restored, it is asked about all again.

    Raises:
        StoreError: the store cannot be used.
    """
    cache, versions = intake.cache, ledger.versions
    _note_pictures(newsroom, ledger, intake)
    mark = versions.mark()
    if cache.about("versions") != mark:
        with cache.writing() as tables:
            tables.execute("UPDATE articles SET shared = 0 WHERE shared")
    unshared = tuple(intake.unshared())
    if not unshared:
        return
    new = versions.unknown(unshared)
    _share(newsroom, ledger, intake, new)
    versions.make_last(intake.unshared("withdrawn"))
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
        ShownPicture(one.digest, src, store.put(file.read_bytes()), stored=True)
        for one in intake.of(article for article, _ in new)
        for src, file in _extracted(newsroom, one)
    ]
    store.share(digest for _, digest in new)
    ledger.versions.add_pictures(pictures)


def _note_pictures(newsroom: Newsroom, ledger: Ledger, intake: Intake) -> None:
    """Note in the ledger which pictures in `content/` articles show, where that has changed: as
    long as an article is kept without its file, it is not made again because they are gone too."""
    cache, changed, open_ = intake.cache, 1, newsroom.grounds.open
    while changed and (page := tuple(islice(intake.summaries.unpictured(), _AT_ONCE))):
        ledger.versions.add_pictures(
            ShownPicture(one.digest, src, digest, stored=False)
            for one in page
            for src in one.pictures
            if (digest := cache.picture_digest(newsroom.content / src, src, open_))
        )
        with cache.writing() as tables:  # another process may have read a newer version of one
            query = "UPDATE articles SET pictured = 1 WHERE source = ? AND digest = ?"
            noted = ((one.source, one.digest) for one in page)
            changed = tables.executemany(query, noted).rowcount


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
