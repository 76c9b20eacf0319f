"""The addresses of an article's links inside a book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from syndicate.article import Article
from syndicate.article.publication import Publication

_HOST = re.compile(r"^(?:[\w-]+\.)*[\w-]+\.?$|^[0-9a-fA-F:.]+$")
# RFC 3986 appendix A: characters allowed in a path, and "%" for what is encoded already.
_SEGMENT = "/:@!$&'()*+,;=-._~%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class BookLinks:
    """The addresses that one book uses; `chapters` maps an article's URL to its file."""

    publication: Publication
    chapters: Mapping[str, str]

    def address(self, article: Article, url: str) -> str | None:
        """The href for `url` in `article`: a chapter, an absolute URL, or None if it is invalid."""
        whole = self.web(article, url)
        return self.chapters.get(whole, whole) if whole else None

    def web(self, article: Article, url: str) -> str | None:
        """The absolute URL for `url` in `article`, or None if it is invalid.

        A book has no base URL, and reading systems reject URLs that the URL standard calls invalid.
        """
        return _resolved(article.url if url.startswith("#") else self.publication.base_url, url)


@lru_cache(maxsize=4096)
def _resolved(base: str, url: str) -> str | None:
    try:
        parts = urlsplit(urljoin(base, _STRAY_PERCENT.sub("%25", url)))
        port = parts.port
    except ValueError:
        return None
    on_the_web = parts.scheme in ("http", "https")
    if port == 0 or not (_HOST.match(parts.hostname or "") if on_the_web else parts.path):
        return None
    return urlunsplit(
        parts._replace(
            path=quote(parts.path, _SEGMENT),
            query=quote(parts.query, _SEGMENT + "?"),
            fragment=quote(parts.fragment, _SEGMENT + "?"),
        )
    )
