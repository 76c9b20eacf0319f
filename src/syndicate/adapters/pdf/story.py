"""Prepares an article for the page template."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from syndicate.adapters.pdf.composition import (
    Composition,
    compose_print,
    print_column_shares,
    print_heading_levels,
)
from syndicate.adapters.pdf.headline import Headline, fit_headline
from syndicate.adapters.pdf.links import PrintedLink, printed_links, url_as_printed
from syndicate.adapters.pdf.paper import POINTS_A_MM, PaperLayout, PaperSheet
from syndicate.adapters.pdf.pictures import PrintPictures, printed_qr_code
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.kit import Kit, Shown, View
from syndicate.kit.fonts import ARABIC, LATIN

_SIZES: dict[PaperLayout, tuple[float, ...]] = {
    "broadsheet": (48, 38, 30.5, 24.4, 19.5),
    "magazine": (48, 38, 30.5, 24.4, 19.5),
    "report": (30.5, 24.4, 19.5),
}
_LINES = 3
_CHARACTERS_A_MM = 0.72
"""For the text font at its usual size."""


@dataclass(frozen=True)
class PrintedStory:
    """The variables of `story.html.j2` for one article.

    `date` is in the newsroom's time zone, `lead_height` is in points, and `links` are those whose
    addresses are printed at the end.
    """

    article: Article
    view: View
    composition: Composition
    headline: Headline
    words: Mapping[str, str]
    date: datetime
    lead: Shown | None
    lead_height: float
    code: str
    links: tuple[PrintedLink, ...]


@dataclass(frozen=True)
class PrintedStoryBuilder:
    """Prepares the stories of one document; the fields are what all of them share."""

    kit: Kit
    publication: Publication
    pictures: PrintPictures
    layout: PaperLayout
    sheet: PaperSheet
    live: bool
    """Whether links can be followed."""
    printed: bool
    """Whether the addresses of links are printed."""

    @property
    def beside(self) -> bool:
        """Whether dek and byline are set next to the lead picture."""
        return self.layout == "broadsheet" and self.sheet.columns > 1

    @property
    def lead_width(self) -> float:
        """The width in millimetres of the picture at the top of a story."""
        if self.layout == "magazine":
            return self.sheet.width + 10
        if self.layout == "report":
            return self.sheet.measure
        across = max(1, round(self.sheet.columns * 2 / 3))
        return across * (self.sheet.column + self.sheet.gap) - self.sheet.gap

    def story(self, article: Article) -> PrintedStory:
        """`article` as a story, with its pictures loaded and its losses reported."""
        sheet, pictures = self.sheet, self.pictures
        parts = compose_print(article.body, round(sheet.column * _CHARACTERS_A_MM))
        shown = partial(pictures.shown, article)
        lead = shown(article.lead_image, self.lead_width) if article.lead_image else None
        wide = (sheet.measure - sheet.gap) / 2
        levels = print_heading_levels(article.body)
        return PrintedStory(
            article=article,
            view=self.kit.view(
                article,
                picture=lambda figure: shown(figure, sheet.column),
                gallery_picture=lambda figure: shown(figure, wide),
                image=pictures.image,
                level=lambda heading: levels[id(heading)],
                shares=print_column_shares,
                opening=parts.opening,
                last=parts.last,
                place=partial(parts.notes.place, parts.footnotes),
                placed=lambda label: label in parts.notes.placed,
                live=self.live,
                absolute=self.publication.absolute,
                address=url_with_line_breaks,
                host=lambda url: urlsplit(url).hostname or url,
            ),
            composition=parts,
            headline=self._headline(article),
            words=self.kit.words(article.language),
            date=article.published.astimezone(self.publication.zone),
            lead=lead,
            lead_height=pictures.image(lead).height if lead else 0,
            code=self._code(article.url),
            links=printed_links(article, self.publication) if self.printed else (),
        )

    def _headline(self, article: Article) -> Headline:
        face = next(
            face
            for face in (ARABIC if article.direction == "rtl" else LATIN)
            if face.weight == 700 and face.style == "normal"
        )
        measure = self.sheet.measure * POINTS_A_MM
        return fit_headline(article.title, face, measure, _SIZES[self.layout], _LINES)

    def _code(self, url: str) -> str:
        return self.pictures.add(hashlib.sha256(url.encode()).hexdigest(), printed_qr_code(url))


def url_with_line_breaks(url: str) -> Any:
    """`url` as it is printed: without its scheme, with possible line breaks after slashes."""
    return Markup("/\N{ZERO WIDTH SPACE}").join(
        escape(part) for part in url_as_printed(url).split("/")
    )
