"""Books for the tests of this folder: the kit, editions, and difficult articles."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from lxml import etree
from PIL import Image

from syndicate.adapters.edition import Edition, Pagination
from syndicate.adapters.epub.adapter import EPUB
from syndicate.article import (
    Article,
    Contributor,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Link,
    Paragraph,
    PullQuote,
    Quote,
    Related,
    RelatedLink,
    Span,
    Table,
    Text,
)
from syndicate.article.publication import Publication
from syndicate.kit import Kit
from syndicate.readers import Source, read
from tests.articles import NOON, PUBLICATION, article, para, words
from tests.missing import SAMPLE

TEMPLATES = Path(__file__).parents[3] / "templates"
CONTENT = TEMPLATES.parent / "content"
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
ARABIC = Publication(
    title="صحيفة المرفأ",
    base_url="https://gazette.example.org/",
    language="ar",
    description="أخبار الواجهة البحرية",
)


IMPORTED = """---
title: "SVG <svg onload=alert(1)> & MathML 🌊"
---
Text <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math> and
<svg viewBox="0 0 1 1"><script>alert(1)</script></svg> \x07control\x1f

<div><p>unclosed <b>bold <i>crossed</b> italics</i><table><tr><td>cell<tr><td>two</table>

![remote](https://elsewhere.example/x.png) ![svg](drawing.svg) <img src=huge.jpg alt=Big>
"""


def kit(content: Path = Path("no-content-here")) -> Kit:
    """A new kit with the packaged templates and the pictures in `content`."""
    return Kit((TEMPLATES / "epub", TEMPLATES), content)


def edition(
    *articles: Article, number: int | None = 12, publication: Publication = PUBLICATION
) -> Edition:
    """A numbered edition of the channel "weekly"."""
    url = publication.absolute("weekly/")
    return Edition(publication, "weekly", url, articles, NOON, number)


def book(
    *articles: Article,
    content: Path | None = None,
    number: int | None = 12,
    publication: Publication = PUBLICATION,
    **options: object,
) -> ZipFile:
    """The opened EPUB of `articles`; `options` are the adapter's, by default without fonts."""
    adapter = EPUB.model_validate({"fonts": False, **options})
    issue = edition(*articles, number=number, publication=publication)
    return ZipFile(io.BytesIO(bound(adapter, issue, kit(content) if content else kit())))


def bound(adapter: EPUB, issue: Edition, with_kit: Kit) -> bytes:
    """The first book that `adapter` makes from `issue`."""
    return next(iter(adapter.render(issue, with_kit))).content


def page(opened: ZipFile, name: str = "chapter-001.xhtml") -> etree._Element:
    """A parsed content document of a book."""
    return etree.fromstring(opened.read(f"EPUB/{name}"))


def element_text(element: etree._Element) -> str:
    """The text of `element`, with white space collapsed."""
    return " ".join("".join(map(str, element.itertext())).split())


def picture(folder: Path, name: str, size: tuple[int, int] = (1600, 1000)) -> str:
    """Draw a picture of `size` pixels in `folder` and return its name."""
    Image.linear_gradient("L").resize(size).convert("RGB").save(folder / name)
    return name


def printed(issue: Edition) -> Edition:
    """`issue` with a printed edition that has an article on every other page."""
    starts = tuple((one.id, str(number)) for number, one in enumerate(issue.articles, 3))
    return replace(issue, pagination=Pagination("The Gazette on paper", starts[::2]))


def arabic() -> Article:
    """An article set right to left, with a passage set left to right."""
    return article(
        "abbara",
        url="https://gazette.example.org/abbara/",
        title="العبّارة الليلية تعود إلى الميناء",
        subtitle="رحلة أولى بعد ستة أسابيع من الانتظار",
        section="المدينة",
        language="ar",
        contributors=(Contributor(name="ليلى حداد"), Contributor(name="سمير نور")),
        body=(
            Paragraph(
                content=(
                    Text(text="عادت العبّارة الليلية إلى العمل"),
                    FootnoteReference(label="1"),
                    Text(text="، وقالت شركة "),
                    Span(language="en", direction="ltr", content=words("Harbour Lines (2026)")),
                    Text(text=" إن البحر هادئ."),
                )
            ),
            PullQuote(content=words("البحر لا يقرأ جداولنا.")),
            Footnote(label="1", blocks=(para("حديث مع الصحيفة."),)),
        ),
    )


def imported() -> Article:
    """An article read from a source full of markup that articles do not support."""
    (reading,) = read(Source(PurePosixPath("imported.md"), IMPORTED.encode(), NOON, PUBLICATION))
    return reading.article


def samples() -> tuple[Article, ...]:
    """The articles of the starter newsroom, and a real one if it is next to this checkout."""
    paths = sorted(path for path in CONTENT.iterdir() if path.is_file())
    found = [*paths, *([SAMPLE] if SAMPLE.is_file() else [])]
    return tuple(
        reading.article
        for path in found
        for reading in read(Source(PurePosixPath(path.name), path.read_bytes(), NOON, PUBLICATION))
    )


def hostile(content: Path | None = None) -> tuple[Article, ...]:
    """Articles with what newsrooms send by accident, and attackers on purpose.

    If `content` is a folder, it gets the pictures that they show: one of 10 MB, and one file that
    is not a picture.
    """
    if content:
        noise = Image.effect_noise((4000, 2800), 80).convert("RGB")
        noise.save(content / "huge.jpg", quality=95)
        (content / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    def at(slug: str, **fields: object) -> Article:
        return article(slug, **{"url": f"https://gazette.example.org/{slug}/", **fields})

    references = tuple(
        Paragraph(content=(*words(f"Claim {n}"), FootnoteReference(label=f"n{n}")))
        for n in range(200)
    )
    notes = tuple(Footnote(label=f"n{n}", blocks=(para(f"Source {n}"),)) for n in range(200))
    addresses = (
        "https://gazette.example.org/a page with spaces/?q=one two",
        'https://gazette.example.org/"><script>alert(1)</script>',
        "https://gazette.example.org/{a}|b^c`d\\e[f]",
        "https://gazette.example.org/100%/50%zz#a#b",
        "https://münchen.example/straße?ü=ß#é",
        "http://bad host.example/",
        "https://",
        "http:relative",
        "//other.example.org/x",
        "/locks/",
        "?page=2",
        "#section",
        "mailto:",
        "mailto:desk@gazette.example.org?subject=a b",
        "tel:+49 30 1234",
        "https://gazette.example.org:99999/",
        "",
    )
    return (
        imported(),
        at(
            "namesakes",
            title="Emoji 🌊👩‍👩‍👧‍👦 & <tags> ]]> in the title",
            subtitle="{{ 7 * 7 }} {% raise %} ]]>",
            section="City & <Port>",
            contributors=(
                Contributor(name="Kim Lee"),
                Contributor(name="Kim Lee", email="k@x.org"),
            ),
            body=(para("]]> <script>alert(1)</script> \x00\x0b\ufffe control \u202eevil\u202c"),),
        ),
        at(
            "pictures",
            lead_image=Figure(src="https://gazette.example.org/a b.png", alt='Say "cheese" <b>'),
            body=(
                Figure(src="missing.png"),
                Figure(src="missing.png", alt=""),
                Figure(src="../../etc/passwd", alt="Outside", credit="Nobody"),
                Figure(src="http://bad host.example/x.png"),
                Figure(src="huge.jpg", alt="Noise"),
                Figure(src="drawing.svg", alt="A drawing"),
            ),
        ),
        at("footnotes", body=(*references, *notes)),
        at("empty", body=(), contributors=()),
        at("long", title="Tide " * 400, body=(Heading(content=()), Heading(content=()))),
        at(
            "headings",
            body=(
                Heading(level=4, content=words("Same")),
                Heading(level=2, content=words("Same")),
                Table(rows=((words("a"), ()),), caption=words("No header")),
                Table(rows=()),
            ),
        ),
        at(
            "links",
            body=(
                *(Paragraph(content=(Link(url=u, content=words("here")),)) for u in addresses),
                Related(links=(RelatedLink(url="https://gazette.example.org/empty/", title="E"),)),
                Quote(blocks=(para("Said."),), cite=words("She"), url="http://bad host.example/"),
            ),
        ),
        at(
            "notes",
            body=(
                Footnote(label="twice", blocks=(para("Referred to twice."),)),
                Paragraph(content=(FootnoteReference(label="twice"),)),
                Paragraph(content=(FootnoteReference(label="twice"),)),
                Paragraph(content=(FootnoteReference(label="nowhere"),)),
                Footnote(label="unread", blocks=(para("Nobody refers to me."),)),
                Footnote(label="twice", blocks=(para("The same label again."),)),
                Quote(blocks=(Footnote(label="nested", blocks=(para("Inside a quote."),)),)),
            ),
        ),
    )
