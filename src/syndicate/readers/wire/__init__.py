"""News agencies' XML: NewsML-G2 (IPTC, used by AFP, dpa, EFE, ANSA, NTB) and NITF 3.

The item's own guid is the article's id, so that a correction or a kill changes the earlier article:
a higher version updates it, `canceled` withdraws it. An article under embargo is held back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from syndicate.errors import SourceError
from syndicate.readers.collection import LeftOut, readings_of_items
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Reader, Reading, Source


class WireReader(Reader):
    """NewsML-G2 items, messages and packages, and NITF documents."""

    suffixes: ClassVar[tuple[str, ...]] = (".xml",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not well-formed, or there is no article in it.
        """
        yield from readings_of_items(_items(source), source)


def _items(source: Source) -> Iterator[Item | LeftOut]:
    from lxml import etree

    from syndicate.readers.wire.newsml import news_item
    from syndicate.readers.wire.nitf import nitf_item
    from syndicate.readers.wire.parts import wire_name_of

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root: Any = etree.fromstring(source.data, parser)
    except etree.XMLSyntaxError as error:
        where = source.at(error.lineno or 1, None)
        raise SourceError(f"not well-formed XML: {error.msg}", where=where) from error
    for element in root.iter():
        name = wire_name_of(element)
        if name == "newsItem":
            yield news_item(element, source)
        elif name == "nitf" and "newsItem" not in map(wire_name_of, element.iterancestors()):
            yield nitf_item(element, source)
