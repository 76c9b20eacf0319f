"""The EPUB as readers see it: pages, notes, languages, fonts, metadata, and stable bytes."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from syndicate.adapters.contract import Scope
from syndicate.adapters.epub.adapter import EPUB
from syndicate.article import (
    Contributor,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Link,
    List,
    ListItem,
    Paragraph,
    Paywall,
    Quote,
    Table,
)
from syndicate.errors import RenderError
from syndicate.kit import Kit
from tests import waiting
from tests.adapters.epub.books import (
    ARABIC,
    OPS,
    TEMPLATES,
    XHTML,
    arabic,
    book,
    edition,
    element_text,
    kit,
    page,
    picture,
)
from tests.articles import article, every_block, para, words

ROOT = Path(__file__).parents[3]
OPF = "{http://www.idpf.org/2007/opf}"
SPINE = ("cover", "halftitle", "contents", "chapter-001", "colophon")


def metas(package: etree._Element) -> dict[str, list[str]]:
    """The `meta` properties of a package."""
    found: dict[str, list[str]] = {}
    for meta in package.iter(f"{OPF}meta"):
        found.setdefault(meta.get("property", ""), []).append(meta.text or "")
    return found


def elements(root: etree._Element, role: str) -> Iterator[etree._Element]:
    """The elements of `root` with a DPUB-ARIA `role`."""
    return (element for element in root.iter() if element.get("role") == role)


def test_an_edition_is_one_numbered_book() -> None:
    made = EPUB(fonts=False).render(edition(article(), number=7), kit())
    assert [(artifact.name, artifact.media_type) for artifact in made] == [
        ("weekly-0007.epub", "application/epub+zip"),
        ("weekly-0007.jpg", "image/jpeg"),
    ]
    package = page(book(article()), "content.opf")
    assert tuple(item.get("idref") for item in package.iter(f"{OPF}itemref")) == SPINE
    found = metas(package)
    assert found["belongs-to-collection"] == ["The Harbour Gazette"]
    assert found["group-position"] == ["12"]
    assert found["dcterms:modified"] == ["2026-10-05T12:00:00Z"]


def test_the_book_of_an_article_is_named_after_its_slug() -> None:
    adapter = EPUB(scope=Scope.ARTICLE, fonts=False, cover_file=False)
    made = tuple(adapter.render(edition(article("one"), article("two"), number=None), kit()))
    assert [artifact.name for artifact in made] == ["one.epub", "two.epub"]
    opened = book(article("one"), scope="article")
    package = page(opened, "content.opf")
    creators = [e.text for e in package.iter("{http://purl.org/dc/elements/1.1/}creator")]
    assert creators == ["Ines Okafor"]
    assert "EPUB/contents.xhtml" not in opened.namelist()


def test_an_empty_edition_is_refused() -> None:
    with pytest.raises(RenderError, match="at least one article"):
        list(EPUB().render(edition(), kit()))


def test_the_identifier_depends_only_on_the_issue() -> None:
    def identifier(title: str, number: int) -> str | None:
        package = page(book(article(title=title), number=number), "content.opf")
        return next(package.iter("{http://purl.org/dc/elements/1.1/}identifier")).text

    assert (identifier("Headline", 1) or "").startswith("urn:uuid:")
    assert identifier("Headline", 1) == identifier("Corrected headline", 1)
    assert identifier("Headline", 1) != identifier("Headline", 2)


def test_sections_stay_together_in_contents_and_spine() -> None:
    opened = book(
        article("a", title="Alpha", section="City", subtitle="The first dek"),
        article("b", title="Beta", section="Sport"),
        article("c", title="Gamma", section="City"),
    )
    contents = page(opened, "contents.xhtml")
    assert [element_text(h) for h in contents.iter(f"{XHTML}h2")] == ["City", "Sport"]
    assert "The first dek" in element_text(contents)
    links = [element_text(a) for a in contents.iter(f"{XHTML}a")]
    titles = [
        element_text(next(page(opened, f"chapter-00{n}.xhtml").iter(f"{XHTML}h1")))
        for n in (1, 2, 3)
    ]
    assert links == titles == ["Alpha", "Gamma", "Beta"]
    assert opened.read("EPUB/toc.ncx").decode().index("Gamma") > 0


def test_a_chapter_says_who_when_and_how_long() -> None:
    opened = book(every_block())
    header = element_text(next(page(opened).iter(f"{XHTML}header")))
    for said in (
        "Science",
        "What a tide table",
        "A harbour pilot explains",
        "Ines Okafor and Tomas",
    ):
        assert said in header
    assert "PORT ELLERY · October 5, 2026 · 1 min read" in header
    web = page(opened).find(f".//{XHTML}footer//{XHTML}a")
    assert web is not None
    assert web.get("href") == "https://gazette.example.org/every-block/"


def test_notes_and_marks_link_to_each_other() -> None:
    mark = Paragraph(content=(FootnoteReference(label="x"),))
    root = page(book(article(body=(mark, mark, Footnote(label="x", blocks=(para("Source."),))))))
    marks = list(elements(root, "doc-noteref"))
    (note,) = elements(root, "doc-footnote")
    assert [one.get("href") for one in marks] == [f"#{note.get('id')}"] * 2
    assert note.get(f"{OPS}type") == "footnote"
    back = [one.get("href") for one in elements(root, "doc-backlink")]
    assert back == [f"#{one.get('id')}" for one in marks]


def test_a_mark_without_a_note_is_a_loss() -> None:
    ear = kit()
    stray = article(body=(Paragraph(content=(FootnoteReference(label="x"),)),))
    list(EPUB(fonts=False).render(edition(stray), ear))
    assert [loss.block for loss in ear.losses] == ["footnote_reference"]


def test_links_lead_to_chapters_of_the_same_book() -> None:
    link = Link(url="https://gazette.example.org/two/", content=words("the other"))
    root = page(book(article("one", body=(Paragraph(content=(link,)),)), article("two")))
    assert next(root.iter(f"{XHTML}a")).get("href") == "chapter-002.xhtml"


def test_remote_pictures_are_linked_and_reported() -> None:
    ear = kit()
    list(EPUB(fonts=False).render(edition(every_block()), ear))
    assert {loss.block for loss in ear.losses} == {"figure"}
    root = page(book(every_block()))
    assert not list(root.iter(f"{XHTML}img"))
    absent = next(root.iter(f"{XHTML}figure"))
    assert (
        element_text(absent) == "Picture: A pier at low tide The old pier at low tide. Ruth Abara"
    )
    assert absent.find(f".//{XHTML}a") is not None


def test_pictures_are_scaled_and_included_once(tmp_path: Path) -> None:
    name = picture(tmp_path, "pier.jpg", (2000, 1000))
    figure = Figure(src=name, alt="A pier")
    opened = book(
        article(lead_image=figure, body=(figure, figure)), content=tmp_path, image_width=800
    )
    shown = list(page(opened).iter(f"{XHTML}img"))
    assert len(shown) == 2  # the lead picture is not repeated as the first block
    # Calibre uses these as lengths on the page, and a narrower page distorts the picture.
    assert not any({"width", "height"} & set(image.attrib) for image in shown)
    (name,) = (one for one in opened.namelist() if one.startswith("EPUB/images/"))
    with Image.open(io.BytesIO(opened.read(name))) as image:
        assert image.size == (800, 400)


def test_right_to_left() -> None:
    opened = book(arabic(), publication=ARABIC)
    package = page(opened, "content.opf")
    assert package.get("dir") == "rtl"
    spine = package.find(f"{OPF}spine")
    assert spine is not None
    assert spine.get("page-progression-direction") == "rtl"
    root = page(opened)
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    (span,) = root.findall(f".//{XHTML}span[@lang]")
    assert (span.get("lang"), span.get("dir")) == ("en", "ltr")


def test_the_language_of_a_foreign_article_is_marked_wherever_its_title_is() -> None:
    opened = book(article(), arabic())
    for name, count in (("contents.xhtml", 2), ("nav.xhtml", 2)):  # its section's name and its own
        entries = page(opened, name).findall(".//*[@lang='ar']")
        assert [entry.get("dir") for entry in entries] == ["rtl"] * count


def test_fonts_are_reduced_to_the_books_characters() -> None:
    opened = book(article(), fonts=True)
    fonts = [name for name in opened.namelist() if name.startswith("EPUB/fonts/")]
    assert "EPUB/fonts/SourceSerifPro-Regular.ttf" in fonts
    assert not any("Amiri" in name for name in fonts)
    assert all(len(opened.read(name)) < 90_000 for name in fonts)
    style = opened.read("EPUB/style.css").decode()
    assert all(name.removeprefix("EPUB/") in style for name in fonts)
    assert "@font-face" not in book(article()).read("EPUB/style.css").decode()


def test_accessibility_metadata_describes_the_pages(tmp_path: Path) -> None:
    name = picture(tmp_path, "pier.jpg")
    described = article(lead_image=Figure(src=name, alt="A pier"))
    good = metas(page(book(described, content=tmp_path), "content.opf"))
    assert good["schema:accessMode"] == ["textual", "visual"]
    assert "alternativeText" in good["schema:accessibilityFeature"]
    assert good["dcterms:conformsTo"] == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert good["a11y:certifiedBy"] == ["Harbour Gazette Cooperative"]

    for lacking in (
        article(lead_image=Figure(src=name)),
        article(body=(Table(rows=((words("no"), words("header")),)),)),
    ):
        found = metas(page(book(lacking, content=tmp_path), "content.opf"))
        assert "dcterms:conformsTo" not in found
        assert found["schema:accessibilitySummary"] != good["schema:accessibilitySummary"]


def test_a_digest_is_by_its_newsroom_and_names_everyone_once() -> None:
    same = (Contributor(name="Ines Okafor"),)
    package = page(
        book(article("a", contributors=same), article("b", contributors=same)), "content.opf"
    )
    dc = "{http://purl.org/dc/elements/1.1/}"
    assert [e.text for e in package.iter(f"{dc}creator")] == ["Harbour Gazette Cooperative"]
    assert [e.text for e in package.iter(f"{dc}contributor")] == ["Ines Okafor"]


def test_text_has_no_colour_of_its_own() -> None:
    style = book(article()).read("EPUB/style.css").decode()
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", style)) == {"#c31a1f"}  # marks and rules
    assert set(re.findall(r"(?<![\w-])color: (\w+)", style)) == {"inherit"}


def test_the_error_names_a_template_that_is_not_xhtml(tmp_path: Path) -> None:
    (tmp_path / "colophon.xhtml.j2").write_text("<html><br></html>", "utf-8")
    own = Kit((tmp_path, TEMPLATES / "epub", TEMPLATES), tmp_path)
    with pytest.raises(RenderError, match="well-formed") as caught:
        list(EPUB(fonts=False).render(edition(article()), own))
    assert "colophon.xhtml" in str(caught.value)


_RENDER = """
from tests.adapters.epub.books import arabic, edition, hostile, kit
from tests.articles import article, every_block
from syndicate.adapters.epub.adapter import EPUB
for adapter, articles in (
    (EPUB(), (article(),)),
    (EPUB(fonts=False), (every_block(), arabic(), *hostile())),
):
    print(*(artifact.digest for artifact in adapter.render(edition(*articles), kit())))
