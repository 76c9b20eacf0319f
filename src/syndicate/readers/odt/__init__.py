"""OpenDocument text (.odt): what LibreOffice, OpenOffice and Google Docs save.

Headings go by their outline levels, title, subtitle, quotes, code and captions by their styles,
whatever language LibreOffice was set to. Tracked changes are accepted; comments and hidden text are
left out with a note. Nothing outside the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from syndicate.errors import SourceError
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.copy import Copy


class ODTReader(Reader):
    """OpenDocument text documents (ISO/IEC 26300); one article a file."""

    suffixes: ClassVar[tuple[str, ...]] = (".odt",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it is no OpenDocument text, one made to do harm, or it has no title.
        """
        from syndicate.readers.document import document
        from syndicate.readers.odt.markup import OdtMarkup
        from syndicate.readers.odt.package import OdtPackage
        from syndicate.readers.odt.properties import properties

        package = OdtPackage(source)
        copy = Copy(source, source.publication.language)
        content = package.xml("content.xml")
        if content is None:
            raise SourceError("this is no OpenDocument text (.odt)", where=source.at())
        found = properties(package, copy)
        markup = OdtMarkup(content, package.xml("styles.xml"), copy)
        fragment = markup.fragment()
        if markup.title:
            found["styled_title"] = markup.title
        if markup.subtitle:
            found["subtitle"] = markup.subtitle
        pictures = {src: data for src in markup.pictures if (data := package.part(src))}
        yield document(copy, fragment, found, pictures)
