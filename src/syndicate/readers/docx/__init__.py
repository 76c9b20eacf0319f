"""Word files (.docx), read by their styles, in any language that Word was set to.

Headings, lists, quotes, code and captions are recognised by their styles; in a file without heading
styles, short bold paragraphs become headings. Tracked changes are accepted, comments are left out,
footnotes and endnotes become footnotes, hidden text is never read. The title is the paragraph with
the title style, else a first heading, else the file's title property, else the first line. Notes
say what was guessed and what was left out. Nothing outside the file is opened, whatever it links.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from syndicate.errors import SourceError
from syndicate.readers import metadata
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.reader_state import ReaderState


class DOCXReader(Reader):
    """Office Open XML documents (ECMA-376); one article per file."""

    suffixes: ClassVar[tuple[str, ...]] = (".docx",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it is not a Word file, is malicious, or has no title.
        """
        import mammoth.docx
        from lxml import etree

        from syndicate.readers.docx.body import docx_blocks, docx_notes
        from syndicate.readers.docx.head import take_docx_head
        from syndicate.readers.docx.lines import DocxLines
        from syndicate.readers.docx.markup import settled_docx
        from syndicate.readers.docx.package import DocxPackage
        from syndicate.readers.docx.pictures import DocxPictures
        from syndicate.readers.docx.properties import docx_properties, note_docx_leftovers

        package = DocxPackage(source)
        state = ReaderState(source, source.publication.language)
        try:
            parts = settled_docx(package, state)
            if package.main not in parts:
                raise SourceError(
                    "this Word file is damaged: the part that holds its text is missing",
                    where=source.at(),
                    hint="open it in Word and save it again",
                )
            found = docx_properties(package, parts[package.main], state)
            plain = {name: etree.tostring(root, encoding="utf-8") for name, root in parts.items()}
            result = mammoth.docx.read(io.BytesIO(package.with_parts(plain)))
            pictures = DocxPictures(state)
            reader = DocxLines(state, pictures)
            lines = list(reader.of(result.value.children))
        except RecursionError as error:
            raise SourceError("this Word file is nested too deeply", where=source.at()) from error
        except SourceError:
            raise
        except Exception as error:
            # mammoth expects every part to be there and to follow the standard.
            raise SourceError(
                "this Word file is damaged",
                where=source.at(),
                hint="open it in Word and save it again",
            ) from error
        note_docx_leftovers(package, parts[package.main], result, state)
        beside = metadata.sidecar_metadata(state).get("title")
        head, rest = take_docx_head(lines, found.pop("title", None), state, beside)
        blocks = (*docx_blocks(rest, state), *docx_notes(result.value, reader, state))
        placed = [(block, None) for block in blocks]
        reading = metadata.reading(state, {}, {**found, **head}, placed)
        yield replace(reading, pictures=pictures.data)
