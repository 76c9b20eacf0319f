"""One channel, several documents: a feed for each tag, section or author, and closed archives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict

from syndicate.adapters.contract import Listed
from syndicate.adapters.edition import Part

Period = Literal["day", "month", "year"]
_LENGTHS = {"day": 10, "month": 7, "year": 4}  # of a date as ISO 8601 writes it

Share = tuple[Part, Sequence[Listed], Sequence[Listed]]


class Split(BaseModel):
    """`[split]`: what articles are told apart `by`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["tag", "section", "author"]

    def values(self, article: Listed) -> tuple[str, ...]:
        """The names under which `article` falls."""
        if self.by == "section":
            return (article.section,) if article.section else ()
        return article.tags if self.by == "tag" else article.authors


@dataclass(frozen=True)
class Division:
    """How a feed is divided: by the subjects of `split`, and into an `archive` for each period."""

    split: Split | None
    archive: Period | None

    def divided(
        self,
        articles: Sequence[Listed],
        gone: Sequence[Listed],
        latest: Callable[[Sequence[Listed]], int],
        zone: tzinfo,
    ) -> Iterator[Share]:
        """`articles`, newest first, and those that are `gone`, by part.

        A period is closed once something newer than it is out. Until then its articles stand in
        the part that goes on, all of them, even those that `latest` would leave out: who follows
        the archives from there misses none.
        """
        for folder, subject, some, lost in _subjects(articles, gone, self.split):
            count = latest(some)
            past: dict[str, tuple[list[Listed], list[Listed]]] = {}
            if self.archive:
                past = _periods(some, lost, zone, self.archive)
                if some:
                    newest = past.pop(_period(some[0], zone, self.archive))
                    count = max(count, len(newest[0]))
            names = sorted(past, reverse=True)
            before = dict(pairwise(names))
            after = {name: later for later, name in pairwise(names)}
            going_on = Part(folder, subject, previous=names[0] if names else None)
            yield going_on, some[:count], lost[: max(count, 1)]
            for name in names:
                around = {"previous": before.get(name), "next": after.get(name)}
                yield Part(folder, subject, name, **around), *past[name]


def _period(one: Listed, zone: tzinfo, archive: Period) -> str:
    return one.published.astimezone(zone).isoformat()[: _LENGTHS[archive]]


def _periods(
    articles: Sequence[Listed], gone: Sequence[Listed], zone: tzinfo, archive: Period
) -> dict[str, tuple[list[Listed], list[Listed]]]:
    """The articles of each period, and what is gone of it."""
    shares: dict[str, tuple[list[Listed], list[Listed]]] = {}
    for place, some in enumerate((articles, gone)):
        for one in some:
            shares.setdefault(_period(one, zone, archive), ([], []))[place].append(one)
    return shares


def _subjects(
    articles: Sequence[Listed], gone: Sequence[Listed], split: Split | None
) -> Iterator[tuple[str, str, Sequence[Listed], Sequence[Listed]]]:
    """Each subject's folder and name, its articles, and what is gone of them."""
    if split is None:
        yield "", "", articles, gone
        return
    names: dict[str, str] = {}  # the newest article's way to write each
    shares: dict[str, tuple[list[Listed], list[Listed]]] = {}
    for place, some in enumerate((articles, gone)):
        for one in some:
            for name in {value.casefold(): value for value in reversed(split.values(one))}.values():
                key = name.casefold()
                names.setdefault(key, name)
                shares.setdefault(key, ([], []))[place].append(one)
    for key, folder in _folders(sorted(shares)).items():
        yield folder, names[key], *shares[key]


def _folders(keys: list[str]) -> dict[str, str]:
    """A folder for each of `keys`; of two that would get the same, the later has a mark."""
    from slugify import slugify

    folders: dict[str, str] = {}
    for key in keys:
        slug = slugify(key, max_length=60)
        if not slug or slug in folders.values():
            slug = f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}".strip("-")
        folders[key] = slug
    return folders
