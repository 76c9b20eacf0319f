"""WordPress exports (WXR, "WordPress eXtended RSS"), of any size.

The file is read twice, piece by piece: first for what its posts refer to (authors, pictures,
reusable blocks), then for the posts. Pages, menus, revisions and the other kinds of thing that
WordPress keeps are counted and left out, as is what lies in the bin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from syndicate.readers.collection import LeftOut, readings
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.spill_store import SpillStore


class WordPressReader(Reader):
    """A WXR file; each post with text becomes an article."""

    suffixes: ClassVar[tuple[str, ...]] = (".xml", ".wxr")
    streams: ClassVar[bool] = True

    def read(self, source: Source) -> Iterator[Reading]:
        """The posts in `source`, in its order.

        Raises:
            SourceError: it is no WordPress export, or there is no post in it.
        """
        with SpillStore() as store:
            yield from readings(_items(source, store), source)


def _items(source: Source, store: SpillStore) -> Iterator[Item | LeftOut]:
    from syndicate.readers.wordpress.export import elements
    from syndicate.readers.wordpress.post import item, kind_of
    from syndicate.readers.wordpress.site import site_of

    site = site_of(source, store)
    others: Counter[str] = Counter()
    for element in elements(source, "item"):
        try:
            kind = kind_of(element)
            made = item(element, site, source) if kind is None else None
        except UnicodeDecodeError:  # libxml2 lets bytes pass that are no characters
            yield LeftOut("an item with bytes that are no characters", element.sourceline)
            continue
        if made:
            yield made
        elif kind:
            others[kind] += 1
    for kind, count in sorted(others.items()):
        if kind != "attachment":
            yield LeftOut(f"{count:,} of the kind {kind!r}")
