"""OPDS: a catalogue of another channel's books that reading apps can subscribe to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, ClassVar, Literal

from pydantic import Field

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition, Issued
from syndicate.adapters.epub.issue import book_identifier
from syndicate.article.publication import Publication
from syndicate.article.values import Line
from syndicate.kit import Kit

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/terms/"
_FEED = "application/atom+xml;profile=opds-catalog;kind=acquisition"
_JSON = "application/opds+json"
_OPEN = "http://opds-spec.org/acquisition/open-access"
_IMAGE = "http://opds-spec.org/image"


class OPDS(Adapter):
    """A catalogue of everything that the channel `catalogue_of` has delivered, newest first.

    It is written as OPDS 1.2 (`opds.xml`) and OPDS 2.0 (`opds.json`), with one entry per book and
    `page_size` entries per page. `title` defaults to the publication's. OPDS 2.0 requires a cover,
    so books of a channel with `cover_file = false` are only in `opds.xml`.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.CATALOGUE,)
    scope: Literal[Scope.CATALOGUE] = Scope.CATALOGUE
    templates: ClassVar[str | None] = "epub"

    catalogue_of: str = "epub"
    title: Line | None = Field(default=None, min_length=1)
    page_size: int = Field(default=100, ge=10, le=1000)

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The pages of the catalogue in both formats; an empty catalogue has one page.

        Raises:
            RenderError: a template is missing or raises.
        """
        books = tuple(_books(edition, self.title or edition.publication.title, kit))
        size = self.page_size
        pages = [books[n : n + size] for n in range(0, len(books), size)] or [()]
        for number, shown in enumerate(pages, 1):
            page = _Page(edition, self.title, number, len(pages), len(books), size, shown)
            yield Artifact(page.name("xml"), _FEED, page.atom())
            yield Artifact(page.name("json"), _JSON, page.json())


@dataclass(frozen=True)
class _Book:
    """One entry: a book, and its cover if there is one."""

    title: str
    urn: str
    summary: str
    file: Issued
    cover: Issued | None


def _books(edition: Edition, series: str, kit: Kit) -> Iterator[_Book]:
    publication = edition.publication
    words = kit.words(publication.language)
    units = groupby(edition.issues, key=lambda file: (file.channel, file.rendering))
    for (channel, unit), files in units:
        book = tuple(files)
        covers = [file for file in book if file.media_type.startswith("image/")]
        for file in book:
            if file in covers:
                continue
            title = file.titles[0] if file.number is None else ""
            if not title:
                issue = _Dated(publication, publication.language, file.date, file.number)
                title = f"{series}, {kit.render('dateline.txt.j2', issue=issue, words=words)}"
            yield _Book(
                title.strip(),
                book_identifier(publication, channel, unit),
                "" if file.number is None else " · ".join(file.titles),
                file,
                covers[0] if covers else None,
            )


@dataclass(frozen=True)
class _Dated:
    """The parts of an issue that its dateline needs."""

    publication: Publication
    language: str
    date: datetime
    number: int | None


@dataclass(frozen=True)
class _Page:
    """One page of the catalogue; `number` counts from 1, `total` is the number of books overall."""

    edition: Edition
    own_title: str | None
    number: int
    last: int
    total: int
    size: int
    books: tuple[_Book, ...]

    def name(self, suffix: str, number: int | None = None) -> str:
        """The file name of page `number`, by default of this page."""
        number = number or self.number
        return f"opds.{suffix}" if number == 1 else f"opds-{number}.{suffix}"

    def _links(self, suffix: str) -> dict[str, str]:
        """The URLs of related pages by relation (OPDS 1.2 section 5.4.1, RFC 5005)."""
        pages = {"self": self.number, "start": 1}
        if self.last > 1:
            pages |= {"first": 1, "last": self.last}
        if self.number > 1:
            pages["previous"] = self.number - 1
        if self.number < self.last:
            pages["next"] = self.number + 1
        return {rel: self.edition.url_of(self.name(suffix, n)) for rel, n in pages.items()}

    @property
    def _title(self) -> str:
        return self.own_title or self.edition.publication.title

    def _day(self, moment: datetime) -> str:
        return moment.astimezone(self.edition.publication.zone).date().isoformat()

    @property
    def _publisher(self) -> str:
        return self.edition.publication.publisher or self.edition.publication.title

    def atom(self) -> bytes:
        """The page as OPDS 1.2."""
        from lxml import etree

        spaces: Any = {None: _ATOM, "dc": _DC}
        feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=spaces)

        def add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
            element = etree.SubElement(
                parent, name if "{" in name else f"{{{_ATOM}}}{name}", attributes
            )
            element.text = text or None
            return element

        def author(parent: Any) -> None:
            add(add(parent, "author"), "name", self._publisher)

        add(
            feed, "id", book_identifier(self.edition.publication, self.edition.channel, "catalogue")
        )
        add(feed, "title", self._title)
        add(feed, "updated", _moment(self.edition.date))
        author(feed)
        for rel, href in self._links("xml").items():
            add(feed, "link", rel=rel, href=href, type=_FEED)
        add(feed, "link", rel="alternate", href=self.edition.url_of("opds.json"), type=_JSON)
        for book in self.books:
            entry = add(feed, "entry")
            add(entry, "title", book.title)
            add(entry, "id", book.urn)
            add(entry, "updated", _moment(book.file.date))
            author(entry)
            add(entry, f"{{{_DC}}}language", book.file.language)
            add(entry, f"{{{_DC}}}publisher", self._publisher)
            add(entry, f"{{{_DC}}}issued", self._day(book.file.date))
            if book.summary:
                add(entry, "summary", book.summary, type="text")
            if book.cover:
                for rel in (_IMAGE, f"{_IMAGE}/thumbnail"):
                    add(entry, "link", rel=rel, href=book.cover.url, type=book.cover.media_type)
            file = book.file
            length = str(file.size)
            add(entry, "link", rel=_OPEN, href=file.url, type=file.media_type, length=length)
        return etree.tostring(feed, pretty_print=True, encoding="UTF-8", xml_declaration=True)

    def json(self) -> bytes:
        """The page as OPDS 2.0."""
        links = [
            {"rel": rel, "href": href, "type": _JSON} for rel, href in self._links("json").items()
        ]
        links.append({"rel": "alternate", "href": self.edition.url_of("opds.xml"), "type": _FEED})
        catalogue = {
            "metadata": {
                "title": self._title,
                "modified": _moment(self.edition.date),
                "numberOfItems": self.total,
                "itemsPerPage": self.size,
                "currentPage": self.number,
            },
            "links": links,
            "publications": [self._publication(book) for book in self.books if book.cover],
        }
        return json.dumps(catalogue, ensure_ascii=False, indent=2).encode() + b"\n"

    def _publication(self, book: _Book) -> dict[str, object]:
        file, cover = book.file, book.cover
        metadata: dict[str, object] = {
            "@type": "http://schema.org/PublicationIssue"
            if file.number
            else "http://schema.org/Book",
            "title": book.title,
            "identifier": book.urn,
            "author": self._publisher,
            "publisher": self._publisher,
            "language": file.language,
            "published": _moment(file.date),
            "modified": _moment(file.date),
        }
        if book.summary:
            metadata["description"] = book.summary
        if file.number:
            series = {"name": self._title, "position": file.number}
            metadata["belongsTo"] = {"series": series}
        acquire = {
            "rel": ["self", _OPEN],
            "href": file.url,
            "type": file.media_type,
            "size": file.size,
        }
        images = [{"href": cover.url, "type": cover.media_type}] if cover else []
        return {"metadata": metadata, "links": [acquire], "images": images}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
