"""Puts pages, pictures, fonts and metadata together into one EPUB."""

from __future__ import annotations

from ebooklib import epub

from syndicate.adapters.epub import metadata
from syndicate.adapters.epub.cover import draw_cover
from syndicate.adapters.epub.fonts import BookFont, book_fonts
from syndicate.adapters.epub.issue import BookIssue
from syndicate.adapters.epub.media import BookPictures
from syndicate.adapters.epub.pages import BookPages
from syndicate.adapters.epub.writer import BookArchive, BookPage, BookWriter
from syndicate.kit import Kit
from syndicate.kit.colour import visible_colour


def bind_book(
    issue: BookIssue, kit: Kit, *, fonts: bool, image_width: int, image_bytes: int
) -> tuple[bytes, bytes]:
    """The EPUB of `issue`, and its cover as a JPEG.

    Args:
        issue: the content of the book.
        kit: templates and pictures.
        fonts: whether to embed fonts.
        image_width: the greatest width of a picture in pixels.
        image_bytes: the greatest size of a picture in bytes.

    Raises:
        RenderError: a template is missing, raises, or is not well-formed.
    """
    words = kit.words(issue.language)
    dateline = kit.render("dateline.txt.j2", issue=issue, words=words).strip()
    archive = BookArchive(issue.date)
    media = BookPictures(kit, image_width, image_bytes, archive)
    pages = BookPages(issue, kit, media, dateline, fonts)
    documents = tuple(pages.spine())
    navigation = pages.navigation()
    embedded = _fonts(documents) if fonts else ()

    book = epub.EpubBook()
    title = issue.article.title if issue.article else f"{issue.series}, {dateline}"
    metadata.describe_book(book, issue, title)
    metadata.declare_accessibility(
        book, metadata.survey_accessibility(documents, media), issue, kit
    )
    if pages.printed and issue.pagination:
        metadata.declare_print_pages(book, issue.pagination)
        book.pages = [epub.Link(f"{p.file}#page-{p.page}", p.page) for p in pages.printed]
    cover = draw_cover(issue, kit, dateline)
    _add_cover(book, cover)
    for document in (navigation, *documents):
        book.add_item(document)
    book.add_item(epub.EpubNcx())
    book.add_item(_item("style.css", "text/css", _style(issue, kit, embedded)))
    for font in embedded:
        book.add_item(_item(font.name, "font/ttf", font.content))
    for name, media_type in sorted(media.pictures.items()):
        book.add_item(_item(f"images/{name}", media_type))
    book.spine = list(documents)
    book.toc = _contents(pages)
    return BookWriter(book, archive).write(), cover


def _fonts(documents: tuple[BookPage, ...]) -> tuple[BookFont, ...]:
    return book_fonts(document.content for document in documents)


def _style(issue: BookIssue, kit: Kit, fonts: tuple[BookFont, ...]) -> bytes:
    return kit.render(
        "style.css", fonts=fonts, accent=visible_colour(issue.publication.accent)
    ).encode()


def _item(name: str, media_type: str, content: bytes = b"") -> epub.EpubItem:
    uid = name.replace("/", "-")
    return epub.EpubItem(uid=uid, file_name=name, media_type=media_type, content=content)


def _add_cover(book: epub.EpubBook, picture: bytes) -> None:
    # Not set_cover: it adds a page outside the reading order that cannot be reached (OPF-096).
    cover = epub.EpubCover(uid="cover-image", file_name="cover.jpg")
    cover.media_type, cover.content = "image/jpeg", picture
    book.add_item(cover)
    metadata.add_named_meta(book, "cover", "cover-image")


def _contents(pages: BookPages) -> list[object]:
    """The tree that EbookLib writes as NCX, for reading systems older than EPUB 3."""
    entries: list[object] = []
    if pages.note:
        entries.append(epub.Link(pages.note.file, pages.note.article.title, uid="note"))
    for part in pages.parts:
        chapters = [
            epub.Link(chapter.file, chapter.article.title, uid=chapter.file.partition(".")[0])
            for chapter in part.chapters
        ]
        section = epub.Section(part.name or "", part.chapters[0].file)
        entries.extend([(section, chapters)] if part.name and not pages.issue.article else chapters)
    if pages.issue.amendments:
        title = pages.kit.words(pages.issue.language)["corrections"]
        entries.append(epub.Link("amendments.xhtml", title, uid="amendments"))
    return entries
