"""The package of a Word file (ECMA-376 part 2): a zip of XML parts, with limits on its size."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, ClassVar

from syndicate.errors import SourceError
from syndicate.readers.contract import MOST_BYTES, Source

MOST_PARTS = 5_000
MOST_XML = 10_000_000
"""The most bytes in one XML part; a long novel has three million."""
MOST_UNPACKED = 200_000_000
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(officeDocument|drawingml|wordprocessingml)/")
"""The start of names in the strict variant of ECMA-376, which differs from the usual variant's."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class DocxPackage:
    """The parts of a Word file, each within the size limit.

    Raises:
        SourceError: `source` is not a Word file, or unpacks to more than an article needs.
    """

    called: ClassVar[str] = "Word file (.docx)"

    def __init__(self, source: Source) -> None:
        self._source = source
        if source.data.startswith(_OLE):
            raise SourceError(
                "an old Word file (.doc), or one that is locked with a password",
                where=source.at(),
                hint="open it in Word and save it as .docx without a password",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
        except Exception as error:
            raise SourceError(f"not a valid {self.called}", where=source.at()) from error
        self._check()

    def _check(self) -> None:
        parts = self._zip.infolist()
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        # In zip bombs with overlapping parts, the parts have more packed bytes than the file.
        if unpacked > MOST_UNPACKED or packed > len(self._source.data):
            raise self._wrong(f"it unpacks to more than {MOST_UNPACKED:,} bytes")
        if len(parts) > MOST_PARTS:
            raise self._wrong(f"it has {len(parts):,} parts; the limit is {MOST_PARTS:,}")
        for part in parts:
            most = MOST_XML if part.filename.endswith((".xml", ".rels")) else MOST_BYTES
            if part.file_size > most:
                raise self._wrong(
                    f"its part {part.filename!r} has {part.file_size:,} bytes;"
                    f" the limit is {most:,}"
                )
            if not part.filename.endswith(".svg"):
                self._check_declarations(part.filename)

    def _check_declarations(self, name: str) -> None:
        """Refuse document types: only malicious files have them (ECMA-376 part 2 forbids them). All
        parts are checked, because any part may be read as XML, whatever its name."""
        head = self.part(name, 64).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
        if head.startswith(b"<") and b"<!DOCTYPE" in self.part(name).replace(b"\0", b""):
            raise self._wrong(f"its part {name!r} declares a document type or entities")

    @property
    def main(self) -> str:
        """The name of the part with the text."""
        relations = self.xml("_rels/.rels")
        for relation in () if relations is None else relations:
            if relation.get("Type", "").endswith("/relationships/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
        return "word/document.xml"

    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def part(self, name: str, most: int = -1) -> bytes:
        """The bytes of a part, or the first `most` of them; b"" if there is no such part.

        Raises:
            SourceError: the part is damaged or encrypted.
        """
        try:
            with self._zip.open(name) as file:
                return file.read(most)
        except KeyError:
            return b""
        except Exception as error:  # zipfile and zlib raise many kinds of errors on bad bytes
            raise self._wrong(f"its part {name!r} is damaged") from error

    def xml(self, name: str) -> Any:
        """The root element of an XML part, None if there is no such part.

        Raises:
            SourceError: it is not well-formed.
        """
        from lxml import etree

        data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", self.part(name))
        if not data:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self._wrong(f"its part {name!r} is not well-formed: {error.msg}") from error

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The package as a file, with `parts` in place of the parts with the same names."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as whole:
            for name in dict.fromkeys((*self.names(), *parts)):
                whole.writestr(name, parts[name] if name in parts else self.part(name))
        return out.getvalue()

    def _wrong(self, message: str) -> SourceError:
        return SourceError(
            f"{self.called.partition(' (')[0]} refused: {message}", where=self._source.at()
        )
