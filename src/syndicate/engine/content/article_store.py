"""Articles as JSON in the store, by digest."""

from __future__ import annotations

from syndicate.article import Article
from syndicate.errors import MissingBlobError
from syndicate.store import BlobStore


def keep_article(store: BlobStore, article: Article) -> str:
    """Keep `article` on this machine and return its digest. `share` lets others read it."""
    return store.keep(article.model_dump_json().encode())


def stored_article(store: BlobStore, digest: str) -> Article | None:
    """The article with this digest; None if the store does not have it.

    Raises:
        StoreError: the store cannot be used.
    """
    try:
        return Article.model_validate_json(store.read(digest))
    except (MissingBlobError, ValueError):
        return None
