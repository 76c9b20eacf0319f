"""The `[select]` table: which articles a channel publishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Annotated, Protocol, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from syndicate.article import Status
from syndicate.article.values import folded

_WINDOW = re.compile(r"^(\d+)\s*(minute|hour|day|week)s?$")


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _as_since(value: object) -> object:
    """A window such as "7 days", or a date."""
    if isinstance(value, str) and (found := _WINDOW.match(value.strip())):
        return timedelta(**{found[2] + "s": int(found[1])})
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(
                f"{value!r} is neither a date nor a length of time such as '7 days'"
            ) from None
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Selectable(Protocol):
    """The properties of an article that selection depends on."""

    @property
    def slug(self) -> str: ...
    @property
    def section(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str: ...
    @property
    def published(self) -> datetime: ...
    @property
    def embargoed(self) -> datetime | None: ...
    @property
    def expires(self) -> datetime | None: ...
    @property
    def status(self) -> Status: ...


S = TypeVar("S", bound=Selectable)


class Select(BaseModel):
    """`[select]`: an article must match every key that is given, and one value of each list.

    `since` is a date, a date and time, or a window such as "7 days" up to now. `limit` is the
    largest number of articles; the newest are taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: Names = ()
    section: Names = ()
    language: Names = ()
    limit: int | None = Field(default=None, ge=1)
    since: Annotated[timedelta | datetime | date | None, BeforeValidator(_as_since)] = None

    _reserved: frozenset[str] = PrivateAttr(frozenset())

    def without(self, sections: Iterable[str]) -> Self:
        """This selection without the articles in `sections`, except for sections that it names."""
        copy = self.model_copy()
        copy._reserved = frozenset(map(folded, sections)) - _folded(self.section)
        return copy

    def choose(self, articles: Iterable[S], now: datetime, zone: ZoneInfo) -> tuple[S, ...]:
        """The matching `articles` that may be public at `now`, newest first."""
        return self.latest(self.history(articles, now, zone), now)

    def history(self, articles: Iterable[S], now: datetime, zone: ZoneInfo) -> tuple[S, ...]:
        """Like `choose`, but without the limit and the moving window."""
        fits = self.test(zone)
        return _newest(one for one in articles if is_public(one, now) and fits(one))

    def latest(self, articles: Sequence[S], now: datetime) -> tuple[S, ...]:
        """Those of `articles` (newest first) that are within the limit and the moving window."""
        found: Iterable[S] = articles
        if isinstance(self.since, timedelta):
            start = now - self.since
            found = takewhile(lambda one: one.published >= start, articles)
        return tuple(islice(found, self.limit))

    def gone(self, articles: Iterable[S], now: datetime, zone: ZoneInfo) -> tuple[S, ...]:
        """The matching `articles` that were public once and have been withdrawn or have expired by
        `now`, newest first."""
        fits = self.test(zone)
        return _newest(one for one in articles if is_withdrawn_or_expired(one, now) and fits(one))

    def changes_at(self, article: Selectable, now: datetime) -> datetime | None:
        """The next time after `now` at which the selection may change without any edit."""
        times = [article.published, article.embargoed, article.expires]
        if isinstance(self.since, timedelta):
            times.append(article.published + self.since)
        return min((one for one in times if one and one > now), default=None)

    @property
    def takes_all(self) -> bool:
        """Whether every article matches that may be public."""
        chosen = self.tags or self.section or self.language or self._reserved
        return not chosen and (self.since is None or isinstance(self.since, timedelta))

    def test(self, zone: ZoneInfo) -> Callable[[Selectable], bool]:
        """A function that says whether an article matches. What is the same for all articles is
        computed only once."""
        wanted = {tag.casefold() for tag in self.tags}
        sections, reserved = _folded(self.section), self._reserved
        languages, start = self.language, self._start(zone)

        def fits(one: Selectable) -> bool:
            if one.published < start:
                return False
            if wanted and wanted.isdisjoint(tag.casefold() for tag in one.tags):
                return False
            if sections or reserved:
                section = folded(one.section or "")
                if section in reserved or (sections and section not in sections):
                    return False
            return not languages or any(_speaks(one.language, tag) for tag in languages)

        return fits

    def _start(self, zone: ZoneInfo) -> datetime:
        since = self.since
        if since is None or isinstance(since, timedelta):
            return datetime.min.replace(tzinfo=UTC)
        if isinstance(since, datetime):
            return since if since.tzinfo else since.replace(tzinfo=zone)
        return datetime.combine(since, time.min, zone)


def is_public(article: Selectable, now: datetime) -> bool:
    """Whether `article` may be public at `now`: usable, published, not embargoed, not expired."""
    return (
        article.status == "usable"
        and article.published <= now
        and (article.embargoed is None or article.embargoed <= now)
        and (article.expires is None or article.expires > now)
    )


def is_withdrawn_or_expired(article: Selectable, now: datetime) -> bool:
    """Whether `article` was public and has been withdrawn or has expired by `now`."""
    appeared = max(article.published, article.embargoed or article.published)
    expired = article.status == "usable" and article.expires is not None and article.expires <= now
    return appeared <= now and (article.status == "withdrawn" or expired)


def _newest(articles: Iterable[S]) -> tuple[S, ...]:
    """`articles`, newest first; those with the same time are in the order of their slugs."""
    by_slug = sorted(articles, key=lambda one: one.slug)
    return tuple(sorted(by_slug, key=lambda one: one.published, reverse=True))


def _folded(names: tuple[str, ...]) -> set[str]:
    return set(map(folded, names))


def _speaks(language: str, wanted: str) -> bool:
    """RFC 4647 basic filtering: "pt" matches "pt-BR"."""
    language, wanted = language.lower(), wanted.lower()
    return language == wanted or language.startswith(wanted + "-")
