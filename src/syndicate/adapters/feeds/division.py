"""Divides a channel into documents: a feed for each tag, section or author, and archives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict

from syndicate.adapters.contract import ListedArticle
from syndicate.adapters.edition import EditionPart

Period = Literal["day", "month", "year"]
_LENGTHS = {"day": 10, "month": 7, "year": 4}  # characters of an ISO 8601 date

Share = tuple[EditionPart, Sequence[ListedArticle], Sequence[ListedArticle]]


class Split(BaseModel):
    """`[split]`: the property `by` which articles are divided into feeds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["tag", "section", "author"]

    def values(self, article: ListedArticle) -> tuple[str, ...]:
        """The names of the feeds that `article` belongs to."""
        if self.by == "section":
            return (article.section,) if article.section else ()
        return article.tags if self.by == "tag" else article.authors


@dataclass(frozen=True)
class FeedDivision:
    """How a feed is divided: by the subjects of `split`, and into one `archive` per period."""

    split: Split | None
    archive: Period | None

    def divided(
        self,
        articles: Sequence[ListedArticle],
        gone: Sequence[ListedArticle],
        latest: Callable[[Sequence[ListedArticle]], int],
        zone: tzinfo,
    ) -> Iterator[Share]:
        """The `articles` (newest first) and the `gone` articles of each part.

        A period is closed when an article from a later period is published. Until then, all its
        articles stay in the current part, even those that `latest` would leave out, so that
        a reader who follows the archives from there misses none.
        """
        for folder, subject, some, lost in _subjects(articles, gone, self.split):
            count = latest(some)
            past: dict[str, tuple[list[ListedArticle], list[ListedArticle]]] = {}
            if self.archive:
                periods = _periods(some, lost, zone, self.archive)
                newest = _period(some[0], zone, self.archive) if some else max(periods, default="")
                # Periods after that have lost all their articles. The current part tells of them.
                past = {name: share for name, share in periods.items() if name < newest}
                count = max(count, len(periods[newest][0]) if some else 0)
            names = sorted(past, reverse=True)
            before = dict(pairwise(names))
            after = {name: later for later, name in pairwise(names)}
            current = EditionPart(folder, subject, previous=names[0] if names else None)
            yield current, some[:count], lost[: max(count, 1)]
            for name in names:
                around = {"previous": before.get(name), "next": after.get(name)}
                yield EditionPart(folder, subject, name, **around), *past[name]


def _period(article: ListedArticle, zone: tzinfo, archive: Period) -> str:
    return article.published.astimezone(zone).isoformat()[: _LENGTHS[archive]]


def _periods(
    articles: Sequence[ListedArticle], gone: Sequence[ListedArticle], zone: tzinfo, archive: Period
) -> dict[str, tuple[list[ListedArticle], list[ListedArticle]]]:
    """The articles of each period, and its gone articles."""
    shares: dict[str, tuple[list[ListedArticle], list[ListedArticle]]] = {}
    for place, some in enumerate((articles, gone)):
        for article in some:
            shares.setdefault(_period(article, zone, archive), ([], []))[place].append(article)
    return shares


def _subjects(
    articles: Sequence[ListedArticle], gone: Sequence[ListedArticle], split: Split | None
) -> Iterator[tuple[str, str, Sequence[ListedArticle], Sequence[ListedArticle]]]:
    """Each subject's folder and name, its articles, and its gone articles."""
    if split is None:
        yield "", "", articles, gone
        return
    names: dict[str, str] = {}  # as the newest article spells them
    shares: dict[str, tuple[list[ListedArticle], list[ListedArticle]]] = {}
    for place, some in enumerate((articles, gone)):
        for article in some:
            for name in {
                value.casefold(): value for value in reversed(split.values(article))
            }.values():
                key = name.casefold()
                names.setdefault(key, name)
                shares.setdefault(key, ([], []))[place].append(article)
    for key, folder in _folders(sorted(shares)).items():
        yield folder, names[key], *shares[key]


def _folders(keys: list[str]) -> dict[str, str]:
    """A folder for each of `keys`; if two would get the same folder, the second gets a suffix."""
    from slugify import slugify

    folders: dict[str, str] = {}
    for key in keys:
        slug = slugify(key, max_length=60)
        if not slug or slug in folders.values():
            slug = f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}".strip("-")
        folders[key] = slug
    return folders
