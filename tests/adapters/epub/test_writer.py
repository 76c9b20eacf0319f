"""Each test shows a defect of EbookLib and its fix. If EbookLib fixes one, delete our fix."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch
from zipfile import ZIP_STORED, ZipFile

import pytest
from ebooklib import epub

from syndicate.adapters.epub.writer import BookArchive, BookPage, BookWriter
from syndicate.article import Figure
from syndicate.errors import RenderError
from tests.adapters.epub.books import XHTML, book, hostile, page, picture
from tests.articles import NOON, article

LOCAL = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
OPF = "{http://www.idpf.org/2007/opf}"
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title><meta name="kept" content="1"/>
</head><body>Bare text<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/></body></html>"""


def filled(make: Callable[[], epub.EpubHtml]) -> epub.EpubBook:
    """A book with one page and a picture."""
    made = epub.EpubBook()
    made.set_identifier("urn:uuid:0")
    made.set_title("A")
    document = make()
    image = epub.EpubItem("image", "a.jpg", "image/jpeg", b"a" * 1000)
    for item in (document, image, epub.EpubNcx()):
        made.add_item(item)
    made.spine = [document]
    return made


def plain(**fields: object) -> epub.EpubHtml:
    """The page as EbookLib would make it."""
    return epub.EpubHtml(**{"uid": "a", "file_name": "a.xhtml", "content": PAGE, **fields})


def ours() -> BookPage:
    """The page as this project writes it."""
    return BookPage("a.xhtml", "A", PAGE)


def theirs_written(made: epub.EpubBook, **options: object) -> ZipFile:
    out = io.BytesIO()
    epub.EpubWriter(out, made, options).write()
    return ZipFile(out)


def ours_written(made: epub.EpubBook, moment: datetime = NOON) -> ZipFile:
    return ZipFile(io.BytesIO(BookWriter(made, BookArchive(moment)).write()))


@pytest.fixture
def kolkata() -> Iterator[None]:
    """A machine that is not on UTC."""
    with patch.dict(os.environ, {"TZ": "Asia/Kolkata"}):
        time.tzset()
        yield
    time.tzset()


def test_a_page_given_as_text_with_a_declaration_is_not_lost() -> None:
    assert theirs_written(filled(plain)).read("EPUB/a.xhtml") == b""
    assert ours_written(filled(ours)).read("EPUB/a.xhtml") == PAGE.encode()


def test_head_bare_text_and_view_box_are_kept() -> None:
    theirs = theirs_written(filled(lambda: plain(content=PAGE.encode()))).read("EPUB/a.xhtml")
    fixed = ours_written(filled(ours)).read("EPUB/a.xhtml")
    for kept in (b'name="kept"', b"Bare text", b"viewBox"):
        assert kept not in theirs
        assert kept in fixed


def test_a_page_declares_what_it_uses() -> None:
    assert b'properties="svg"' not in theirs_written(filled(plain)).read("EPUB/content.opf")
    assert b'properties="svg"' in ours_written(filled(ours)).read("EPUB/content.opf")


@pytest.mark.parametrize(
    ("body", "used"),
    [
        ("<p>text</p>", []),
        ('<math xmlns="http://www.w3.org/1998/Math/MathML"/>', ["mathml"]),
        ("<script>1</script>", ["scripted"]),
        ('<img src="https://a.example/a.png" alt=""/>', ["remote-resources"]),
    ],
)
def test_every_manifest_property_is_found(body: str, used: list[str]) -> None:
    markup = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
    assert BookPage("a.xhtml", "A", markup).properties == used


def test_the_package_has_a_language() -> None:
    assert b"<package" in theirs_written(filled(plain)).read("EPUB/content.opf")
    assert b'xml:lang="en"' not in theirs_written(filled(plain)).read("EPUB/content.opf")
    assert b'xml:lang="en"' in ours_written(filled(ours)).read("EPUB/content.opf")


