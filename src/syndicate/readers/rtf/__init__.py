"""Rich Text Format (.rtf), as written by TextEdit, WordPad, Word and InDesign.

Headings, title, quotes and code are recognised by their styles. Bold, italic, struck-through and
raised letters, links, lists, tables, footnotes and pictures are kept. Deleted text and page headers
are left out; comments and hidden text are left out with a note. Nothing outside the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from syndicate.errors import SourceError
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.reader_state import ReaderState


class RTFReader(Reader):
    """Rich Text Format 1.9.1; one article per file."""

    suffixes: ClassVar[tuple[str, ...]] = (".rtf",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it is not Rich Text, is nested too deeply, or has no title.
        """
        from syndicate.readers.document import document
        from syndicate.readers.rtf.interpreter import RtfInterpreter
        from syndicate.readers.rtf.markup import RtfMarkup

        if not source.data.lstrip().startswith(b"{\\rtf"):
            raise SourceError("not a Rich Text file (.rtf)", where=source.at())
        state = ReaderState(source, source.publication.language)
        interpreter = RtfInterpreter(source, state)
        interpreter.run()
        markup = RtfMarkup(interpreter, state)
        fragment = markup.fragment()
        found = dict(interpreter.found)
        if markup.title:
            found["styled_title"] = markup.title
        if markup.subtitle:
            found["subtitle"] = markup.subtitle
        yield document(state, fragment, found, interpreter.pictures)
