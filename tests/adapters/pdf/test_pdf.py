"""The PDF adapter as a newsroom uses it."""

from __future__ import annotations

import hashlib
import io
import os
import re
import sys
from pathlib import Path

import pikepdf
import pyphen
import pytest
from pydantic import ValidationError

from syndicate.adapters.contract import Scope
from syndicate.adapters.pdf.adapter import PDF
from syndicate.article import (
    FAQ,
    Article,
    Callout,
    CodeBlock,
    Contributor,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    List,
    ListItem,
    Paragraph,
    QuestionAnswer,
    Superscript,
    Table,
    Text,
)
from syndicate.kit import FontFace, Kit
from tests import waiting
from tests.adapters.pdf import pages
from tests.articles import article, every_block, para, words


def test_every_block_can_be_read(press: bytes) -> None:
    text = pages.text_of(press)
    for passage in (
        "What a tide table cannot tell you",
        "A harbour pilot explains",
        "By Ines Okafor and Tomas Lindqvist",
        "PORT ELLERY",
        "October 5, 2026",
        "min read",
        "[A pier at low tide]",
        "The old pier at low tide. Ruth Abara",
        "Wind & pressure <matter>",
        "Wind from the west adds water.",
        "one centimetre a hectopascal",
        "Read the gauge",
        "The sea does not read our tables.",
        "Marit Vane, harbour pilot",
        "“No pilot trusts it.”",
        "Did you know?",
        "The gauge at berth four.",
        "One day, two lights.",
        "Spring tides, mean",
        "4.2",
        "level = mean + surge",
        "Watch the surge of 1987",
        "video.example.org/v/9",
        "FAQ",
        "Can a table be wrong?",
        "It is never right; it is near enough.",
        "Correction, October 6, 2026",
        "An earlier version put Sund at 3.7 metres.",
        "The locks",
        "gazette.example.org/locks",
        "Write to the harbour desk.",
        "gazette.example.org/contact",
        "For members: the full table.",
        "1 Ask one.",
        "gazette.example.org/every-block",
        "© 2026 Harbour Gazette Cooperative",
    ):
        assert passage in text, passage


def test_numbered_lists_keep_their_start(press: bytes) -> None:
    assert "3. one centimetre" in pages.text_of(press)


def test_drop_cap_reads_as_one_word(illustrated_press: bytes) -> None:
    assert "Recently the harbour board" in pages.text_of(illustrated_press)


