"""The page numbers of a printed edition in a book."""

from __future__ import annotations

import io
from dataclasses import replace
from zipfile import ZipFile

from syndicate.adapters.edition import Pagination
from syndicate.adapters.epub.adapter import EPUB
from syndicate.article import Correction
from tests.adapters.epub.books import OPS, XHTML, book, bound, edition, element_text, kit, page
from tests.articles import NOON, article, words

NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
OPF = "{http://www.idpf.org/2007/opf}"
STORIES = (
    article("a", title="Alpha", section="City"),
    article("b", title="Beta", section="Sport"),
    article("c", title="Gamma", section="City"),
    article("d", title="Delta"),
)
PRINTED = Pagination("The Harbour Gazette, No. 12 (press-0012.pdf)", (("d", "9"),))


def opened(*starts: str) -> ZipFile:
    pairs = tuple(zip((one.id for one in STORIES), starts, strict=False))
    issue = replace(edition(*STORIES), pagination=replace(PRINTED, starts=pairs))
    adapter = EPUB(fonts=False, pages_of="press")
    return ZipFile(io.BytesIO(bound(adapter, issue, kit())))


def claims(book: ZipFile) -> set[str]:
    package = page(book, "content.opf")
    return {str(meta.text) for meta in package.iter(f"{OPF}meta")}


def test_the_page_list_links_to_the_top_of_each_chapter() -> None:
    book = opened("3", "5", "6")
    listed = page(book, "nav.xhtml").findall(f".//{XHTML}nav[@role='doc-pagelist']//{XHTML}a")
    assert [(one.text, one.get("href")) for one in listed] == [
        ("3", "chapter-001.xhtml#page-3"),
        ("6", "chapter-002.xhtml#page-6"),  # in the order of the book, which keeps sections whole
        ("5", "chapter-003.xhtml#page-5"),
    ]
    mark = page(book).find(f".//{XHTML}section/*")
    assert mark is not None
    assert (mark.get("id"), mark.get("aria-label")) == ("page-3", "Page 3")
    assert (mark.get("role"), mark.get(f"{OPS}type")) == ("doc-pagebreak", "pagebreak")
    assert "doc-pagebreak" not in book.read("EPUB/chapter-004.xhtml").decode()


def test_the_page_list_is_also_in_the_ncx() -> None:
    targets = list(page(opened("3", "5", "6"), "toc.ncx").iter(f"{NCX}pageTarget"))
    found = [(one.get("value"), one[-1].get("src"), element_text(one)) for one in targets]
    assert found[1] == ("6", "chapter-002.xhtml#page-6", "6")
    assert len(found) == 3


def test_the_package_names_the_printed_edition() -> None:
    assert {"pageBreakMarkers", "pageNavigation", PRINTED.source} <= claims(opened("3"))


def test_without_printed_pages_the_metadata_has_none() -> None:
    book = opened()
    assert "pageNavigation" not in claims(book)
    assert b"page-list" not in book.read("EPUB/nav.xhtml")
    assert b"pageList" not in book.read("EPUB/toc.ncx")


def test_the_next_edition_lists_what_was_corrected_and_withdrawn() -> None:
    wrong = article("ferry", title="The night ferry").model_copy(
        update={"body": (Correction(date=NOON.date(), content=words("Eight euros.")),)}
    )
    gone = article("mayor", title="The mayor").model_copy(
        update={"status": "withdrawn", "updated": NOON}
    )
    issue = replace(
        edition(article("locks")), revised=(wrong, gone), appeared=((wrong.id, 11, "4"),)
    )
    with ZipFile(io.BytesIO(bound(EPUB(fonts=False), issue, kit()))) as found:
        listed = next(found.read(name) for name in found.namelist() if "amendments" in name)
        nav = next(found.read(name) for name in found.namelist() if "nav.xhtml" in name).decode()
    assert "amendments.xhtml" in nav
    said = " ".join(listed.decode().split())
    for words_in_it in ("The night ferry", "Eight euros.", "No. 11 · Page 4", "The mayor"):
        assert words_in_it in said
    assert "This article has been withdrawn." in said
    with book(article("locks")) as plain:
        assert not [name for name in plain.namelist() if "amendments" in name]
