"""EPUB: a digest of an edition, or one small book an article, on EbookLib (EPUB 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from uuid import NAMESPACE_URL, uuid5

from pydantic import Field

from syndicate.adapters.book.issue import Issue, in_sections
from syndicate.adapters.contract import Adapter, Artifact, Edition, Scope
from syndicate.article.values import Line
from syndicate.errors import RenderError
from syndicate.kit import Kit


class EPUB(Adapter):
    """An EPUB 3.3 book that meets EPUB Accessibility 1.1 as far as its articles do.

    `title` stands on the cover (default: the publication's), `fonts` embeds the faces that the
    book is set in, `image_width` is the most a picture may measure across, in pixels. A book
    carries its articles whole: what stands behind the paywall marker is in it.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.EDITION, Scope.ARTICLE)
    templates: ClassVar[str | None] = "epub"
    scope: Scope = Scope.EDITION

    title: Line | None = Field(default=None, min_length=1)
    fonts: bool = True
    image_width: int = Field(default=1200, ge=320, le=4096)

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """`<channel>-0001.epub`, or `<slug>.epub` for each article.

        Raises:
            RenderError: the edition is empty, or a template is missing, raises, or gives what is
                not well-formed XHTML.
        """
        # Here and not above: it loads EbookLib and lxml.
        from syndicate.adapters.book.binding import bind

        if not edition.articles:
            raise RenderError("an EPUB needs at least one article")
        for name, issue in self._issues(edition):
            content = bind(issue, kit, fonts=self.fonts, image_width=self.image_width)
            yield Artifact(name, "application/epub+zip", content)

    def _issues(self, edition: Edition) -> Iterator[tuple[str, Issue]]:
        publication = edition.publication
        series = self.title or publication.title
        if self.scope is Scope.ARTICLE:
            for article in edition.articles:
                yield (
                    f"{article.slug}.epub",
                    Issue(
                        publication=publication,
                        series=series,
                        identifier=_identifier(publication.base_url, edition.channel, article.id),
                        date=article.updated,
                        language=article.language,
                        direction=article.direction,
                        sections=in_sections((article,)),
                        article=article,
                    ),
                )
            return
        number = edition.number or 1
        yield (
            f"{edition.channel}-{number:04}.epub",
            Issue(
                publication=publication,
                series=series,
                identifier=_identifier(publication.base_url, edition.channel, str(number)),
                date=edition.date,
                language=publication.language,
                direction=publication.direction,
                sections=in_sections(edition.articles),
                number=number,
            ),
        )


def _identifier(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn
