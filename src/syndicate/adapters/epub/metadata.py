"""The metadata of a book: Dublin Core, its series, and how accessible it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ebooklib import epub

from syndicate.adapters.edition import Pagination
from syndicate.adapters.epub.issue import BookIssue
from syndicate.adapters.epub.media import BookPictures
from syndicate.adapters.epub.writer import BookPage
from syndicate.article import Article
from syndicate.kit import Kit

# MARC relator codes, as EPUB 3.3 section 5.5.3.2.3 recommends.
_RELATORS = {
    "author": "aut",
    "editor": "edt",
    "photographer": "pht",
    "illustrator": "ill",
    "translator": "trl",
    "contributor": "ctb",
}


def describe_book(book: epub.EpubBook, issue: BookIssue, title: str) -> None:
    """Set the identifier, titles, people, dates, rights and series of `book`."""
    publication, article = issue.publication, issue.article
    articles = (*([issue.note] if issue.note else []), *issue.articles)
    book.set_identifier(issue.identifier)
    book.set_title(title)
    book.set_language(issue.language)
    book.set_direction(issue.direction)
    for language in dict.fromkeys(each.language for each in articles):
        if language != issue.language:
            book.add_metadata("DC", "language", language)
    _people(book, issue, articles)
    book.add_metadata("DC", "publisher", publication.publisher or publication.title)
    book.add_metadata("DC", "date", issue.date.astimezone(publication.zone).isoformat())
    if article:
        book.add_metadata("DC", "source", article.url)
        summary = article.summary or article.subtitle
        rights = article.credit.copyright_notice or publication.copyright
        subjects = [tag.name for tag in article.tags]
    else:
        summary, rights = publication.description, publication.copyright
        subjects = [section.name for section in issue.sections if section.name]
    if summary:
        book.add_metadata("DC", "description", summary)
    if rights:
        book.add_metadata("DC", "rights", rights)
    for subject in dict.fromkeys(subjects):
        book.add_metadata("DC", "subject", subject)
    _property(book, "belongs-to-collection", issue.series, id="series")
    _property(book, "collection-type", "series", refines="#series")
    if issue.number is not None:
        _property(book, "group-position", str(issue.number), refines="#series")
        # For Calibre and KOReader, which ignore the EPUB 3 properties or long did so.
        add_named_meta(book, "calibre:series_index", str(issue.number))
    add_named_meta(book, "calibre:series", issue.series)


def _people(book: epub.EpubBook, issue: BookIssue, articles: tuple[Article, ...]) -> None:
    """Add the people of `book`.

    A single article is by its authors. A digest is by the newsroom, and the authors are
    contributors. Everyone needs a unique id: EbookLib gives all of them the id "creator", which
    makes the package invalid.
    """
    people = tuple(dict.fromkeys(person for a in articles for person in a.contributors))
    if issue.article is None or not issue.article.authors:
        book.add_author(issue.publication.publisher or issue.publication.title, uid="newsroom")
    for number, person in enumerate(people, 1):
        role, uid = _RELATORS[person.role], f"person-{number}"
        if issue.article and person.role == "author":
            book.add_author(person.name, role=role, uid=uid)
        else:
            book.add_metadata("DC", "contributor", person.name, {"id": uid})
            _property(book, "role", role, refines=f"#{uid}", scheme="marc:relators")


@dataclass(frozen=True)
class BookAccessibility:
    """The properties of the pages that decide how accessible the book is."""

    pictures: bool
    described: bool
    """Every picture has a text alternative."""
    still: bool
    """No picture can be animated."""
    structured: bool
    """No heading level is skipped, and every table has header cells."""

    @property
    def conforms(self) -> bool:
        """Whether the book meets WCAG 2.2 level AA as far as a machine can check it."""
        return self.described and self.structured


def survey_accessibility(documents: Iterable[BookPage], media: BookPictures) -> BookAccessibility:
    """The `BookAccessibility` of a book with these `documents` and the pictures of `media`."""
    return BookAccessibility(
        pictures=bool(media.pictures),
        described=media.described,
        still="image/gif" not in media.pictures.values(),
        structured=all(document.markup.structured for document in documents),
    )


def declare_accessibility(
    book: epub.EpubBook, found: BookAccessibility, issue: BookIssue, kit: Kit
) -> None:
    """Declare in `book` what `found` means for readers (EPUB Accessibility 1.1 section 2).

    Raises:
        RenderError: `words.toml` is missing or not TOML.
    """
    words = kit.words(issue.language)
    modes = ["textual", *(["visual"] if found.pictures else [])]
    for mode in modes:
        _property(book, "schema:accessMode", mode)
    if found.described:
        _property(book, "schema:accessModeSufficient", "textual")
    if found.pictures:
        _property(book, "schema:accessModeSufficient", "textual,visual")
    features = ["displayTransformability", "readingOrder", "tableOfContents"]
    if found.structured:
        features.append("structuralNavigation")
    if found.pictures and found.described:
        features.insert(0, "alternativeText")
    for feature in features:
        _property(book, "schema:accessibilityFeature", feature)
    _property(book, "schema:accessibilityHazard", "none" if found.still else "unknown")
    summary = "accessible" if found.conforms else "partly_accessible"
    _property(book, "schema:accessibilitySummary", words[summary])
    if found.conforms:
        _property(
            book,
            "dcterms:conformsTo",
            "EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
            id="conformance",
        )
        certifier = issue.publication.publisher or issue.publication.title
        _property(book, "a11y:certifiedBy", certifier, refines="#conformance")


def declare_print_pages(book: epub.EpubBook, printed: Pagination) -> None:
    """Declare in `book` that it has the page numbers of `printed`.

    See EPUB Accessibility 1.1 section 3.3.
    """
    for feature in ("pageBreakMarkers", "pageNavigation"):
        _property(book, "schema:accessibilityFeature", feature)
    _property(book, "pageBreakSource", printed.source)


def add_named_meta(book: epub.EpubBook, name: str, content: str) -> None:
    """Add an EPUB 2 `meta` element to `book`."""
    book.add_metadata(None, "meta", "", {"name": name, "content": content})


def _property(book: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    book.add_metadata(None, "meta", value, {"property": name, **attributes})
