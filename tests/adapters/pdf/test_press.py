"""What a printing house checks first: boxes, inks, fonts, marks, tags and metadata."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from syndicate.adapters.pdf.adapter import PDF
from syndicate.adapters.pdf.preflight.scan import scan_page
from syndicate.adapters.pdf.tag_fixes import tagged_elements
from tests import waiting
from tests.adapters.pdf import pages
from tests.adapters.pdf.conftest import OPENING
from tests.articles import article, para
from tests.missing import needs_program

MM = 72 / 25.4


def _open(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def test_boxes_have_room_for_bleed_and_marks(press: bytes) -> None:
    with _open(press) as pdf:
        for page in pdf.pages:
            boxes = {
                name: [float(side) / MM for side in page[f"/{name}"]]
                for name in ("TrimBox", "BleedBox", "MediaBox")
            }
            assert boxes["TrimBox"] == pytest.approx([0, 0, 210, 297], abs=0.01)
            assert boxes["BleedBox"] == pytest.approx([-3, -3, 213, 300], abs=0.01)
            assert boxes["MediaBox"] == pytest.approx([-10, -10, 220, 307], abs=0.01)


def test_marks_print_on_every_plate_as_artifacts(press: bytes) -> None:
    with _open(press) as pdf:
        space = pdf.pages[0].Resources.ColorSpace["/AllInks"]
        assert [str(part) for part in list(space)[:3]] == ["/Separation", "/All", "/DeviceCMYK"]
        content = pdf.pages[0].Contents
        last = content[-1] if isinstance(content, pikepdf.Array) else content
        marks = last.read_bytes().decode()
        assert marks.startswith("/Artifact BMC")
        points = re.findall(r"(-?[\d.]+) (-?[\d.]+) [ml]", marks)
        inside = [
            (x, y)
            for x, y in ((float(x), float(y)) for x, y in points)
            if -3 * MM < x < 213 * MM and -3 * MM < y < 300 * MM
        ]
        assert not inside


def test_output_intents_name_the_printing_condition(press: bytes) -> None:
    with _open(press) as pdf:
        intents = list(pdf.Root.OutputIntents)
        assert [str(one.S) for one in intents] == ["/GTS_PDFX", "/GTS_PDFA1"]
        assert {str(one.OutputConditionIdentifier) for one in intents} == {"FOGRA39"}
        assert intents[0].DestOutputProfile.read_bytes()[16:20] == b"CMYK"


def test_pictures_are_converted_to_cmyk(illustrated_press: bytes) -> None:
    with _open(illustrated_press) as pdf:
        spaces = [
            str(thing.ColorSpace)
            for thing in pdf.pages[0].Resources.XObject.values()
            if thing.Subtype == Name.Image
        ]
        thick = [thing for thing in pdf.pages[0].Resources.XObject.values() if "/SMask" in thing]
    assert set(spaces) == {"/DeviceCMYK", "/DeviceGray"}
    assert not thick


def test_text_is_only_black(press: bytes) -> None:
    """Every fill of the text page is black, a tint of black, or a named house colour."""
    with _open(press) as pdf:
        inks = {
            tuple(round(float(one), 2) for one in painting.operands)
            for painting in pikepdf.parse_content_stream(pdf.pages[0], "sc scn SC SCN")
            if len(painting.operands) == 4
        }
    assert (0, 0, 0, 1) in inks
    assert not [ink for ink in inks if ink[3] > 0.9 and any(ink[:3])]


@pytest.mark.parametrize(
    ("profile", "claims"),
    [
        ("press", ("<pdfaid:part>2<", "<pdfuaid:part>1<", ">PDF/X-4<")),
        ("screen", ("<pdfaid:part>3<", "<pdfuaid:part>1<")),
    ],
)
def test_metadata(profile: str, claims: tuple[str, ...], request: pytest.FixtureRequest) -> None:
    with _open(request.getfixturevalue(profile)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert all(claim in xmp for claim in claims)
        assert "What a tide table cannot tell you" in xmp
        assert "<xmp:ModifyDate>2026-10-05T12:00:00+00:00<" in xmp
        assert str(pdf.docinfo["/Title"]) == "What a tide table cannot tell you"
        assert str(pdf.docinfo["/Author"]) == "Ines Okafor, Tomas Lindqvist"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261005120000+00'00'"
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked


def test_fonts_are_embedded_subsets(press: bytes) -> None:
    with _open(press) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont))
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_tags_describe_the_structure(press: bytes) -> None:
    found: set[str] = set()
    with _open(press) as pdf:
        waiting = [pdf.Root.StructTreeRoot]
        while waiting:
            element = waiting.pop()
            found.add(str(element.get("/S", "")))
            kids: Any = element.get("/K", [])
            kids = [kids] if isinstance(kids, Dictionary) else kids
            if isinstance(kids, pikepdf.Array | list):
                waiting += [kid for kid in kids if isinstance(kid, Dictionary)]
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/BlockQuote"} <= found


def test_the_tagged_position_of_a_picture_is_where_it_is_drawn(illustrated_press: bytes) -> None:
    with _open(illustrated_press) as pdf:
        figure = next(
            e for e in tagged_elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Figure"
        )
        said = [float(side) for side in figure.A.BBox]
        (drawn, *_) = scan_page(pdf.pages[0]).pictures
        assert drawn.width == pytest.approx(said[2] - said[0], abs=0.1)
        assert drawn.height == pytest.approx(said[3] - said[1], abs=0.1)
        assert 297 / 2 * MM - 9 < said[1] < said[3] < 297 * MM, "it is in the upper half"


@needs_program("gs", "ghostscript")
def test_only_the_black_plate_prints_inside_the_trim_of_a_text_page(tmp_path: Path) -> None:
    black = pages.edition(article(section="News", body=(para(OPENING), para("And so on."))))
    black = replace(black, publication=black.publication.model_copy(update={"accent": "#000000"}))
    (made,) = PDF().render(black, pages.kit())
    path = tmp_path / "page.pdf"
    path.write_bytes(made.content)
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r72"]
    waiting.run([*command, f"-sOutputFile={tmp_path}/page.tif", path], check=True)
    slug, darkest = round(10 * MM) + 9, {}
    for plate in ("Cyan", "Magenta", "Yellow", "Black"):
        image = Image.open(tmp_path / f"page({plate}).tif").convert("L")
        inner = image.crop((slug, slug, image.width - slug, image.height - slug))
        darkest[plate] = min(inner.tobytes())
        assert min(image.tobytes()) < 255, "the marks are on every plate"
    assert darkest.pop("Black") < 128
    assert set(darkest.values()) == {255}