def test_the_ncx_has_the_page_list() -> None:
    def paged() -> epub.EpubBook:
        made = filled(ours)
        made.pages = [epub.Link("a.xhtml#page-7", "7")]
        return made

    assert b"a.xhtml#page-7" not in theirs_written(paged()).read("EPUB/toc.ncx")
    assert b"a.xhtml#page-7" in ours_written(paged()).read("EPUB/toc.ncx")


def test_the_modification_time_is_in_utc() -> None:
    theirs = theirs_written(filled(plain), mtime=LOCAL).read("EPUB/content.opf")
    assert b"2026-10-05T17:30:00Z" in theirs
    assert b"2026-10-05T12:00:00Z" in ours_written(filled(ours), LOCAL).read("EPUB/content.opf")


@pytest.mark.usefixtures("kolkata")
def test_the_bytes_do_not_depend_on_clock_or_time_zone() -> None:
    stamps = {info.date_time for info in theirs_written(filled(plain)).infolist()}
    assert (2026, 10, 5, 12, 0, 0) not in stamps
    stamps = {info.date_time for info in ours_written(filled(ours)).infolist()}
    assert stamps == {(2026, 10, 5, 12, 0, 0)}


def test_a_time_before_1980_is_not_an_error() -> None:
    opened = ours_written(filled(ours), datetime(1969, 7, 20, tzinfo=UTC))
    assert opened.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_pictures_are_stored() -> None:
    assert theirs_written(filled(plain)).getinfo("EPUB/a.jpg").compress_type != ZIP_STORED
    opened = ours_written(filled(ours))
    assert opened.getinfo("EPUB/a.jpg").compress_type == ZIP_STORED
    assert opened.getinfo("EPUB/a.xhtml").compress_type != ZIP_STORED


def test_the_media_type_comes_first_and_uncompressed() -> None:
    first = ours_written(filled(ours)).infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")


def test_two_authors_have_different_ids() -> None:
    made = epub.EpubBook()
    made.add_author("Kim Lee")
    made.add_author("Kim Lee")
    ids = [attributes["id"] for _, attributes in made.get_metadata("DC", "creator")]
    assert ids == ["creator", "creator"]
    package = page(book(hostile()[1]), "content.opf")
    found = [element.get("id") for element in package.iter() if element.get("id")]
    assert len(found) == len(set(found))
    assert sum(element.text == "Kim Lee" for element in package.iter()) == 2


def test_the_cover_can_be_reached_and_is_in_the_reading_order(tmp_path: Path) -> None:
    made = epub.EpubBook()
    made.set_cover("cover.jpg", b"")
    assert made.get_item_with_id("cover").is_linear is False
    opened = book(article(), content=tmp_path)
    first = next(page(opened, "content.opf").iter(f"{OPF}itemref"))
    assert (first.get("idref"), first.get("linear")) == ("cover", None)
    assert 'href="cover.xhtml"' in opened.read("EPUB/nav.xhtml").decode()


def test_a_failure_to_write_is_an_error(tmp_path: Path) -> None:
    made = filled(lambda: plain(content=b"<p>A</p>"))
    with pytest.warns(UserWarning, match="throwing exceptions"):
        assert epub.write_epub(str(tmp_path / "no" / "folder.epub"), made) is False
    assert BookWriter(filled(ours), BookArchive(NOON)).write().startswith(b"PK")


def test_malformed_markup_is_reported_with_its_place() -> None:
    with pytest.raises(RenderError, match="not well-formed") as caught:
        BookPage("a.xhtml", "A", "<html>\n<br>\n</html>")
    assert str(caught.value.where).startswith("a.xhtml:3")


def test_a_picture_keeps_its_bytes(tmp_path: Path) -> None:
    name = picture(tmp_path, "pier.png", (900, 600))
    opened = book(article(lead_image=Figure(src=name, alt="A pier")), content=tmp_path)
    (image,) = page(opened).iter(f"{XHTML}img")
    assert opened.read(f"EPUB/{image.get('src')}").startswith(b"\x89PNG")
