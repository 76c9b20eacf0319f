"""WordPress exports (WXR, "WordPress eXtended RSS"), of any size.

The file is read twice, in pieces: first for what its posts refer to (authors, pictures, reusable
blocks), then for the posts. Pages, menus, revisions and other kinds of items are counted and left
out, and so are posts in the bin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from syndicate.readers.collection import LeftOut, readings_of_items
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
            SourceError: it is not a WordPress export, or there is no post in it.
        """
        with SpillStore() as store:
            yield from readings_of_items(_items(source, store), source)


def _items(source: Source, store: SpillStore) -> Iterator[Item | LeftOut]:
    from syndicate.readers.wordpress.export import wordpress_elements
    from syndicate.readers.wordpress.post import wordpress_item, wordpress_kind_of
    from syndicate.readers.wordpress.site import site_of

    site = site_of(source, store)
    others: Counter[str] = Counter()
    for element in wordpress_elements(source, "item"):
        try:
            kind = wordpress_kind_of(element)
            made = wordpress_item(element, site, source) if kind is None else None
        except UnicodeDecodeError:  # libxml2 accepts bytes that are not characters
            yield LeftOut("an item with bytes that are not valid text", element.sourceline)
            continue
        if made:
            yield made
        elif kind:
            others[kind] += 1
    for kind, count in sorted(others.items()):
        if kind != "attachment":
            items = "1 item" if count == 1 else f"{count:,} items"
            yield LeftOut(f"{items} of type {kind!r}")
