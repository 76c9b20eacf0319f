"""The layout of a mail: where each article goes, in HTML and in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urljoin

from markupsafe import Markup
from pydantic import Field

from syndicate.adapters.edition import Edition
from syndicate.adapters.email import plain_text
from syndicate.adapters.email.excerpts import (
    mail_dek,
    mail_lead_image,
    mail_standfirst,
    part_to_mail,
)
from syndicate.adapters.email.mjml import from_mjml
from syndicate.adapters.email.palette import mail_palette
from syndicate.adapters.email.pictures import MailPictures
from syndicate.adapters.email.styles import inline_mail_styles
from syndicate.article import FAQ, Article, Callout, Figure
from syndicate.article.text import shortened
from syndicate.errors import RenderError
from syndicate.kit import Kit, Shown
from syndicate.kit.kit import Syntax
from syndicate.letter.merge import MergeDefault
from syndicate.letter.placeholders import AnySubscriber

Theme = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
THEMES = ("broadsheet", "magazine", "letter")


@dataclass(frozen=True)
class Measure:
    """A theme's widths in CSS pixels: of the lead picture, the text, and the picture of a card.

    `seconds` is the number of articles that a summary shows as cards after the first one; the rest
    are briefs.
    """

    lead: int
    text: int
    card: int
    seconds: int


MEASURES: dict[str, Measure] = {
    "broadsheet": Measure(lead=552, text=552, card=96, seconds=3),
    "magazine": Measure(lead=600, text=552, card=264, seconds=4),
    "letter": Measure(lead=536, text=536, card=96, seconds=3),
}
_ARABIC_FONTS = re.compile(r"(?:Amiri|IBM Plex Sans Arabic), ")
GAP = 24  # CSS pixels between two columns
LOGO = 64  # the height of the logo in CSS pixels
BRIEF = 120  # the length of a brief in characters


@dataclass(frozen=True)
class MailStory:
    """One article as the templates use it.

    `body` is None if the mail contains only the summary; `brief` is the summary in a line or two.
    `lead` is the figure above the text, and `picture` is that figure ready to be shown.
    """

    article: Article
    dek: str
    brief: str
    lead: Figure | None
    picture: Shown | None
    body: str | None


@dataclass(frozen=True)
class Panel:
    """A part of an article that is shown on its own."""

    article: Article
    body: str


@dataclass(frozen=True)
class FrameLinks:
    """The absolute URLs in the header and footer of a mail."""

    archive: str
    unsubscribe: str


@dataclass(frozen=True)
class MailLayout:
    """Renders the HTML and the text of one mail; the first `whole` articles are shown in full."""

    text_template: ClassVar[str] = "edition.txt.j2"

    edition: Edition
    kit: Kit
    pictures: MailPictures
    theme: Theme
    whole: int
    subject: str
    preheader: str
    reason: str | None
    links: FrameLinks

    def html(self, *, archived: bool) -> str:
        """The mail as HTML or, if `archived`, the web page that shows it in a browser."""
        publication = self.edition.publication
        colours = mail_palette(self.kit.asset("brand.css").decode(), publication.accent)
        if publication.direction == "ltr":  # the font list is repeated in a hundred elements
            colours = {name: _ARABIC_FONTS.sub("", value) for name, value in colours.items()}
        template = self._template
        page = self.kit.render(
            template,
            **self._common,
            stories=self._stories,
            **self._panels,
            logo=self._logo,
            archived=archived,
            colours=colours,
        )
        if template.endswith(".mjml.j2"):
            page = from_mjml(page, template)
        return inline_mail_styles(page, self.kit.render(f"{self.theme}.css.j2", **colours))

    def text(self) -> str:
        """The mail as plain text."""
        links: list[str] = []

        def number(url: str) -> int:
            """The number of `url` in the list of links at the end of the text."""
            if url not in links:
                links.append(url)
            return links.index(url) + 1

        shared = {
            "flow": plain_text.flow_plain_text,
            "underline": plain_text.underline_plain_text,
            "grid": plain_text.plain_text_grid,
            "hang": plain_text.HANG,
            "keep": plain_text.KEEP,
            "break_mark": plain_text.BREAK,
            "raised": plain_text.raised_plain_text,
            "lowered": plain_text.lowered_plain_text,
            "columns": plain_text.COLUMNS,
            "link_number": number,
        }
        stories = [self._story(n, "txt", shared) for n, _ in enumerate(self.edition.articles)]
        apart = self._apart("txt", shared)
        return plain_text.wrap_plain_text(
            self.kit.render(
                self.text_template,
                **self._common,
                **shared,
                **apart,
                stories=stories,
                links_found=links,
            )
        )

    @cached_property
    def _template(self) -> str:
        """The theme's page template; a newsroom can write its own, in HTML or MJML."""
        for name in (f"{self.theme}.mjml.j2", f"{self.theme}.html.j2"):
            if any((folder / name).is_file() for folder in self.kit.folders):
                return name
        raise RenderError(
            f"there is no theme {self.theme!r}",
            hint=f"use {', '.join(THEMES)}, or write templates/email/{self.theme}.html.j2 "
            "and .css.j2",
        )

    @cached_property
    def _panels(self) -> dict[str, Any]:
        return self._apart("html", {})

    @property
    def _measure(self) -> Measure:
        return MEASURES.get(self.theme, MEASURES["broadsheet"])

    @cached_property
    def _stories(self) -> list[MailStory]:
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
            "reason": self.reason,
            "archive": self.links.archive,
            "unsubscribe": AnySubscriber().unsubscribe_url.then(
                MergeDefault(self.links.unsubscribe)
            ),
            "seconds": self._measure.seconds,
        }

    def _story(
        self, place: int, syntax: Literal["html", "txt"], variables: dict[str, Any]
    ) -> MailStory:
        article = self.edition.articles[place]
        whole = place < self.whole
        return MailStory(
            article=article,
            dek=mail_standfirst(article) if whole else mail_dek(article),
            brief=shortened(mail_dek(article), BRIEF),
            lead=mail_lead_image(article),
            picture=self._lead(place) if syntax == "html" else None,
            body=self._body(article, syntax, variables) if whole else None,
        )

    def _lead(self, place: int) -> Shown | None:
        """The lead picture of the article at `place`, in the size that is used there."""
        article = self.edition.articles[place]
        figure = mail_lead_image(article)
        if figure is None or place > max(self.whole - 1, self._measure.seconds):
            return None
        width = self._measure.lead if place < self.whole else self._measure.card
        return self.pictures.show(article, figure, width)

    def _apart(self, syntax: Syntax, variables: dict[str, Any]) -> dict[str, Any]:
        """The parts shown on their own: a callout and a question from articles that the mail only
        summarises, and corrections of articles from earlier editions."""
        summarised = self.edition.articles[self.whole :]

        def panel(wanted: type[Callout] | type[FAQ]) -> Panel | None:
            for article in summarised:
                for block in part_to_mail(article).body:
                    if isinstance(block, wanted):
                        excerpt = (
                            block.model_copy(update={"pairs": block.pairs[:1]})
                            if isinstance(block, FAQ)
                            else block
                        )
                        alone = article.model_copy(update={"body": (excerpt,), "access": "free"})
                        return Panel(article, self._body(alone, syntax, variables))
            return None

        return {
            "fact": panel(Callout),
            "question": panel(FAQ),
            "amendments": self.edition.amendments,
        }

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
            part_to_mail(article),
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
