"""Articles whose text was erased: they are not read again, wherever their file still is."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping

from syndicate.engine.content.cache import ContentCache, as_json
from syndicate.engine.content.table_rows import drop_article
from syndicate.errors import Location, SourceError

_FACT = "erased"


def drop_erased(cache: ContentCache, erased: Mapping[str, str]) -> None:
    """Keep nothing in `cache` of the articles `erased` (their sources, by id). Files of articles
    that are no longer among them are read again."""
    before: dict[str, str] = json.loads(cache.about(_FACT) or "{}")
    if before == erased:
        return
    with cache.writing() as tables:
        for id_ in erased:
            drop_article(tables, id_)
        for source in set(before.values()) - set(erased.values()):
            names = (source, source.rpartition("#")[0])
            tables.execute("DELETE FROM files WHERE name IN (?, ?)", names)
        cache.note(content="", ledger="", **{_FACT: as_json(erased)})


def still_there(files: Container[str], sources: Iterable[str]) -> Iterator[SourceError]:
    """An error for each of `files` that has nothing but an article from `sources`."""
    for source in sorted(sources):
        if source in files:
            yield SourceError(
                "is not read, because its article was erased",
                where=Location(f"content/{source}"),
                hint="delete it; if this is another article, give its file another name",
            )