"""


def test_the_same_bytes_on_every_machine() -> None:
    machines = [
        {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
    ]
    command = [sys.executable, "-c", _RENDER]
    digests = {
        waiting.run(
            command, env={**os.environ, **machine, "PYTHONPATH": str(ROOT)}, check=True
        ).stdout
        for machine in machines
    }
    assert len(digests) == 1


def test_the_editors_note_comes_first_in_the_digest() -> None:
    letter = article("letter", title="Why we count", section="editor's note")
    opened = book(article(section="City"), letter)
    names = [item.get("idref") for item in page(opened, "content.opf").iter(f"{OPF}itemref")]
    assert names == ["cover", "halftitle", "contents", "note", "chapter-001", "colophon"]
    (foreword,) = elements(page(opened, "note.xhtml"), "doc-foreword")
    assert element_text(foreword).endswith("Ines Okafor")  # signed like a letter
    for name in ("contents.xhtml", "nav.xhtml"):
        linked = [a.get("href") for a in page(opened, name).iter(f"{XHTML}a")]
        assert linked.index("note.xhtml") < linked.index("chapter-001.xhtml")
    assert b"note.xhtml" in opened.read("EPUB/toc.ncx")


def test_a_note_without_other_articles_is_an_ordinary_article() -> None:
    opened = book(article("letter", section="Editor’s note"))
    assert "EPUB/note.xhtml" not in opened.namelist()
    assert "EPUB/chapter-001.xhtml" in opened.namelist()


def test_the_text_for_members_is_only_in_a_book_for_members() -> None:
    noted = Paragraph(content=(*words("Anybody may read this."), FootnoteReference(label="x")))
    paid = article(
        access="members",
        body=(noted, Paywall(), para("Members only."), Footnote(label="x", blocks=(para("Src"),))),
    )
    seen = element_text(page(book(paid)))
    assert "Anybody may read this.1" in seen
    assert "for members" in seen
    assert "Src" in seen  # the part open to everyone refers to the note
    assert "Members only" not in seen
    whole = element_text(page(book(paid, access="all")))
    assert "Members only" in whole
    assert "for members" not in whole


@pytest.mark.parametrize(
    ("language", "minutes", "said"),
    [
        ("en", 1, "1 min read"),
        ("de", 3, "3 Min. Lesezeit"),
        ("ar", 1, "دقيقة قراءة واحدة"),
        ("ar", 2, "دقيقتا قراءة"),
        ("ar", 5, "5 دقائق قراءة"),
        ("ar", 12, "12 دقيقة قراءة"),
    ],
)
def test_reading_time_uses_the_plural_forms_of_its_language(
    language: str, minutes: int, said: str
) -> None:
    timed = article(language=language, body=(para("word " * 230 * minutes),))
    assert said in element_text(next(page(book(timed)).iter(f"{XHTML}header")))


def test_a_task_has_a_checkbox_and_no_bullet() -> None:
    tasks = List(
        items=(ListItem(blocks=(para("Read"),), checked=True), ListItem(blocks=(para("x"),)))
    )
    root = page(book(article(body=(tasks,))))
    (found,) = root.findall(f".//{XHTML}ul[@class='tasks']")
    assert element_text(found).startswith("☑ Read")
    assert ".tasks { list-style: none" in book(article()).read("EPUB/style.css").decode()


def test_a_picture_stays_below_its_size_limit(tmp_path: Path) -> None:
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(tmp_path / "noise.png")
    figure = Figure(src="noise.png", alt="Snow")
    opened = book(article(lead_image=figure), content=tmp_path, image_kilobytes=90)
    (name,) = [one for one in opened.namelist() if "/images/" in one]
    assert opened.getinfo(name).file_size <= 90_000
    with Image.open(io.BytesIO(opened.read(name))) as image:
        assert image.width >= 320


def test_issues_are_also_grouped_by_calibres_properties() -> None:
    package = page(book(article(), number=7), "content.opf")
    named = {meta.get("name"): meta.get("content") for meta in package.iter(f"{OPF}meta")}
    assert named["calibre:series"] == "The Harbour Gazette"
    assert named["calibre:series_index"] == "7"


def test_headings_skip_no_level_and_are_not_empty() -> None:
    def heading(level: int, text: str) -> Heading:
        return Heading(level=level, content=words(text))

    inside = Quote(blocks=(heading(6, "Quoted"), para("Said.")))
    body = (heading(4, "a"), heading(5, "b"), heading(3, ""), inside, heading(2, "c"))
    root = page(book(article(body=body)))
    found = [
        (one.tag[-2:], element_text(one))
        for one in root.iter(*(f"{XHTML}h{n}" for n in range(2, 7)))
    ]
    assert found == [("h2", "a"), ("h3", "b"), ("h4", "Quoted"), ("h2", "c")]
