"""PDF: an article or an edition, for the press (PDF/X-4), the screen or an office printer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition, Pagination
from syndicate.adapters.pdf.document import Design, lay_out_print
from syndicate.adapters.pdf.finish import PressFinish, finish_pdf
from syndicate.adapters.pdf.pagination import pdf_pagination
from syndicate.adapters.pdf.paper import (
    PaperLayout,
    PaperSheet,
    paper_margins,
    paper_millimetres,
    paper_sheet,
    paper_size,
)
from syndicate.adapters.pdf.preflight import Expected, preflight
from syndicate.adapters.pdf.press import PressCondition
from syndicate.adapters.pdf.typeset import PrintStyle, Profile, typeset_pdf
from syndicate.article import Article
from syndicate.findings import Finding
from syndicate.kit import Kit

_MOST_BLEED = 10.0


def _paper(paper: str) -> str:
    paper_size(paper)
    return paper


def _margins(margins: str) -> str:
    paper_margins(margins)
    return margins


def _bleed(bleed: str) -> str:
    if paper_millimetres(bleed) > _MOST_BLEED:
        raise ValueError(f"must be at most {_MOST_BLEED:g}mm")
    return bleed


class PDF(Adapter):
    """Printed pages: `<slug>.pdf` for each article, or one file for a numbered edition.

    `profile` "press" makes PDF/X-4 + PDF/A-2a + PDF/UA-1 in CMYK with `bleed` and `marks`, for
    the printing `condition` that the `icc` profile (a file below `templates/`) describes. No spot
    may have more than `ink_limit` per cent of ink. "screen" makes PDF/A-3a + PDF/UA-1 in sRGB
    with working links; "office" makes the same without areas of colour, for an office printer.

    `layout` is "broadsheet", "magazine" or "report" (the default of "office"). `paper` is the
    trimmed size: A3, A4, A5, B5, Letter, Legal, tabloid, Berliner, or a size such as "210x280mm".
    `columns` and `margins` ("top end bottom start", abbreviated as in CSS) override the layout's.
    `folio` prints page numbers, beginning with `first_page`. `hyphenate` lets words be divided at
    the end of a line. There is a warning for pictures with fewer than `resolution` pixels per inch
    at their printed size.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ARTICLE, Scope.EDITION)
    templates: ClassVar[str | None] = "pdf"
    amends: ClassVar[bool] = True
    headline: ClassVar[int | None] = 120
    picture: ClassVar[int | None] = 1063  # 180 mm at 150 pixels per inch

    profile: Profile = "press"
    layout: PaperLayout | None = None
    paper: Annotated[str, AfterValidator(_paper)] = "A4"
    columns: int | None = Field(default=None, ge=1, le=6)
    margins: Annotated[str, AfterValidator(_margins)] | None = None
    folio: bool = True
    first_page: int = Field(default=1, ge=1)
    hyphenate: bool = True
    bleed: Annotated[str, AfterValidator(_bleed)] = "3mm"
    marks: bool = True
    icc: str = "icc/FOGRA39L_coated.icc"
    condition: str = "FOGRA39"
    ink_limit: int = Field(default=300, ge=100, le=400)
    resolution: int = Field(default=150, ge=0, le=1200)

    @model_validator(mode="after")
    def _page_holds_columns(self) -> Self:
        self._sheet  # noqa: B018 - raises ValueError
        return self

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The PDFs of `edition`.

        Raises:
            RenderError: Pango is missing, a template fails, or the ICC profile is not for CMYK.
        """
        if self.scope is Scope.EDITION:
            yield self._artifact(edition, edition.articles, kit, _issue(edition))
            return
        for article in edition.articles:
            yield self._artifact(edition, (article,), kit, None)

    def inspect(
        self, edition: Edition, artifacts: tuple[Artifact, ...], kit: Kit
    ) -> Iterator[Finding]:
        """Problems in `artifacts` that a printing house or a screen reader would have."""
        press = self.profile == "press"
        expected = Expected(
            press=press,
            bleed=paper_millimetres(self.bleed) if press else 0,
            ink=self.ink_limit,
            resolution=self.resolution,
        )
        single = self.scope is Scope.ARTICLE
        ids = {f"{article.slug}.pdf": article.id for article in edition.articles if single}
        for artifact in artifacts:
            yield from preflight(artifact.content, expected, artifact.name, ids.get(artifact.name))

    def pagination(self, edition: Edition, artifacts: tuple[Artifact, ...]) -> Pagination | None:
        """The page numbers on which the articles of an edition begin; None for single articles."""
        if self.scope is not Scope.EDITION or not self.folio:
            return None
        (printed,) = artifacts
        return pdf_pagination(printed, edition.articles, self.first_page)

    def _artifact(
        self, edition: Edition, articles: tuple[Article, ...], kit: Kit, issue: str | None
    ) -> Artifact:
        press = self._finish(kit) if self.profile == "press" else None
        document = lay_out_print(edition, articles, kit, self.design(press), issue)
        icc = press.condition.icc if press else None
        style = PrintStyle(document.css, document.faces, icc)
        content = typeset_pdf(document.html, style, document.files, document.copyfit)
        content = finish_pdf(content, document.metadata, press, document.openings)
        return Artifact(issue or f"{articles[0].slug}.pdf", "application/pdf", content)

    def _finish(self, kit: Kit) -> PressFinish:
        condition = PressCondition(self.condition, kit.asset(self.icc))
        return PressFinish(paper_millimetres(self.bleed), self.marks, condition)

    def design(self, press: PressFinish | None = None) -> Design:
        """The channel's options in the form that page templates need."""
        return Design(
            profile=self.profile,
            layout=self._layout,
            sheet=self._sheet,
            bleed=press.bleed if press else 0,
            condition=press.condition if press else None,
            ink=self.ink_limit,
            hyphenate=self.hyphenate,
            folio=self.folio,
            first=self.first_page,
        )

    @property
    def _layout(self) -> PaperLayout:
        return self.layout or ("report" if self.profile == "office" else "broadsheet")

    @property
    def _sheet(self) -> PaperSheet:
        return paper_sheet(self.paper, self._layout, self.columns, self.margins)


def _issue(edition: Edition) -> str:
    return f"{edition.channel}-{edition.number or 1:04}.pdf"
