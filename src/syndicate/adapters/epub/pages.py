"""The pages of a book, in the order of its spine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from syndicate.adapters.epub.issue import BookIssue
from syndicate.adapters.epub.links import BookLinks
from syndicate.adapters.epub.media import BookPictures
from syndicate.adapters.epub.notes import ChapterNotes
from syndicate.adapters.epub.outline import BookOutline
from syndicate.adapters.epub.writer import BookPage
from syndicate.article import Article, Correction, Figure, Footnote
from syndicate.article.blocks import Blocks
from syndicate.article.text import reading_minutes
from syndicate.article.values import Direction, direction_of
from syndicate.kit import Kit


@dataclass(frozen=True)
class Chapter:
    """An article with its file name and the number of the printed page that it opens, or ""."""

    file: str
    article: Article
    page: str = ""

    @cached_property
    def minutes(self) -> int:
        """The reading time in minutes."""
        return reading_minutes(self.article.body)


@dataclass(frozen=True)
class BookSection:
    """The chapters of one section; `name` is None for articles without a section."""

    name: str | None
    chapters: tuple[Chapter, ...]

    @property
    def language(self) -> str | None:
        """The language of the section's name; None if its articles are in several languages."""
        languages = {chapter.article.language for chapter in self.chapters}
        return languages.pop() if len(languages) == 1 else None

    @property
    def direction(self) -> Direction | None:
        """The writing direction of `language`."""
        return direction_of(self.language) if self.language else None


@dataclass(frozen=True)
class BookPages:
    """Renders the pages of `issue`.

    Pictures are added to `media`. `dateline` is the number and date in words; `fonts` says whether
    the book embeds fonts.
    """

    issue: BookIssue
    kit: Kit
    media: BookPictures
    dateline: str
    fonts: bool

    @cached_property
    def parts(self) -> tuple[BookSection, ...]:
        """The issue's sections with their chapters, which are numbered across all sections."""
        numbers = iter(range(1, len(self.issue.articles) + 1))
        return tuple(
            BookSection(
                section.name,
                tuple(
                    self._opened(f"chapter-{next(numbers):03}.xhtml", article)
                    for article in section.articles
                ),
            )
            for section in self.issue.sections
        )

    @property
    def note(self) -> Chapter | None:
        """The editor's note."""
        return self._opened("note.xhtml", self.issue.note) if self.issue.note else None

    @property
    def printed(self) -> tuple[Chapter, ...]:
        """The note and chapters that open a printed page, in the order of the book."""
        return tuple(chapter for chapter in self._chapters if chapter.page)

    @property
    def _chapters(self) -> tuple[Chapter, ...]:
        chapters = (chapter for part in self.parts for chapter in part.chapters)
        return (*([self.note] if self.note else []), *chapters)

    def _opened(self, file: str, article: Article) -> Chapter:
        return Chapter(file, article, self._starts.get(article.id, ""))

    @cached_property
    def _starts(self) -> dict[str, str]:
        return dict(self.issue.pagination.starts) if self.issue.pagination else {}

    def spine(self) -> Iterator[BookPage]:
        """Cover, half-title, contents and note (if the book is a digest), chapters, corrections of
        earlier issues, colophon.

        Raises:
            RenderError: a template is missing, raises, or is not well-formed.
        """
        words = self.kit.words(self.issue.language)
        yield self._front("cover", words["cover"])
        if self.issue.article is None:
            yield self._front("halftitle", self.issue.series)
            yield self._front("contents", words["contents"])
        chapters = self._chapters
        links = BookLinks(
            self.issue.publication, {chapter.article.url: chapter.file for chapter in chapters}
        )
        for chapter in chapters:
            yield self._chapter(chapter, links)
        if self.issue.amendments:
            yield self._front("amendments", words["corrections"])
        yield self._front("colophon", words["colophon"])

    def navigation(self) -> BookPage:
        """The navigation document: contents and landmarks (EPUB 3.3 section 7).

        Raises:
            RenderError: as for `spine`.
        """
        words = self.kit.words(self.issue.language)
        return self._front("nav", words["contents"], navigation=True)

    def _front(self, name: str, title: str, *, navigation: bool = False) -> BookPage:
        markup = self._render(name, title, self.issue.language, self.issue.direction)
        return BookPage(f"{name}.xhtml", title, markup, navigation=navigation)

    def _chapter(self, chapter: Chapter, links: BookLinks) -> BookPage:
        article, notes = chapter.article, ChapterNotes(chapter.article, self.kit)
        shown = self.media.of(article)

        def address(url: str) -> str | None:
            found = links.address(article, url)
            if found is None:
                self.kit.lossy(article, "link", f"{url!r} is not an address a book can link to")
            return found

        markup = self._render(
            "note" if article is self.issue.note else "chapter",
            article.title,
            article.language,
            article.direction,
            chapter=chapter,
            article=article,
            web=links.web(article, article.url),
            walled=self.issue.access == "open" and article.access != "free",
            view=self.kit.view(article, picture=shown, address=address, notes=notes),
            **_divided(article),
        )
        return BookPage(chapter.file, article.title, markup)

    def _render(self, name: str, title: str, language: str, direction: str, **more: Any) -> str:
        return self.kit.render(
            f"{name}.xhtml.j2",
            title=title,
            language=language,
            direction=direction,
            words=self.kit.words(language),
            issue=self.issue,
            publication=self.issue.publication,
            zone=self.issue.publication.zone,
            parts=self.parts,
            note=self.note,
            printed=self.printed,
            words_in=self.kit.words,
            dateline=self.dateline,
            fonts=self.fonts,
            **more,
        )


def _divided(article: Article) -> dict[str, Blocks]:
    """The body in printing order: lead picture, text, corrections, footnotes."""
    lead, body = article.lead_image, article.body
    first = body[0] if body else None
    if lead and isinstance(first, Figure) and first.src == lead.src:
        lead, body = first, body[1:]
    return {
        "lead": (lead,) if lead else (),
        "text": BookOutline().of(
            tuple(block for block in body if not isinstance(block, Correction | Footnote))
        ),
        "corrections": article.corrections,
        "footnotes": tuple(block for block in body if isinstance(block, Footnote)),
    }
