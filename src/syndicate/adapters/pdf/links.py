"""The addresses of an article's links, printed as a list at its end."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.article import Article, Link
from syndicate.article.publication import Publication
from syndicate.article.text import plain
from syndicate.article.walk import nodes_in


@dataclass(frozen=True)
class PrintedLink:
    """The text of a link and its address."""

    text: str
    url: str


def printed_links(article: Article, publication: Publication) -> tuple[PrintedLink, ...]:
    """The links in the text of `article`, in order, each address once.

    Links whose text is their address are left out, since they are printed already.
    """
    found: dict[str, PrintedLink] = {}
    inside = (article.lead_image, *article.body) if article.lead_image else article.body
    for node in nodes_in(inside):
        if isinstance(node, Link):
            url = publication.absolute(node.url)
            text = " ".join(plain(node.content).split())
            if url_as_printed(text) != url_as_printed(url):
                found.setdefault(url, PrintedLink(text, url))
    return tuple(found.values())


def url_as_printed(url: str) -> str:
    """`url` as it is printed: without its scheme and closing slash."""
    shown = url.split("://", 1)[-1].removeprefix("mailto:").removeprefix("tel:")
    return shown.removesuffix("/")
