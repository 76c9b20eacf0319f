"""The export file: XML that is read in pieces, each freed as soon as it has been read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from syndicate.errors import SourceError
from syndicate.readers.contract import MOST_BYTES, Source

_ENTITIES = re.compile(rb"<!(?:DOCTYPE[^>\[]*\[|ENTITY)")


def wordpress_elements(source: Source, *names: str) -> Iterator[Any]:
    """Each element with one of the `names` (without namespace), in the order of their ends. After
    an `item` or an `author`, everything before it is freed, at whatever depth.

    Raises:
        SourceError: the file declares entities, is incomplete, or has an element that is larger
            than an article may be.
    """
    from lxml import etree

    if _ENTITIES.search(source.data.replace(b"\0", b"")):
        raise SourceError("export refused: it declares XML entities", where=source.at())
    with source.open() as file:
        meter = _Meter(file, source)
        parser = etree.iterparse(
            meter,
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=True,
        )
        line = 0
        try:
            for _, element in parser:
                line = element.sourceline or line
                yield element
                if element.tag.endswith(("item", "}author")):
                    meter.since = 0
                    _forget(element)
        except etree.XMLSyntaxError as error:
            raise SourceError(
                f"not well-formed XML: {error.msg}", where=source.at(error.lineno or line)
            ) from error


def _forget(element: Any) -> None:
    """Empty `element` and delete everything before it."""
    element.clear(keep_tail=False)
    node = element
    while (parent := node.getparent()) is not None:
        while node.getprevious() is not None:
            del parent[0]
        node = parent


class _Meter:
    """Counts the bytes since the last article, to limit the memory that is used."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file = file
        self._source = source
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            SourceError: there were too many bytes since the last article.
        """
        data = self._file.read(size)
        self.since += len(data)
        if self.since > MOST_BYTES:
            raise SourceError(
                f"more than {MOST_BYTES:,} bytes without the end of an article",
                where=self._source.at(),
            )
        return data
