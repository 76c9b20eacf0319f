"""OpenDocument text (.odt), as saved by LibreOffice, OpenOffice and Google Docs.

Headings are recognised by their outline levels; title, subtitle, quotes, code and captions by their
styles, in any language that LibreOffice was set to. Tracked changes are accepted; comments and
hidden text are left out with a note. Nothing outside the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from syndicate.errors import SourceError
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.reader_state import ReaderState


class ODTReader(Reader):
    """OpenDocument text documents (ISO/IEC 26300); one article per file."""

    suffixes: ClassVar[tuple[str, ...]] = (".odt",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it is not an OpenDocument text, is malicious, or has no title.
        """
        from syndicate.readers.document import document
        from syndicate.readers.odt.markup import OdtMarkup
        from syndicate.readers.odt.package import OdtPackage
        from syndicate.readers.odt.properties import odt_properties

        package = OdtPackage(source)
        state = ReaderState(source, source.publication.language)
        content = package.xml("content.xml")
        if content is None:
            raise SourceError("not an OpenDocument text (.odt)", where=source.at())
        found = odt_properties(package, state)
        markup = OdtMarkup(content, package.xml("styles.xml"), state)
        fragment = markup.fragment()
        if markup.title:
            found["styled_title"] = markup.title
        if markup.subtitle:
            found["subtitle"] = markup.subtitle
        pictures = {src: data for src in markup.pictures if (data := package.part(src))}
        yield document(state, fragment, found, pictures)
