"""The file: XML that is read piece by piece and forgotten as soon as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from syndicate.errors import SourceError
from syndicate.readers.contract import MOST_BYTES, Source

_ENTITIES = re.compile(rb"<!(?:DOCTYPE[^>\[]*\[|ENTITY)")


def elements(source: Source, *names: str) -> Iterator[Any]:
    """Each element called one of `names` (without its namespace), in the order of their ends.
    After an `item` or an `author` all that came before is forgotten, however deep it stands.

    Raises:
        SourceError: it declares entities, breaks off, or one element is larger than an article
            may be.
    """
    from lxml import etree

    if _ENTITIES.search(source.data.replace(b"\0", b"")):
        raise SourceError("this export is refused: it declares entities", where=source.at())
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
    """Empty `element` and drop all that stands before it."""
    element.clear(keep_tail=False)
    node = element
    while (parent := node.getparent()) is not None:
        while node.getprevious() is not None:
            del parent[0]
        node = parent


class _Meter:
    """Counts the bytes since the last article, so that nothing can grow beyond all bounds."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file = file
        self._source = source
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            SourceError: too many of them make up no article.
        """
        data = self._file.read(size)
        self.since += len(data)
        if self.since > MOST_BYTES:
            raise SourceError(
                f"{MOST_BYTES:,} bytes without the end of an article", where=self._source.at()
            )
        return data
