"""PDF: a story or an edition, for the press (PDF/X-4) or the screen (PDF/A-3a, PDF/UA-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from markupsafe import Markup
from pydantic import AfterValidator, Field

from syndicate.adapters.contract import Adapter, Artifact, Edition, Scope
from syndicate.adapters.print.colour import brand, for_press
from syndicate.adapters.print.finish import Finish, finish
from syndicate.adapters.print.metadata import Metadata
from syndicate.adapters.print.paper import Layout, Paper, sheet
from syndicate.adapters.print.pictures import Pictures
from syndicate.adapters.print.preflight import preflight
from syndicate.adapters.print.story import Desk, Story, address
from syndicate.adapters.print.typeset import PROFILE_URL, Profile, typeset
from syndicate.article import Article
from syndicate.errors import RenderError
from syndicate.kit import Face, Kit
from syndicate.kit.faces import MONO, faces, uncovered_scripts

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)mm")
_PACKAGES = {"Han": "fonts-noto-cjk", "Japanese": "fonts-noto-cjk", "Korean": "fonts-noto-cjk"}


def _bleed(length: str) -> str:
    found = _LENGTH.fullmatch(length)
    if not found or float(found[1]) > 10:
        raise ValueError('must be a length of up to 10 mm such as "3mm"')
    return length


class PDF(Adapter):
    """Printed pages: `<slug>.pdf` for each article or one file for a numbered edition.

    `profile` "press" makes PDF/X-4 + PDF/A-2a + PDF/UA-1 in CMYK with `bleed` and `marks`;
    "screen" makes PDF/A-3a + PDF/UA-1 in sRGB with live links. `columns` overrides the layout's.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ARTICLE, Scope.EDITION)
    templates: ClassVar[str | None] = "pdf"

    paper: Paper = "A4"
    profile: Profile = "press"
    layout: Layout = "broadsheet"
    columns: int | None = Field(default=None, ge=1, le=6)
    bleed: Annotated[str, AfterValidator(_bleed)] = "3mm"
    marks: bool = True
    hyphenate: bool = True

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The PDFs of `edition`; each has passed `preflight`.

        Raises:
            RenderError: Pango is missing, a template fails, or a page is not fit for its profile.
        """
        if self.scope is Scope.EDITION:
            name = f"{edition.channel}-{edition.number or 1:04}.pdf"
            yield Artifact(name, "application/pdf", self._pdf(edition, edition.articles, kit))
            return
        for article in edition.articles:
            yield Artifact(
                f"{article.slug}.pdf", "application/pdf", self._pdf(edition, (article,), kit)
            )

    def _pdf(self, edition: Edition, articles: tuple[Article, ...], kit: Kit) -> bytes:
        press = self.profile == "press"
        icc = kit.asset("icc/FOGRA39L_coated.icc")
        pictures = Pictures(kit, icc if press else None)
        desk = Desk(
            kit,
            edition.publication,
            pictures,
            self.layout,
            sheet(self.paper, self.layout, self.columns),
            live=not press,
        )
        for article in articles:
            _report(article, kit, press)
        stories = [desk.story(article) for article in articles]
        metadata = self._metadata(edition, articles, kit)
        content = typeset(
            self._html(edition, stories, desk, metadata),
            self._css(edition, articles, desk, icc),
            _faces(articles),
            pictures.files,
            self.profile,
            icc,
        )
        how = Finish(self.profile, self._millimetres, self.marks, icc)
        openings = tuple(
            opening.initial + opening.rest
            for story in stories
            if (opening := story.composition.opening)
        )
        content = finish(content, metadata, how, openings)
        try:
            preflight(content, self.profile, self._millimetres)
        except RenderError as error:
            raise RenderError(f"{metadata.title!r}: {error.message}", hint=error.hint) from error
        return content

    @property
    def _millimetres(self) -> float:
        """The bleed; on a screen nothing is trimmed."""
        return float(self.bleed.removesuffix("mm")) if self.profile == "press" else 0

    def _html(self, edition: Edition, stories: list[Story], desk: Desk, metadata: Metadata) -> str:
        first = stories[0].article if stories else None
        publication = edition.publication
        single = self.scope is Scope.ARTICLE and first
        return desk.kit.render(
            "document.html.j2",
            title=metadata.title,
            language=metadata.language,
            direction=first.direction if single and first else publication.direction,
            publication=publication,
            layout=self.layout,
            beside=desk.beside,
            cover=self.scope is Scope.EDITION and bool(stories),
            stories=stories,
            number=edition.number,
            date=edition.date.astimezone(publication.zone),
            words=desk.kit.words(metadata.language),
            live=desk.live,
            address=address,
            dot=Markup('<span class="dot"> · </span>'),
        )

    def _css(
        self, edition: Edition, articles: tuple[Article, ...], desk: Desk, icc: bytes
    ) -> tuple[str, ...]:
        kit, publication = desk.kit, edition.publication
        single = self.scope is Scope.ARTICLE and len(articles) == 1
        colours = brand(kit.asset("brand.css"), publication.accent)
        press = self.profile == "press"
        page = kit.render(
            "page.css.j2",
            colours=for_press(colours, icc) if press else colours,
            direction=articles[0].direction if single else publication.direction,
            sheet=desk.sheet,
            lead_width=desk.lead_width,
            bleed=self._millimetres,
            press=press,
            profile_url=PROFILE_URL,
            layout=self.layout,
            beside=desk.beside,
            hyphenate=self.hyphenate,
        )
        sheets = ("base.css", f"{self.layout}.css")
        return (*(kit.asset(name).decode() for name in sheets), page)

    def _metadata(self, edition: Edition, articles: tuple[Article, ...], kit: Kit) -> Metadata:
        publication = edition.publication
        if self.scope is Scope.ARTICLE:
            article = articles[0]
            return Metadata(
                identity=article.id,
                title=article.title,
                language=article.language,
                created=article.published,
                modified=article.updated,
                authors=tuple(author.name for author in article.authors),
                description=article.summary or article.subtitle or "",
                keywords=tuple(tag.name for tag in article.tags),
                rights=article.credit.copyright_notice or publication.copyright or "",
            )
        number = f", {kit.words(publication.language)['number']} {edition.number or 1}"
        return Metadata(
            identity=edition.url_of(f"{edition.channel}-{edition.number or 1:04}.pdf"),
            title=publication.title + number,
            language=publication.language,
            created=edition.date,
            modified=max((article.updated for article in articles), default=edition.date),
            authors=(publication.publisher or publication.title,),
            description=publication.description or "",
            rights=publication.copyright or "",
        )


def _faces(articles: tuple[Article, ...]) -> tuple[Face, ...]:
    texts = [article.model_dump_json() for article in articles]
    mono = MONO if any('"type":"code"' in text for text in texts) else ()
    return faces(texts) + mono


def _report(article: Article, kit: Kit, press: bool) -> None:
    """What paper cannot carry."""
    text = article.model_dump_json()
    for script in uncovered_scripts([text]):
        package = _PACKAGES.get(script, "fonts-noto-core")
        kit.lossy(
            article, "text", f"no face for {script} script comes with Syndicate; see {package}"
        )
    if press and '"type":"link"' in text:
        kit.lossy(article, "link", "links are printed without their addresses")
