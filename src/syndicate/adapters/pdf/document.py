"""A document before typesetting: its HTML, style sheets, fonts and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from syndicate.adapters.edition import Edition
from syndicate.adapters.pdf.colour import press_colours, print_colours
from syndicate.adapters.pdf.font_coverage import boxes_for_missing_glyphs, missing_glyphs
from syndicate.adapters.pdf.metadata import (
    PDFMetadata,
    pdf_metadata_of_article,
    pdf_metadata_of_edition,
)
from syndicate.adapters.pdf.paper import PaperLayout, PaperSheet
from syndicate.adapters.pdf.pictures import PrintPictures
from syndicate.adapters.pdf.press import PressCondition
from syndicate.adapters.pdf.story import PrintedStory, PrintedStoryBuilder, url_with_line_breaks
from syndicate.adapters.pdf.typeset import PROFILE_URL, Copyfit, Profile
from syndicate.article import Article
from syndicate.article.walk import nodes_in
from syndicate.kit import FontFace, Kit
from syndicate.kit.fonts import MONO, font_faces, further_scripts

RESOLUTION: dict[Profile, int] = {"press": 300, "office": 200, "screen": 200}
"""Pixels per inch to which pictures are scaled down."""
_LITTLE = 0.15
"""If the last page of a story is filled to less than this share, the story should be shortened."""


@dataclass(frozen=True)
class Design:
    """The options of a channel's file.

    `bleed` is in millimetres, `condition` is the press's (None for pages in sRGB), `ink` is the
    press's limit in per cent, and `first` is the number of the first page.
    """

    profile: Profile
    layout: PaperLayout
    sheet: PaperSheet
    bleed: float = 0
    condition: PressCondition | None = None
    ink: int = 300
    hyphenate: bool = True
    folio: bool = True
    first: int = 1


@dataclass(frozen=True)
class PrintDocument:
    """The input of the typesetter, and the metadata of the finished file.

    `files` are the pictures by the URLs that `html` uses. `openings` are the first words that
    begin with a drop cap, in reading order. `copyfit` shortens stories that need a little more
    than a page.
    """

    html: str
    css: tuple[str, ...]
    faces: tuple[FontFace, ...]
    files: dict[str, bytes]
    metadata: PDFMetadata
    openings: tuple[str, ...]
    copyfit: Copyfit


def lay_out_print(
    edition: Edition, articles: tuple[Article, ...], kit: Kit, design: Design, issue: str | None
) -> PrintDocument:
    """The document of one article or, if the file name `issue` is given, of a whole edition.

    Raises:
        RenderError: a template or an asset is missing or fails.
    """
    icc = design.condition.icc if design.condition else None
    pictures = PrintPictures(kit, RESOLUTION[design.profile], icc, design.ink)
    builder = PrintedStoryBuilder(
        kit,
        edition.publication,
        pictures,
        design.layout,
        design.sheet,
        live=design.profile != "press",
        printed=design.profile != "screen",
    )
    revised = (one.article for one in edition.amendments) if issue else ()
    fitting = _fonts((*articles, *revised), kit)
    stories = [builder.story(article) for article in articles]
    if issue is None:
        metadata = pdf_metadata_of_article(articles[0], edition.publication)
    else:
        number = f"{kit.words(edition.publication.language)['number']} {edition.number or 1}"
        metadata = pdf_metadata_of_edition(edition, issue, number)
    return PrintDocument(
        html=boxes_for_missing_glyphs(
            _html(edition, stories, builder, metadata, issue is not None), fitting
        ),
        css=_css(edition, articles, builder, design, issue is not None),
        faces=fitting,
        files=pictures.files,
        metadata=metadata,
        openings=tuple(
            opening.initial + opening.rest
            for story in stories
            if (opening := story.composition.opening)
        ),
        copyfit=Copyfit(
            ends={f"end-{article.slug}": article.slug for article in articles},
            height=design.sheet.top + design.sheet.height * _LITTLE,
            tighter="--squeeze: 0.65; --air: 6.25pt; --close: 10pt; --track: -0.01em",
        ),
    )


def _html(
    edition: Edition,
    stories: list[PrintedStory],
    builder: PrintedStoryBuilder,
    metadata: PDFMetadata,
    collected: bool,
) -> str:
    publication = edition.publication
    return builder.kit.render(
        "document.html.j2",
        title=metadata.title,
        language=metadata.language,
        direction=publication.direction if collected else stories[0].article.direction,
        publication=publication,
        layout=builder.layout,
        beside=builder.beside,
        cover=collected and bool(stories),
        stories=stories,
        number=edition.number,
        date=edition.date.astimezone(publication.zone),
        words=builder.kit.words(metadata.language),
        amendments=edition.amendments if collected else (),
        live=builder.live,
        address=url_with_line_breaks,
        dot=Markup('<span class="dot"> · </span>'),
    )


def _css(
    edition: Edition,
    articles: tuple[Article, ...],
    builder: PrintedStoryBuilder,
    design: Design,
    collected: bool,
) -> tuple[str, ...]:
    """The style sheets.

    They are the same for all documents of a channel with the same reading direction, so that they
    are parsed only once.
    """
    kit, publication = builder.kit, edition.publication
    colours = print_colours(kit.asset("brand.css"), publication.accent)
    if design.profile == "office":
        colours |= {"accent": colours["ink"], "tint": colours["paper"]}
    page = kit.render(
        "page.css.j2",
        colours=press_colours(colours, design.condition.icc) if design.condition else colours,
        direction=publication.direction if collected else articles[0].direction,
        sheet=builder.sheet,
        lead_width=builder.lead_width,
        bleed=design.bleed,
        press=design.condition is not None,
        profile_url=PROFILE_URL,
        layout=design.layout,
        beside=builder.beside,
        hyphenate=design.hyphenate,
        folio=design.folio,
        first=design.first,
    )
    names = ["base.css", f"{design.layout}.css"]
    if design.profile == "office":
        names.append("office.css")
    return (*(kit.asset(name).decode() for name in names), page)


def _fonts(articles: tuple[Article, ...], kit: Kit) -> tuple[FontFace, ...]:
    """The fonts to set `articles` in; characters that none of them has are reported as lost."""
    texts = [article.model_dump_json() for article in articles]
    mono = MONO if any('"type":"code"' in text for text in texts) else ()
    scripts = further_scripts(texts)
    further = dict.fromkeys(script.face for script in scripts if script.face.installed)
    fitting = (*font_faces(texts), *mono, *further)
    for article in articles:
        text = "\n".join(_texts(article))
        lacking = missing_glyphs(text, fitting)
        for script in further_scripts([text]):
            if not script.face.installed:
                reason = (
                    f"no font for {script.name} is installed; run: pip install {script.package}"
                )
                kit.lossy(article, "text", reason)
                lacking -= frozenset(c for c in lacking if further_scripts([c]))
        if lacking:
            kit.lossy(article, "text", f"no font has {' '.join(sorted(lacking))}")
    return fitting


def _texts(article: Article) -> Iterator[str]:
    """The texts of `article` that are printed unchanged."""
    yield from (article.title, article.subtitle or "")
    for node in nodes_in(article.body):
        for name in ("text", "label", "title"):
            if isinstance(text := getattr(node, name, None), str):
                yield text
