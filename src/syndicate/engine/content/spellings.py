"""Tags, sections and authors that are written in several ways, such as `COVID-19` and `Covid 19`.

A feed for each of them would be in a folder of the same name, so only one can have it.
"""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.engine.content.cache import ContentCache
from syndicate.errors import Location
from syndicate.findings import Finding

RULE = "newsroom/two-spellings"
_NAMES = """
    SELECT '{what}', value, count(*), min(source) FROM articles, json_each(summary, '$.{field}')
     WHERE twin IS NULL AND value IS NOT NULL GROUP BY value
"""
_FIELDS = {"tag": "tags", "section": "section", "author": "authors"}


def folder_name(name: str) -> str:
    """The folder that a feed about `name` would have; "" if nothing of it can be in a path."""
    from slugify import slugify

    return str(slugify(name.casefold(), max_length=60))


def two_spellings(cache: ContentCache) -> Iterator[Finding]:
    """A finding for each name that is like a name which more articles have, at the first of its
    articles."""
    query = " UNION ALL ".join(_NAMES.format(what=w, field=f) for w, f in _FIELDS.items())
    alike: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for what, name, number, source in cache.tables.execute(query):
        if folder := folder_name(name):
            alike.setdefault((what, folder), []).append((-number, name, source))
    for (what, _), names in alike.items():
        (_, usual, _), *others = sorted(names)
        for _, name, source in others:
            if name.casefold() == usual.casefold():
                continue
            yield Finding(
                RULE,
                "warning",
                f"the {what} {name!r} is {usual!r} elsewhere: each gets a feed of its own",
                Location(f"content/{source.partition('#')[0]}"),
                hint=f"write {usual!r} here too",
            )
