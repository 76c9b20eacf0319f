"""The metadata of an article as front matter, in the form that the Markdown reader reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syndicate.article import Article, Contributor, Figure
from syndicate.article.text import plain


def front_matter_to_write(article: Article, given: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The keys and values of the front matter. Values equal to the default are left out, except for
    language and date; slug, id and URL are only included if they are in `given`."""
    yield "title", article.title
    for name in ("subtitle", "summary"):
        if value := getattr(article, name):
            yield name, value
    if authors := [_person(one) for one in article.authors]:
        yield "authors", authors
    if others := [_table(one) for one in article.contributors if one.role != "author"]:
        yield "contributors", others
    for name in ("dateline", "section"):
        if value := getattr(article, name):
            yield name, value
    if article.tags:
        yield "tags", [_table(tag) if tag.scheme else tag.name for tag in article.tags]
    yield "language", article.language
    yield "published", article.published.isoformat()
    for name in ("first_published", "updated"):
        if (moment := getattr(article, name)) != article.published:
            yield name, moment.isoformat()
    for name in ("embargoed", "expires"):
        if moment := getattr(article, name):
            yield name, moment.isoformat()
    for name, usual in (("status", "usable"), ("access", "free"), ("version", 1)):
        if (value := getattr(article, name)) != usual:
            yield name, value
    for name in ("slug", "id", "url"):
        if name in given:
            yield name, getattr(article, name)
    if article.alt_ids:
        yield "alt_ids", list(article.alt_ids)
    if article.lead_image:
        yield "image", _lead(article.lead_image)
    credit = article.credit
    for name, value in (
        ("source", credit.source),
        ("source_url", credit.source_url),
        ("copyright", credit.copyright_notice),
        ("copyright_holder", credit.copyright_holder),
        ("usage_terms", credit.usage_terms),
    ):
        if value:
            yield name, value


def _person(one: Contributor) -> str | dict[str, str]:
    table = _table(one)
    return one.name if table.keys() == {"name", "role"} else table


def _table(node: Any) -> dict[str, str]:
    return {name: str(value) for name, value in node if value is not None}


def _lead(figure: Figure) -> dict[str, str]:
    values = {"src": path_to_write(figure.src), "alt": figure.alt, "caption": plain(figure.caption)}
    values |= {"credit": figure.credit, "media_type": figure.media_type}
    sizes = {"width": figure.width, "height": figure.height}
    return {k: str(v) for k, v in {**values, **sizes}.items() if v or (k == "alt" and v == "")}


def path_to_write(src: str) -> str:
    """A path below `content/` in the form that works in any folder: with a slash in front."""
    return src if "//" in src else "/" + src.lstrip("/")
