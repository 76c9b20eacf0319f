"""EbookLib's writer, with fixes for its defects."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from ebooklib import epub
from lxml import etree

from syndicate.adapters.epub.markup import examine_book_page

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_COMPRESSED = frozenset({"", ".xhtml", ".xml", ".opf", ".ncx", ".css", ".ttf", ".otf", ".svg"})


class BookPage(epub.EpubHtml):  # type: ignore[misc]
    """A content document that is written unchanged.

    EbookLib parses chapters as tag soup and serialises them again. That turns `viewBox` into lower
    case, drops the head and any text directly inside the body, and loses the whole of a `str` with
    an XML declaration. It also does not declare the features that the document uses.

    Raises:
        RenderError: `markup` is not well-formed XML.
    """

    def __init__(self, name: str, title: str, markup: str, *, navigation: bool = False) -> None:
        super().__init__(
            uid=name.partition(".")[0],
            file_name=name,
            media_type="application/xhtml+xml",
            content=markup.encode(),
            title=title,
        )
        self.markup = examine_book_page(self.content, name)
        self.properties = [*(["nav"] if navigation else []), *self.markup.used]

    def get_content(self, default: object = None) -> bytes:
        """The markup, unchanged."""
        return bytes(self.content)


class BookArchive(zipfile.ZipFile):
    """A zip file in memory that depends on neither the clock nor the platform.

    It begins with the media type (OCF 3.3 section 4.3). Pictures can be added before the book is
    written.
    """

    def __init__(self, moment: datetime) -> None:
        self._file = io.BytesIO()
        super().__init__(self._file, "w")
        # By convention zip times are local; they begin in 1980 and have steps of two seconds.
        self.moment = moment.astimezone(UTC)
        self._stamp = max(self.moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        self.writestr("mimetype", "application/epub+zip")

    def writestr(
        self,
        name: str | zipfile.ZipInfo,
        data: str | bytes,  # type: ignore[override]
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Add a file unless it is there already. Pictures are stored, being compressed already."""
        name = name.filename if isinstance(name, zipfile.ZipInfo) else name
        if name in self.NameToInfo:
            return
        info = zipfile.ZipInfo(name, self._stamp)
        info.create_system = 3
        info.external_attr = 0o644 << 16
        suffix = name[name.rfind(".") :] if "." in name else ""
        info.compress_type = (
            zipfile.ZIP_DEFLATED
            if suffix in _COMPRESSED and name != "mimetype"
            else zipfile.ZIP_STORED
        )
        super().writestr(info, data, compresslevel=compresslevel)

    def finished(self) -> bytes:
        """The bytes of the complete file, which is now closed."""
        self.close()
        return self._file.getvalue()


class BookWriter(epub.EpubWriter):  # type: ignore[misc]
    """Writes a book into its archive; the bytes are the same each time.

    EbookLib gives files the present time, labels local time as UTC, compresses pictures, writes no
    language for the package and no page list in the NCX, and returns False for an unwritable path.
    """

    def __init__(self, book: epub.EpubBook, archive: BookArchive) -> None:
        super().__init__(None, book, {"mtime": archive.moment, "package_direction": True})
        self.out = archive

    def write(self) -> bytes:
        """The finished EPUB."""
        self._write_container()
        self._write_opf()
        self._write_items()
        return self.out.finished()

    def _get_ncx(self) -> bytes:
        ncx: bytes = super()._get_ncx()
        if not self.book.pages:
            return ncx
        root = etree.fromstring(ncx)
        pages = etree.SubElement(root, f"{_NCX}pageList")
        for number, link in enumerate(self.book.pages, 1):
            page = etree.SubElement(pages, f"{_NCX}pageTarget", type="normal", value=link.title)
            page.set("id", f"page-{number}")
            label = etree.SubElement(page, f"{_NCX}navLabel")
            etree.SubElement(label, f"{_NCX}text").text = link.title
            etree.SubElement(page, f"{_NCX}content", src=link.href)
        return etree.tostring(root, pretty_print=True, encoding="utf-8", xml_declaration=True)

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(_XML_LANG, self.book.language)
        super()._write_opf_file(root)
