"""A summary of an article: the few fields that planning needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from syndicate.article import Article, Figure, Status
from syndicate.article.walk import nodes_in

Kept = Literal["", "broken", "gone", "decided"]
"""Whether an article is kept published without its file: "broken", it cannot be read; "gone", it
does not exist; "decided", the same, and somebody has decided to keep the article."""


@dataclass(frozen=True)
class ArticleSummary:
    """What planning needs to know about an article. The whole article is in the cache.

    `digest` is the article's, `file_digest` that of the file it was read from."""

    source: str
    file_digest: str
    digest: str
    id: str
    slug: str
    url: str
    title: str
    section: str | None
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    language: str
    published: datetime
    updated: datetime
    embargoed: datetime | None
    expires: datetime | None
    status: Status
    pictures: tuple[str, ...]
    kept: Kept = ""

    @property
    def is_gone(self) -> bool:
        """Whether its file is gone and nobody has decided yet what becomes of it. Until then it
        stays where it is, and nothing new of it goes out to people."""
        return self.kept == "gone"


def summarise(article: Article, source: str, file_digest: str, digest: str) -> ArticleSummary:
    """The summary of `article`, whose digest is `digest`."""
    return ArticleSummary(
        source=source,
        file_digest=file_digest,
        digest=digest,
        id=article.id,
        slug=article.slug,
        url=article.url,
        title=article.title,
        section=article.section,
        tags=tuple(tag.name for tag in article.tags),
        authors=tuple(author.name for author in article.authors),
        language=article.language,
        published=article.published,
        updated=article.updated,
        embargoed=article.embargoed,
        expires=article.expires,
        status=article.status,
        pictures=tuple(dict.fromkeys(_pictures(article))),
    )


def _pictures(article: Article) -> Iterator[str]:
    """The paths below `content/` of the pictures in `article`."""
    lead = (article.lead_image,) if article.lead_image else ()
    for figure in nodes_in((*lead, *article.body)):
        if isinstance(figure, Figure) and "//" not in figure.src:
            yield figure.src


def as_values(one: ArticleSummary) -> dict[str, Any]:
    """The fields of `one` as JSON stores them."""
    values = dict(vars(one))
    return values | {key: values[key] and values[key].isoformat() for key in _MOMENTS}


def from_json(values: dict[str, Any]) -> ArticleSummary:
    """The summary whose fields are `values`, as JSON stores them."""
    moments = {k: values[k] and datetime.fromisoformat(values[k]) for k in _MOMENTS}
    tuples = {k: tuple(values[k]) for k in ("tags", "authors", "pictures")}
    return ArticleSummary(**{**values, **moments, **tuples})


def instant(time: datetime) -> int:
    """`time` as the tables hold it: microseconds since 1970, in UTC."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def moment(instant: int) -> datetime:
    """The time that the tables hold as `instant`."""
    return _EPOCH + timedelta(microseconds=instant)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS = ("published", "updated", "embargoed", "expires")