@pytest.mark.parametrize("profile", ["press", "screen"])
def test_qpdf_finds_no_error(profile: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(request.getfixturevalue(profile))
    checked = waiting.run(["qpdf", "--check", path])
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_article_scope_makes_one_file_each() -> None:
    made = list(
        PDF(profile="screen").render(pages.edition(article("a"), article("b")), pages.kit())
    )
    assert [(one.name, one.media_type) for one in made] == [
        ("a.pdf", "application/pdf"),
        ("b.pdf", "application/pdf"),
    ]


def test_edition_has_cover_contents_and_bookmarks(illustrated: Article, tools: Kit) -> None:
    adapter = PDF(scope=Scope.EDITION, profile="screen")
    (made,) = adapter.render(pages.edition(illustrated, article("b"), number=7), tools)
    assert made.name == "pdf-0007.pdf"
    text = pages.text_of(made.content)
    assert text.index("No. 7") < text.index("In this issue") < text.index("Recently the harbour")
    with pikepdf.open(io.BytesIO(made.content)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles.count("Night ferry returns to Port Ellery") == 2


def test_contents_list_the_page_of_each_story() -> None:
    long = article(
        "long", title="The long one", body=tuple(para("It goes on. " * 60) for _ in "ab" * 9)
    )
    stories = (long, article("short", title="The short one"))
    adapter = PDF(scope=Scope.EDITION, profile="screen")
    (made,) = adapter.render(pages.edition(*stories, number=7), pages.kit())
    _, contents, *rest = pages.texts_of(made.content)
    begins = next(n for n, text in enumerate(rest, 3) if "The short one By" in text)
    assert begins > 4
    assert re.findall(r"\b\d+\b", contents)[:2] == ["3", str(begins)]


@pytest.mark.parametrize("lines", range(16, 34, 3))
def test_no_question_is_alone_on_its_page(lines: int) -> None:
    pairs = tuple(
        QuestionAnswer(question=words(f"Question {n}?"), answer=(para("So it is. " * 20),))
        for n in range(4)
    )
    body = (*(para("The tide turns. " * 4) for _ in range(lines)), FAQ(pairs=pairs))
    made = pages.render(article(body=body), layout="report", profile="screen").content
    asked = [text.count("Question") for text in pages.texts_of(made)]
    assert sum(asked) == 4
    assert 1 not in asked


def test_superscripts_and_subscripts_are_set(tools: Kit) -> None:
    body = (Paragraph(content=(Text(text="20 m s"), Superscript(content=words("−1")))),)
    pages.render(article(body=body), tools=tools, profile="screen")
    assert not tools.losses


def test_links_are_live_on_screen_and_printed_for_the_press(press: bytes, screen: bytes) -> None:
    assert "https://tides.example.org/?a=1&b=2" in _targets(screen)
    assert "Links tide office" not in pages.text_of(screen)
    assert not _targets(press)
    assert "tide office tides.example.org/?a=1&b=2" in pages.text_of(press)


def test_office_pages_are_plain_live_and_printed(tools: Kit) -> None:
    made = pages.render(every_block(), tools=tools, profile="office", paper="Letter").content
    assert "https://tides.example.org/?a=1&b=2" in _targets(made)
    assert "tide office tides.example.org/?a=1&b=2" in pages.text_of(made)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        colours = {
            tuple(round(float(one), 2) for one in painting.operands)
            for page in pdf.pages
            for painting in pikepdf.parse_content_stream(page, "scn SCN")
        }
        assert [float(side) for side in pdf.pages[0].MediaBox][2:] == pytest.approx([612, 792])
    assert not [one for one in colours if max(one) - min(one) > 0.1], colours


def test_remote_broken_and_vector_pictures_are_reported(content: Path) -> None:
    (content / "art.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    listening = pages.kit(content)
    sources = ("https://e.example.org/a.jpg", "missing.jpg", "art.svg", "../../etc/passwd")
    body = tuple(Figure(src=src, alt=f"Alt of {n}") for n, src in enumerate(sources))
    made = pages.render(article(body=body), tools=listening)
    assert len([loss for loss in listening.losses if loss.block == "figure"]) == len(sources)
    text = pages.text_of(made.content)
    assert all(f"[Alt of {n}]" in text for n in range(len(sources)))


def test_hostile_article(tools: Kit) -> None:
    title = "W" * 90 + " {{ 7 * 7 }} <script>alert(1)</script> ]]>"
    rows = tuple((words(str(n)), words(f"row <i>{n}</i>")) for n in range(60))
    hostile = article(
        "hostile",
        title=title,
        contributors=(Contributor(name='"><img src=x>'),),
        body=(
            para("x" * 400),
            para("{% include '/etc/passwd' %} <style>* { display: none }</style>"),
            Figure(src="pier.jpg", alt="", caption=()),
            Table(header=(words("No"), words("What")), rows=rows),
            Table(rows=((),)),
            CodeBlock(text="z" * 300 + "\n</code></pre><link rel=stylesheet href=file:///x>"),
            Callout(label="Long", blocks=tuple(para("word " * 60) for _ in range(8))),
            List(items=()),
        ),
    )
    text = pages.text_of(pages.render(hostile, tools=tools).content)
    assert "{{ 7 * 7 }} <script>alert(1)</" in text
    assert "{% include '/etc/passwd' %} <style>* { display: none }</style>" in text
    assert "row <i>0</i>" in text and "row <i>59</i>" in text
    assert "<link rel=stylesheet href=file:///x>" in text


def test_footnotes_that_are_not_only_paragraphs_are_at_the_end() -> None:
    note = Footnote(
        label="a", blocks=(para("Two papers:"), List(items=(ListItem(blocks=(para("one"),)),)))
    )
    reference = Paragraph(content=(Text(text="See"), FootnoteReference(label="a")))
    text = pages.text_of(pages.render(article(body=(reference, note))).content)
    assert "Notes 1 Two papers: • one" in text


def test_arabic_is_set_in_amiri_right_to_left() -> None:
    story = article(
        "arabic",
        language="ar",
        title="العبارة الليلية تعود",
        section="الميناء",
        body=(para("تعود العبارة الليلية يوم الجمعة المقبل."), Heading(content=words("ضفتان"))),
    )
    content = pages.render(story).content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        names = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
        assert str(pdf.Root.Lang) == "ar"
    assert any("Amiri" in name for name in names)
    boxes = waiting.run(["pdftotext", "-bbox", "-", "-"], input=content, check=True).stdout
    section = next(line for line in boxes.splitlines() if "الميناء" in line or "ءانيملا" in line)
    assert float(section.split('xMin="')[1].split('"')[0]) > 300


def test_a_script_without_a_font_is_reported_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FontFace, "installed", False)
    listening = pages.kit()
    made = pages.render(article(body=(para("Tokyo 東京 😀"),)), tools=listening)
    reasons = [loss.reason for loss in listening.losses]
    assert any("Han" in one and "pip install cvttf-NotoSansCJK-Regular" in one for one in reasons)
    assert any("emoji" in one and "pip install manimgx-fonts" in one for one in reasons)
    assert "Tokyo ☐☐ ☐" in pages.text_of(made.content)


def test_only_our_fonts_are_used(press: bytes, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(press)
    listed = waiting.run(["pdffonts", path], check=True)
    for line in listed.stdout.splitlines()[2:]:
        name, embedded = line.split()[0], line.split()[-5]
        assert re.match(r"[A-Z]{6}\+(Source-S|IBM-Plex-|Amiri)", name), line
        assert embedded == "yes", line


@pytest.mark.parametrize("layout", ["magazine", "report"])
def test_other_layouts_and_papers(layout: str, illustrated: Article, tools: Kit) -> None:
    made = pages.render(illustrated, tools=tools, layout=layout, paper="Letter", marks=False)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        trim = [float(side) for side in pdf.pages[0].TrimBox]
    assert trim[2:] == pytest.approx([612, 792], abs=0.1)
    assert "the harbour board agreed" in pages.text_of(made.content)


@pytest.mark.parametrize(
    ("language", "word"),
    [("de", "Hafenverwaltung"), ("en", "understanding"), ("es", "administraciones")],
)
def test_words_are_hyphenated_by_the_rules_of_their_language(language: str, word: str) -> None:
    body = tuple(para(f"{'a' * n} " + f"{word} " * 40) for n in range(1, 6))
    story = article(language=language, body=body)
    divided = set(re.findall(r"(\w+)- (\w+)", pages.text_of(pages.render(story).content)))
    assert divided
    allowed = pyphen.Pyphen(lang=language, left=3, right=3)
    assert divided <= set(allowed.iterate(word))
    whole = pages.render(story, hyphenate=False).content
    assert "- " not in pages.text_of(whole)


@pytest.mark.parametrize("wrong", [{"bleed": "1in"}, {"bleed": "90mm"}, {"columns": 0}, {"x": 1}])
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PDF.model_validate(wrong)


def test_paper_margins_and_first_page_are_settings() -> None:
    made = pages.render(
        article(), paper="210x280mm", margins="30mm 20mm", first_page=42, bleed="5mm"
    )
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        (page,) = pdf.pages
        trim, bled = ([float(side) for side in page[name]] for name in ("/TrimBox", "/BleedBox"))
    assert trim[2:] == pytest.approx([210 * 72 / 25.4, 280 * 72 / 25.4], abs=0.1)
    assert bled[0] == pytest.approx(-5 * 72 / 25.4, abs=0.01)
    assert pages.text_of(made.content).endswith("42")
    plain = pages.render(article(), folio=False)
    assert not pages.text_of(plain.content).endswith(" 1")


_AGAIN = """
import sys
from pathlib import Path
from tests.adapters.pdf import pages
from tests.articles import article, every_block
pages.render(article("other"))
sys.stdout.write(pages.render(every_block()).digest)
"""


def test_the_bytes_are_the_same_everywhere(press: bytes, tmp_path: Path) -> None:
    env = {
        **os.environ,
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(pages.ROOT),
    }
    again = waiting.run([sys.executable, "-c", _AGAIN], cwd=tmp_path, env=env)
    assert again.stdout == hashlib.sha256(press).hexdigest(), again.stderr


def _targets(content: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {
            str(note.A.URI)
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if "/A" in note and "/URI" in note.A
        }
