"""The articles that were read, as planning and pages ask for them: never more than they look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, overload
from zoneinfo import ZoneInfo

from syndicate.article.similarity import Sketch
from syndicate.engine.content.article_summary import ArticleSummary, from_json, instant, moment
from syndicate.engine.content.cache import ContentCache
from syndicate.newsroom.select import Select

_MANY = 500  # values in one question
_PUBLIC = (
    "status = 'usable' AND published <= :now AND (embargoed IS NULL OR embargoed <= :now)"
    " AND (expires IS NULL OR expires > :now)"
)
_GONE = (
    "(status != 'usable' OR expires IS NOT NULL)"  # as in the index
    " AND published <= :now AND (embargoed IS NULL OR embargoed <= :now) AND (status = 'withdrawn'"
    " OR (status = 'usable' AND expires IS NOT NULL AND expires <= :now))"
)
_READ = "twin IS NULL AND kept = ''"
_ALL = "articles INDEXED BY articles_by_id"
_NEWEST = "ORDER BY published DESC, slug"
_AFTER = ("published > :now", "embargoed > :now", "expires > :now")


class Newest(Sequence[ArticleSummary]):
    """Articles, newest first, that are read from the tables when they are looked at."""

    def __init__(self, rows: Callable[[], Iterator[ArticleSummary]]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[ArticleSummary]:
        return self._rows()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    @overload
    def __getitem__(self, index: int) -> ArticleSummary: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ArticleSummary]: ...
    def __getitem__(self, index: int | slice) -> ArticleSummary | Sequence[ArticleSummary]:
        if isinstance(index, slice):
            start, stop, step = index.start or 0, index.stop, index.step or 1
            if start >= 0 and step > 0 and (stop is None or stop >= 0):
                return tuple(islice(self, start, stop, step))
            return tuple(self)[index]
        if index < 0:
            return tuple(self)[index]
        for one in islice(self, index, None):
            return one
        raise IndexError(index)


@dataclass(frozen=True)
class Summaries:
    """The summaries in `cache`, without articles whose id or slug another one has."""

    cache: ContentCache
    _public: dict[datetime, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def __iter__(self) -> Iterator[ArticleSummary]:
        """All, in the order of files."""
        return self._where("TRUE", {}, "ORDER BY file, place")

    def __len__(self) -> int:
        return int(self._value("SELECT count(*) FROM articles WHERE twin IS NULL", {}))

    def of(self, ids: Iterable[str]) -> dict[str, ArticleSummary]:
        """Those with one of `ids`, by id."""
        return {one.id: one for one in self._among("id", ids)}

    def get(self, id_: str) -> ArticleSummary | None:
        """The one with this id."""
        return self.of([id_]).get(id_)

    def called(self, slug: str) -> ArticleSummary | None:
        """The one with this slug."""
        return next(self._among("slug", [slug]), None)

    def in_files(self, names: Collection[str]) -> Iterator[ArticleSummary]:
        """Those that were read from the files `names`."""
        return self._among("file", names)

    def showing(self, src: str) -> tuple[ArticleSummary, ...]:
        """Those that show the picture `src`, whoever has their id or slug."""
        where = "source IN (SELECT source FROM pictures_of WHERE src = ?)"
        query = f"SELECT summary FROM articles WHERE {where}"  # noqa: S608 - from constants of ours
        found = self.cache.tables.execute(query, (src,)).fetchall()
        return tuple(from_json(json.loads(summary)) for (summary,) in found)

    def kept(self, now: datetime) -> Iterator[ArticleSummary]:
        """Those that are kept without a file and may be public at `now`, and of which nobody has
        decided yet what becomes of them."""
        condition = f"kept != '' AND kept != 'decided' AND {_PUBLIC}"
        return self._where(condition, {"now": instant(now)}, "ORDER BY file, place")

    def has_files(self) -> bool:
        """Whether any has a file."""
        return next(self.sources(), None) is not None

    def unpictured(self) -> Iterator[ArticleSummary]:
        """Those of which it is not noted in the ledger which pictures they show."""
        return self._where("NOT pictured AND kept = ''", {}, "ORDER BY file, place")

    def sources(self) -> Iterator[str]:
        """The source of each that has a file, in the order of files."""
        query = f"SELECT source FROM articles WHERE {_READ} ORDER BY file, place"  # noqa: S608 - from constants of ours
        return (source for (source,) in self.cache.tables.execute(query))

    def from_source(self, source: str) -> ArticleSummary:
        """The one that was read from `source`."""
        return next(self._among("source", [source]))

    def sketches(self) -> Iterator[Sketch]:
        """A sketch of the text of each that has a file, in the order of files."""
        query = f"SELECT known FROM articles WHERE {_READ} ORDER BY file, place"  # noqa: S608 - from constants of ours
        found = self.cache.tables.execute(query)
        return (tuple(json.loads(known)["sketch"]) for (known,) in found)

    def rows(self) -> Iterator[int]:
        """The number of the row of each that has a file, in the order of files."""
        query = f"SELECT rowid FROM articles WHERE {_READ} ORDER BY file, place"  # noqa: S608 - from constants of ours
        return (row for (row,) in self.cache.tables.execute(query))

    def source_in(self, row: int) -> str:
        """The source of the one in this row."""
        return str(self._value("SELECT source FROM articles WHERE rowid = :row", {"row": row}))

    def last_changed(self, number: int, after: int = 0) -> tuple[ArticleSummary, ...]:
        """The `number` that changed last, latest first, without the first `after`."""
        values = {"number": number, "after": after}
        order = "ORDER BY updated DESC, file, place LIMIT :number OFFSET :after"
        return tuple(self._where("TRUE", values, order))

    def history(
        self, select: Select, now: datetime, zone: ZoneInfo, without: Collection[str] = ()
    ) -> Newest:
        """What `select` chooses at `now`, but for its limit and its moving window, and without the
        ids `without`."""
        return self._selected(_PUBLIC, select, now, zone, without)

    def gone(self, select: Select, now: datetime, zone: ZoneInfo) -> Newest:
        """What `select` chose once and is withdrawn or expired by `now`."""
        return self._selected(_GONE, select, now, zone)

    def withdrawn(self, now: datetime) -> Iterator[ArticleSummary]:
        """All that were public once and are withdrawn or expired by `now`, newest first."""
        return self._where(_GONE, {"now": instant(now)}, _NEWEST)

    def choose(
        self,
        select: Select,
        now: datetime,
        zone: ZoneInfo,
        only: Collection[str] = (),
        without: Collection[str] = (),
    ) -> Sequence[ArticleSummary]:
        """What `select` chooses at `now`, newest first: of the ids `only` if there are some, and
        not those `without`."""
        if select.limit is not None or select.since is not None:
            chosen = select.latest(self.history(select, now, zone), now)
            return [one for one in chosen if one.id not in without and (not only or one.id in only)]
        if only:
            return select.history(self.of(only).values(), now, zone)
        if without and select.takes_all:
            rest = self.public(now).difference(without)
            if len(rest) <= _MANY:
                return select.history(self.of(rest).values(), now, zone)
        return self.history(select, now, zone, without)

    def public(self, now: datetime) -> frozenset[str]:
        """The ids of all that may be public at `now`."""
        if now not in self._public:
            # Without INDEXED BY it goes through the rows in the order of `published`.
            query = f"SELECT id FROM {_ALL} WHERE twin IS NULL AND {_PUBLIC}"  # noqa: S608 - from constants of ours
            found = self.cache.tables.execute(query, {"now": instant(now)})
            self._public[now] = frozenset(chain.from_iterable(found))
        return self._public[now]

    def count(self, select: Select, now: datetime, zone: ZoneInfo, ids: Collection[str]) -> int:
        """How many with one of `ids` `select` chooses at `now`."""
        if select.limit is None and select.since is None and select.takes_all:
            return len(self.public(now).intersection(ids))
        return sum(one.id in ids for one in self.choose(select, now, zone))

    def moments(self, select: Select, now: datetime) -> Iterator[datetime]:
        """The next time of each kind at which `select` changes without any edit."""
        for condition in _AFTER:
            column = condition.split()[0]
            found = f"SELECT min({column}) FROM articles WHERE twin IS NULL AND {condition}"  # noqa: S608 - from constants of ours
            if (next_ := self._value(found, {"now": instant(now)})) is not None:
                yield moment(next_)
        if isinstance(select.since, timedelta):
            values = {"now": instant(now - select.since)}
            found = f"SELECT min(published) FROM articles WHERE twin IS NULL AND {_AFTER[0]}"  # noqa: S608 - from constants of ours
            if (next_ := self._value(found, values)) is not None:
                yield moment(next_) + select.since

    def _selected(
        self,
        condition: str,
        select: Select,
        now: datetime,
        zone: ZoneInfo,
        without: Collection[str] = (),
    ) -> Newest:
        fits = select.test(zone)
        values = {"now": instant(now)}

        def rows() -> Iterator[ArticleSummary]:
            found = self._where(condition, values, _NEWEST, without)
            return found if select.takes_all else filter(fits, found)

        return Newest(rows)

    def _among(self, column: str, values: Iterable[str]) -> Iterator[ArticleSummary]:
        rest = iter(values)
        while page := tuple(islice(rest, _MANY)):
            names = {f"v{number}": value for number, value in enumerate(page)}
            places = ", ".join(f":{name}" for name in names)
            yield from self._where(f"{column} IN ({places})", names, "ORDER BY file, place")

    def _where(
        self,
        condition: str,
        values: Mapping[str, Any],
        order: str,
        without: Collection[str] = (),
    ) -> Iterator[ArticleSummary]:
        query = f"SELECT id, summary FROM articles WHERE twin IS NULL AND {condition} {order}"  # noqa: S608 - from constants of ours
        for id_, summary in self.cache.tables.execute(query, values):
            if id_ not in without:
                yield from_json(json.loads(summary))

    def _value(self, query: str, values: Mapping[str, Any]) -> Any:
        return self.cache.tables.execute(query, values).fetchone()[0]


class Addresses(Container[str]):
    """The canonical URLs of the articles in `cache`, without the slash at the end."""

    def __init__(self, cache: ContentCache) -> None:
        self._tables = cache.tables

    def __contains__(self, url: object) -> bool:
        query = "SELECT 1 FROM articles WHERE address = ? AND twin IS NULL"
        return self._tables.execute(query, (url,)).fetchone() is not None


class ArticlePictures(Mapping[str, str]):
    """A digest of the pictures of each article in `cache` that has some, by the article's id."""

    def __init__(self, cache: ContentCache) -> None:
        self._tables = cache.tables

    def __getitem__(self, id_: str) -> str:
        query = f"SELECT pictures FROM articles WHERE {_WITH_PICTURES} AND id = ?"  # noqa: S608 - from constants of ours
        row = self._tables.execute(query, (id_,)).fetchone()
        if row is None:
            raise KeyError(id_)
        return str(row[0])

    def __iter__(self) -> Iterator[str]:
        query = f"SELECT id FROM articles WHERE {_WITH_PICTURES}"  # noqa: S608 - from constants of ours
        found = self._tables.execute(query)
        return (id_ for (id_,) in found)

    def __len__(self) -> int:
        return sum(1 for _ in self)


_WITH_PICTURES = "twin IS NULL AND pictures != ''"
