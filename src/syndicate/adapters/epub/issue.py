"""The issue: the content of one EPUB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from syndicate.adapters.edition import Amendment, Pagination
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.values import Direction

Access = Literal["open", "all"]


@dataclass(frozen=True)
class Section:
    """The articles of one section; `name` is None for articles without a section."""

    name: str | None
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class BookIssue:
    """One book: a numbered digest, or a single `article`.

    `series` is the name on the cover, `identifier` a URN, `date` the time of the newest change,
    `language` a BCP 47 tag, and `note` the editor's note, which is in no section. If `access` is
    "open", articles for members end at their paywall marker. `pagination` is that of the printed
    edition, if there is one. `amendments` are what was corrected or withdrawn of earlier ones.
    """

    publication: Publication
    series: str
    identifier: str
    date: datetime
    language: str
    direction: Direction
    sections: tuple[Section, ...]
    access: Access = "open"
    number: int | None = None
    note: Article | None = None
    article: Article | None = None
    pagination: Pagination | None = None
    amendments: tuple[Amendment, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles except the editor's note, in the order of the book."""
        return tuple(article for section in self.sections for article in section.articles)


def book_identifier(publication: Publication, channel: str, unit: str) -> str:
    """The URN of the book that `channel` makes from `unit`, an article's id or edition's number.

    It does not change when the book is corrected.
    """
    return uuid5(NAMESPACE_URL, "\n".join((publication.base_url, channel, unit))).urn


def book_sections(articles: Iterable[Article]) -> tuple[Section, ...]:
    """`articles` grouped by section, in the order in which sections and articles first occur.

    The spine has the same order, since EPUB 3.3 section 7.4.2 requires contents and spine to agree.
    """
    found: dict[str | None, list[Article]] = {}
    for article in articles:
        found.setdefault(article.section, []).append(article)
    return tuple(Section(name, tuple(members)) for name, members in found.items())
