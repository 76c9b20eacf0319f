"""EPUB 3.3 by EbookLib: one book of a whole edition, or one small book per article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Self

from pydantic import Field, model_validator

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.epub.issue import Access, BookIssue, book_identifier, book_sections
from syndicate.article import Article
from syndicate.article.values import Line, folded
from syndicate.errors import RenderError
from syndicate.kit import Kit


class EPUB(Adapter):
    """An EPUB 3.3 book that meets EPUB Accessibility 1.1 as far as its articles do.

    `title` is printed on the cover and defaults to the publication's. In a digest, the newest
    article whose section is `note` comes first, as the editor's note; other channels leave that
    section out unless their `[select]` names it. With `access = "open"`, articles for members end
    at their paywall marker; with "all" the book contains the whole text, so deliver it to members
    only. `fonts` embeds the book's fonts. No picture is wider than `image_width` pixels or larger
    than `image_kilobytes`. `cover_file` also delivers the cover as a picture, for catalogues and
    shops. `pages_of` names the PDF channel that prints the same editions: each chapter then gives
    the printed page on which it begins, and readers can go to a page by its number.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.EDITION, Scope.ARTICLE)
    templates: ClassVar[str | None] = "epub"
    amends: ClassVar[bool] = True
    scope: Scope = Scope.EDITION

    title: Line | None = Field(default=None, min_length=1)
    note: Line = "Editor’s note"
    access: Access = "open"
    fonts: bool = True
    image_width: int = Field(default=1200, ge=320, le=4096)
    image_kilobytes: int = Field(default=400, ge=40)
    cover_file: bool = True
    pages_of: Line = ""

    @model_validator(mode="after")
    def _only_editions_have_pages(self) -> Self:
        if self.pages_of and self.scope is Scope.ARTICLE:
            raise ValueError('pages_of needs scope = "edition"')
        return self

    @property
    def reserved_section(self) -> str:
        """The section of the editor's note; "" if there is none."""
        return self.note if self.scope is Scope.EDITION else ""

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """`<channel>-0001.epub`, or `<slug>.epub` for each article, each with its cover as `.jpg`.

        Raises:
            RenderError: the edition is empty, or a template is missing, raises, or produces XHTML
                that is not well-formed.
        """
        # Imported here because it loads EbookLib and lxml.
        from syndicate.adapters.epub.binding import bind_book

        if not edition.articles:
            raise RenderError("an EPUB needs at least one article")
        for name, issue in self._issues(edition):
            book, cover = bind_book(
                issue,
                kit,
                fonts=self.fonts,
                image_width=self.image_width,
                image_bytes=self.image_kilobytes * 1000,
            )
            yield Artifact(f"{name}.epub", "application/epub+zip", book)
            if self.cover_file:
                yield Artifact(f"{name}.jpg", "image/jpeg", cover)

    def _issues(self, edition: Edition) -> Iterator[tuple[str, BookIssue]]:
        publication = edition.publication
        series = self.title or publication.title
        articles = tuple(map(self._seen, edition.articles))
        if self.scope is Scope.ARTICLE:
            for article in articles:
                yield (
                    article.slug,
                    BookIssue(
                        publication=publication,
                        series=series,
                        identifier=book_identifier(publication, edition.channel, article.id),
                        date=article.updated,
                        language=article.language,
                        direction=article.direction,
                        sections=book_sections((article,)),
                        access=self.access,
                        article=article,
                    ),
                )
            return
        number = edition.number or 1
        note = self._note(articles)
        yield (
            f"{edition.channel}-{number:04}",
            BookIssue(
                publication=publication,
                series=series,
                identifier=book_identifier(publication, edition.channel, str(number)),
                date=edition.date,
                language=publication.language,
                direction=publication.direction,
                sections=book_sections(article for article in articles if article is not note),
                access=self.access,
                number=number,
                note=note,
                pagination=edition.pagination,
                amendments=edition.amendments,
            ),
        )

    def _seen(self, article: Article) -> Article:
        """The part of `article` that readers of this book may see."""
        if self.access == "all" or article.access == "free":
            return article
        return article.model_copy(update={"body": article.open_body})

    def _note(self, articles: tuple[Article, ...]) -> Article | None:
        """The newest editor's note; None if there is no note, or no other article."""
        notes = [article for article in articles if self._is_note(article)]
        if not notes or len(articles) == 1:
            return None
        return max(notes, key=lambda article: article.published)

    def _is_note(self, article: Article) -> bool:
        return folded(article.section or "") == folded(self.note)
