"""Sitemaps (https://www.sitemaps.org/protocol.html), including news sitemaps for Google News."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import PurePosixPath
from typing import ClassVar, Literal
from xml.sax.saxutils import escape

from pydantic import Field

from syndicate.adapters.contract import Adapter, Piece, Scope
from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.web.addresses import web_uri
from syndicate.adapters.web.dates import rfc3339
from syndicate.article import Article
from syndicate.errors import RenderError
from syndicate.kit import Kit
from syndicate.kit.pictures import is_web_picture

MOST_BYTES = 50 * 1024 * 1024
MOST_FILES = 50_000
MOST_URLS = {"pages": 50_000, "news": 1_000}
NEWS_LASTS = timedelta(days=2)
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENING = f"""\
<?xml version='1.0' encoding='UTF-8'?>
<urlset xmlns="{_SITEMAPS}"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
"""
_CLOSING = "</urlset>\n"


class Sitemap(Adapter):
    """The URLs of the articles, for search engines.

    With `kind = "pages"` these are all articles. With `kind = "news"` they are those of the two
    days before the newest article, with titles, as Google News wants them. Such a channel should
    also have `since = "2 days"` under `[select]`, so that old articles leave even when no new ones
    appear.

    If there are too many for one sitemap, several are written, oldest first so that full ones
    never change, and `file` becomes their index.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ROLLING,)
    scope: Literal[Scope.ROLLING] = Scope.ROLLING
    kind: Literal["pages", "news"] = "pages"
    file: str = Field(default="sitemap.xml", pattern=r"^\w[\w.-]*\.xml$")

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The sitemap, or the index and its sitemaps.

        Raises:
            RenderError: there are more articles than an index can list.
        """
        pieces = (self.piece(article, edition, kit).content for article in edition.articles)
        return self.assemble(edition, pieces, kit)

    def piece(self, article: Article, edition: Edition, kit: Kit) -> Piece:
        """The `url` element of `article`, after a line with the time when it was published."""
        publication, news = edition.publication, self.kind == "news"
        url = web_uri(publication.absolute(article.url))
        known = [
            f"<loc>{escape(url)}</loc>",
            "" if news else f"<lastmod>{rfc3339(article.updated)}</lastmod>",
            _news(article, publication.title) if news else "",
        ]
        figure = article.lead_image
        if figure and is_web_picture(figure.src):
            source = escape(web_uri(publication.absolute(figure.src)))
            known.append(f"<image:image><image:loc>{source}</image:loc></image:image>")
        inner = "".join(f"  {element}\n" for element in known if element)
        stamp = f"{int(article.published.timestamp())}\n"
        return Piece(f"{stamp}<url>\n{inner}</url>\n".encode())

    def assemble(self, edition: Edition, pieces: Iterable[bytes], kit: Kit) -> Iterator[Artifact]:
        """The same artifacts as `render`.

        Raises:
            RenderError: there are more articles than an index can list.
        """
        stamped = (piece.partition(b"\n") for piece in pieces)
        entries = [(int(stamp), url) for stamp, _, url in stamped]
        if self.kind == "news":
            newest = max((stamp for stamp, _ in entries), default=0)
            oldest = newest - NEWS_LASTS.total_seconds()
            entries = [entry for entry in entries if entry[0] > oldest]
        entries.reverse()
        files = list(_files([url for _, url in entries], MOST_URLS[self.kind]))
        if len(files) > MOST_FILES:
            raise RenderError(f"a sitemap index can list at most {MOST_FILES:,} sitemaps")
        if len(files) == 1:
            yield Artifact(self.file, "application/xml", files[0])
            return
        name = PurePosixPath(self.file)
        names = [f"{name.stem}-{n}{name.suffix}" for n in range(1, len(files) + 1)]
        for part, content in zip(names, files, strict=True):
            yield Artifact(part, "application/xml", content)
        yield Artifact(self.file, "application/xml", _index(edition.url_of(n) for n in names))


def _news(article: Article, publication: str) -> str:
    tag = article.language.lower()
    language = tag if tag in ("zh-cn", "zh-tw") else tag.split("-")[0]
    return (
        f"<news:news><news:publication><news:name>{escape(publication)}</news:name>"
        f"<news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{rfc3339(article.published)}</news:publication_date>"
        f"<news:title>{escape(article.title)}</news:title></news:news>"
    )


def _files(urls: list[bytes], most: int) -> Iterator[bytes]:
    """`urls` in as many sitemaps as the limits on number and size require, but at least one."""
    opening, closing = _OPENING.encode(), _CLOSING.encode()
    room = MOST_BYTES - len(opening) - len(closing)
    taken: list[bytes] = []
    size = 0
    for url in urls:
        if taken and (len(taken) == most or size + len(url) > room):
            yield b"".join((opening, *taken, closing))
            taken, size = [], 0
        taken.append(url)
        size += len(url)
    yield b"".join((opening, *taken, closing))


def _index(urls: Iterable[str]) -> bytes:
    lines = [f"<sitemap><loc>{escape(web_uri(url))}</loc></sitemap>\n" for url in urls]
    opening = f"<?xml version='1.0' encoding='UTF-8'?>\n<sitemapindex xmlns=\"{_SITEMAPS}\">\n"
    return f"{opening}{''.join(lines)}</sitemapindex>\n".encode()
