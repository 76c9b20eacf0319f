"""The package of an OpenDocument file (ISO/IEC 26300 part 3), opened like that of a Word file."""

from __future__ import annotations

from typing import ClassVar

from syndicate.errors import SourceError
from syndicate.readers.contract import Source
from syndicate.readers.docx.package import DocxPackage


class OdtPackage(DocxPackage):
    """The parts of an OpenDocument file, each within the size limit.

    Raises:
        SourceError: `source` is not an OpenDocument file, is locked, or unpacks to more than an
            article needs.
    """

    called: ClassVar[str] = "OpenDocument file (.odt)"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        if b"encryption-data" in self.part("META-INF/manifest.xml"):
            raise SourceError(
                "this file is locked with a password",
                where=source.at(),
                hint="open it and save it without a password",
            )
