"""An edition laid out: which article stands where, as HTML and as a letter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urljoin

from markupsafe import Markup

from syndicate.adapters.contract import Edition
from syndicate.adapters.mail import letter
from syndicate.adapters.mail.palette import palette
from syndicate.adapters.mail.pictures import Pictures
from syndicate.adapters.mail.styles import inline
from syndicate.article import Article, Figure, Paywall
from syndicate.article.text import excerpt
from syndicate.kit import Kit, Shown
from syndicate.kit.kit import Syntax

Theme = Literal["broadsheet", "magazine", "letter"]


@dataclass(frozen=True)
class Measure:
    """A theme's widths in CSS pixels: its lead picture, its text, the picture of a card.

    `seconds` is how many articles a summary shows as cards after its first; the rest are briefs.
    """

    lead: int
    text: int
    card: int
    seconds: int


MEASURES: dict[Theme, Measure] = {
    "broadsheet": Measure(lead=552, text=552, card=96, seconds=3),
    "magazine": Measure(lead=600, text=552, card=264, seconds=4),
    "letter": Measure(lead=536, text=536, card=96, seconds=3),
}
GAP = 24  # CSS pixels between two columns
LOGO = 64  # CSS pixels: its height


@dataclass(frozen=True)
class Story:
    """One article as the templates place it; `body` is None where only its summary stands."""

    article: Article
    anchor: str
    dek: str
    picture: Shown | None
    body: str | None


@dataclass(frozen=True)
class Links:
    """The absolute URLs that frame a mail."""

    archive: str
    unsubscribe: str


@dataclass(frozen=True)
class Layout:
    """The pages of one mail; the first `whole` articles stand in full."""

    edition: Edition
    kit: Kit
    pictures: Pictures
    theme: Theme
    whole: int
    subject: str
    preheader: str
    links: Links

    def html(self, *, archived: bool) -> str:
        """The mail, or if `archived` the web page that stands for it in a browser."""
        colours = palette(self.kit.asset("brand.css").decode(), self.edition.publication.accent)
        page = self.kit.render(
            f"{self.theme}.html.j2",
            **self._common,
            stories=self._stories,
            logo=self._logo,
            archived=archived,
            colours=colours,
        )
        return inline(page, self.kit.render(f"{self.theme}.css.j2", **colours))

    def text(self) -> str:
        """The mail as a letter."""
        links: list[str] = []

        def number(url: str) -> int:
            """The number under which `url` stands in the list at the letter's end."""
            if url not in links:
                links.append(url)
            return links.index(url) + 1

        shared = {
            "flow": letter.flow,
            "underline": letter.underline,
            "grid": letter.grid,
            "hang": letter.HANG,
            "keep": letter.KEEP,
            "break_mark": letter.BREAK,
            "columns": letter.COLUMNS,
            "link_number": number,
        }
        stories = [self._story(n, "txt", shared) for n, _ in enumerate(self.edition.articles)]
        return letter.wrap(
            self.kit.render(
                "edition.txt.j2", **self._common, **shared, stories=stories, links_found=links
            )
        )

    @property
    def _measure(self) -> Measure:
        return MEASURES[self.theme]

    @cached_property
    def _stories(self) -> list[Story]:
        return [self._story(n, "html", {}) for n, _ in enumerate(self.edition.articles)]

    @cached_property
    def _common(self) -> dict[str, Any]:
        publication = self.edition.publication
        return {
            "edition": self.edition,
            "publication": publication,
            "date": self.edition.date.astimezone(publication.zone),
            "words": self.kit.words(publication.language),
            "subject": self.subject,
            "preheader": self.preheader,
            "links": self.links,
            "seconds": self._measure.seconds,
        }

    def _story(
        self, place: int, syntax: Literal["html", "txt"], variables: dict[str, Any]
    ) -> Story:
        article = self.edition.articles[place]
        whole = place < self.whole
        return Story(
            article=article,
            anchor=f"a{place + 1}",
            dek=standfirst(article) if whole else dek(article),
            picture=self._lead(place) if syntax == "html" else None,
            body=self._body(article, syntax, variables) if whole else None,
        )

    def _lead(self, place: int) -> Shown | None:
        """The lead picture of the article at `place`, in the size in which it stands there."""
        article = self.edition.articles[place]
        figure = lead_image(article)
        if figure is None or place > max(self.whole - 1, self._measure.seconds):
            return None
        width = self._measure.lead if place < self.whole else self._measure.card
        return self.pictures.show(article, figure, width)

    def _body(self, article: Article, syntax: Syntax, variables: dict[str, Any]) -> str:
        def picture(figure: Figure) -> Shown | None:
            return self.pictures.show(article, figure, self._measure.text)

        def half(figure: Figure) -> Shown | None:
            return self.pictures.show(article, figure, column - GAP // 2)

        def absolute(url: str) -> str:
            return urljoin(article.url if url.startswith("#") else base, url)

        base = self.edition.publication.base_url
        column = self._measure.text // 2
        body = self.kit.body(
            for_everyone(article),
            syntax,
            picture=picture,
            half=half,
            column=column,
            absolute=absolute,
            deeper=int(len(self.edition.articles) > 1),
            read_on=article.url,
            **variables,
        )
        return Markup(body) if syntax == "html" else body  # noqa: S704 - the macros escape

    @cached_property
    def _logo(self) -> Shown | None:
        publication = self.edition.publication
        if not publication.logo:
            return None
        figure = Figure(src=publication.logo, alt=publication.title)
        return self.pictures.show(
            self.edition.articles[0], figure, self._measure.text, tallest=LOGO
        )


def lead_image(article: Article) -> Figure | None:
    """The picture above the text, unless the text itself begins with it."""
    first = article.body[0] if article.body else None
    shown = article.lead_image
    return None if shown and isinstance(first, Figure) and first.src == shown.src else shown


def dek(article: Article) -> str:
    """What stands under a headline or in its place: subtitle, summary, or the opening words."""
    return article.subtitle or article.summary or excerpt(article.body, 180)


def standfirst(article: Article) -> str:
    """What stands between headline and text, unless the text begins with the same words."""
    if article.subtitle:
        return article.subtitle
    summary = article.summary or ""
    opening = summary.rstrip(" .…")[:80]
    return "" if excerpt(article.body).startswith(opening) else summary


def for_everyone(article: Article) -> Article:
    """`article` as anybody may read it: a mail goes to people whose access nobody checks."""
    if article.access == "free":
        return article
    return article.model_copy(update={"body": (*article.open_body, Paywall())})
