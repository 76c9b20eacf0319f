"""Preflight passes good pages, and reports rule, page and element of each fault."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from syndicate.adapters import Inspects
from syndicate.adapters.pdf.adapter import PDF
from syndicate.adapters.pdf.preflight import Expected, preflight
from syndicate.adapters.pdf.tag_fixes import tagged_elements, tagged_kids_of
from syndicate.article import Callout, CallToAction, Figure
from syndicate.kit import Kit
from tests.adapters.pdf import pages
from tests.articles import article, para, words

PRESS = Expected(press=True, bleed=3)
SCREEN = Expected(press=False)


def rules(content: bytes, expected: Expected) -> dict[str, str]:
    """The messages by rule."""
    return {one.rule: one.message for one in preflight(content, expected, "a.pdf")}


def test_press_pages_pass(press: bytes, illustrated_press: bytes) -> None:
    assert not rules(press, PRESS)
    assert rules(illustrated_press, PRESS).keys() <= {"pdf/low-resolution"}


def test_links_across_a_line_break_are_in_the_structure() -> None:
    body = (CallToAction(content=words("Come."), url="https://gazette.example.org/tides/"),)
    made = pages.render(article(body=body), profile="screen").content
    assert not rules(made, SCREEN)


def test_letters_with_a_vowel_sign_have_text() -> None:
    tip = Callout(label="نصيحة", blocks=(para("مثلًا ولأن الطقس"),))
    made = pages.render(article(language="ar", body=(tip,)), profile="screen").content
    assert not rules(made, SCREEN)


def test_no_picture_is_scaled_below_the_required_resolution() -> None:
    lead = Figure(src="pictures/lighthouse.jpg", alt="A lighthouse")
    made = pages.render(article(lead_image=lead), profile="screen", layout="magazine")
    assert not rules(made.content, replace(SCREEN, resolution=150))


def test_screen_pages_pass_only_for_the_screen(screen: bytes) -> None:
    assert not rules(screen, SCREEN)
    assert {"pdf/no-intent", "pdf/claim", "pdf/rgb-paint"} <= rules(screen, PRESS).keys()


def test_a_file_that_is_not_a_pdf_is_refused(press: bytes) -> None:
    assert "pdf/unreadable" in rules(b"%PDF-1.7 and no more", PRESS)
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(press)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert "pdf/encrypted" in rules(locked.getvalue(), PRESS)


def test_findings_name_article_artifact_page_and_fix(tools: Kit) -> None:
    adapter = PDF(ink_limit=300)
    assert isinstance(adapter, Inspects)
    edition = pages.edition(article("one"))
    (made,) = adapter.render(edition, tools)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        pdf.pages[0].contents_add(b"/Artifact BMC 1 0 0 rg 0 0 9 9 re f EMC")
        spoilt = io.BytesIO()
        pdf.save(spoilt)
    artifact = type(made)(made.name, made.media_type, spoilt.getvalue())
    (finding,) = adapter.inspect(edition, (artifact,), tools)
    assert finding.rule == "pdf/rgb-paint"
    assert finding.severity == "error"
    assert finding.message == "page 1: an area or a line is painted in RGB (1 0 0)"
    assert str(finding.where) == "one.pdf"
    assert finding.article == edition.articles[0].id
    assert finding.hint


def painted(operators: bytes) -> Callable[[Any], None]:
    """Paint on page 1, as an artifact."""
    return lambda pdf: pdf.pages[0].contents_add(b"/Artifact BMC q " + operators + b" Q EMC")


def deleted(*path: str) -> Callable[[Any], None]:
    """Remove a key of the document's root."""

    def spoil(pdf: Any) -> None:
        thing = pdf.Root
        for name in path[:-1]:
            thing = thing[name]
        del thing[path[-1]]

    return spoil


def in_root(name: str, value: Any) -> Callable[[Any], None]:
    """Add a key to the document's root."""
    return lambda pdf: pdf.Root.__setitem__(name, value)


def on_page(name: str, value: Any) -> Callable[[Any], None]:
    """Add a key to page 1."""
    return lambda pdf: pdf.pages[0].__setitem__(name, value)


def xmp(before: str, after: str) -> Callable[[Any], None]:
    """Replace a passage of the metadata."""

    def spoil(pdf: Any) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert before.encode() in packet
        pdf.Root.Metadata.write(packet.replace(before.encode(), after.encode()))

    return spoil


def intent(number: int, key: str, value: Any = None) -> Callable[[Any], None]:
    """Change or remove a key of an output intent."""

    def spoil(pdf: Any) -> None:
        if value is None:
            del pdf.Root.OutputIntents[number][key]
        else:
            pdf.Root.OutputIntents[number][key] = value(pdf) if callable(value) else value

    return spoil


def resource(
    kind: str, name: str, thing: Callable[[Any], Any], use: bytes
) -> Callable[[Any], None]:
    """Put a resource on page 1 and use it."""

    def spoil(pdf: Any) -> None:
        resources = pdf.pages[0].Resources
        if kind not in resources:
            resources[kind] = Dictionary()
        resources[kind][name] = pdf.make_indirect(thing(pdf))
        painted(use)(pdf)

    return spoil


def picture(space: Any, channels: int, **keys: Any) -> Callable[[Any], None]:
    """A dark picture of 300 by 300 pixels, an inch wide unless `inches` says otherwise."""
    inches = keys.pop("inches", 1)

    def make(pdf: Any) -> Any:
        data = bytes([255]) * (300 * 300 * channels)
        return pikepdf.Stream(
            pdf,
            data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=300,
            Height=300,
            BitsPerComponent=8,
            ColorSpace=space,
            **keys,
        )

    size = inches * 72
    return resource("/XObject", "/Im", make, f"{size} 0 0 {size} 0 0 cm /Im Do".encode())


def form(**keys: Any) -> Callable[[Any], None]:
    """A form XObject."""
    keys.setdefault("Subtype", Name.Form)

    def make(pdf: Any) -> Any:
        return pikepdf.Stream(pdf, b"", Type=Name.XObject, BBox=Array([0, 0, 9, 9]), **keys)

    return resource("/XObject", "/Fo", make, b"/Fo Do")


def state(**keys: Any) -> Callable[[Any], None]:
    """A graphics state."""
    return resource("/ExtGState", "/Gs", lambda pdf: Dictionary(**keys), b"/Gs gs")


def font(thing: Callable[[Any], Any], shown: bytes = b"<0001>") -> Callable[[Any], None]:
    """A font with some text set in it."""
    return resource("/Font", "/Fx", thing, b"BT 0 0 0 1 k /Fx 9 Tf " + shown + b" Tj ET")


def own_font(pdf: Any) -> Any:
    """A copy of a font of the page."""
    first = next(iter(pdf.pages[0].Resources.Font.values()))
    return Dictionary(dict(first.items()))


def without_text(pdf: Any) -> Any:
    """A font without text."""
    made = own_font(pdf)
    del made["/ToUnicode"]
    return made


def rgb_shading(pdf: Any) -> Any:
    return Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 1, 1]))


def tagged(kind: str, spoil: Callable[[Any], None]) -> Callable[[Any], None]:
    """Change the first structure element of `kind`."""

    def change(pdf: Any) -> None:
        spoil(next(e for e in tagged_elements(pdf.Root.StructTreeRoot) if e.get("/S") == kind))

    return change


def lost_place(pdf: Any) -> None:
    """Take content out of the reading order."""
    leaf = next(
        e for e in tagged_elements(pdf.Root.StructTreeRoot) if "/K" in e and not tagged_kids_of(e)
    )
    del leaf["/K"]


def two_places(pdf: Any) -> None:
    """Read a passage twice."""
    leaf = next(
        e for e in tagged_elements(pdf.Root.StructTreeRoot) if "/K" in e and not tagged_kids_of(e)
    )
    leaf.K = Array([*leaf.K, *leaf.K])


def lzw(pdf: Any) -> None:
    """A stream that says it is compressed with LZW."""
    raw = pikepdf.Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=Name.LZWDecode)
    pdf.Root["/X"] = pdf.make_indirect(raw)


def trapped(pdf: Any) -> None:
    """Do not say whether the file is trapped."""
    pdf.docinfo["/Trapped"] = Name.Unknown


def no_title(pdf: Any) -> None:
    """Remove the title from the document information."""
    del pdf.docinfo["/Title"]


def other_title(pdf: Any) -> None:
    """Make the title differ from the one in the metadata."""
    pdf.docinfo["/Title"] = String("Another")


def rgb_profile(pdf: Any) -> Any:
    """Use the profile of a screen."""
    from PIL import ImageCms

    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return pdf.make_indirect(pikepdf.Stream(pdf, made, N=3))


def same_profile_again(pdf: Any) -> Any:
    """Use a second copy of the press's profile."""
    made = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
    return pdf.make_indirect(pikepdf.Stream(pdf, made, N=4))


INDEXED = Array([Name.Indexed, Name.DeviceRGB, 0, String(b"abc")])
HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
TRIM = "/TrimBox"
BROKEN: list[tuple[str, str, Callable[[Any], None]]] = [
    # the file (ISO 15930-7, ISO 19005-2)
    ("pdf/no-language", "does not declare its language", deleted("/Lang")),
    ("pdf/no-title", "no title", no_title),
    ("pdf/title-hidden", "displayed", deleted("/ViewerPreferences")),
    ("pdf/no-metadata", "no XMP", deleted("/Metadata")),
    ("pdf/claim", "GTS_PDFXVersion PDF/X-4", xmp(">PDF/X-4<", ">PDF/X-1<")),
    ("pdf/claim", "pdfaid:part 2", xmp("<pdfaid:part>2<", "<pdfaid:part>1<")),
    ("pdf/claim", "pdfuaid:part 1", xmp("<pdfuaid:part>1<", "<pdfuaid:part>2<")),
    ("pdf/metadata-incomplete", "MetadataDate", xmp("xmp:MetadataDate", "xmp:Other")),
    ("pdf/metadata-incomplete", "DocumentID", xmp("xmpMM:DocumentID", "xmpMM:Other")),
    ("pdf/metadata-differs", "title", other_title),
    ("pdf/trapped", "trapped", trapped),
    ("pdf/action", "actions", in_root("/OpenAction", Array([]))),
    ("pdf/action", "actions", in_root("/Names", Dictionary(JavaScript=Dictionary()))),
    ("pdf/action", "page 1", on_page("/AA", Dictionary())),
    ("pdf/form", "form", in_root("/AcroForm", Dictionary())),
    ("pdf/layers", "layers", in_root("/OCProperties", Dictionary())),
    ("pdf/attachment", "attach", in_root("/Names", Dictionary(EmbeddedFiles=Dictionary()))),
    ("pdf/lzw", "LZW", lzw),
    ("pdf/no-intent", "GTS_PDFX", intent(0, "/S", Name.Other)),
    ("pdf/no-intent", "GTS_PDFA1", deleted("/OutputIntents")),
    ("pdf/no-condition", "GTS_PDFX", intent(0, "/OutputConditionIdentifier")),
    ("pdf/no-profile", "GTS_PDFA1", intent(1, "/DestOutputProfile")),
    ("pdf/profile-not-cmyk", "GTS_PDFX", intent(0, "/DestOutputProfile", rgb_profile)),
    ("pdf/profiles-differ", "different", intent(1, "/DestOutputProfile", same_profile_again)),
    # boxes and pages
    ("pdf/no-box", "page 1: the page has no TrimBox", lambda pdf: pdf.pages[0].__delitem__(TRIM)),
    ("pdf/art-box", "page 1", on_page("/ArtBox", Array([0, 0, 9, 9]))),
    ("pdf/bleed", "less than 3 mm", on_page("/BleedBox", Array([-8.4, -8.4, 604, 851]))),
    ("pdf/boxes-nested", "MediaBox", on_page("/MediaBox", Array([0, 0, 100, 100]))),
    ("pdf/crop-box", "CropBox", on_page("/CropBox", Array([0, 0, 100, 100]))),
    ("pdf/annotation", "page 1", on_page("/Annots", Array([]))),
    ("pdf/blending", "page 1", on_page("/Group", Dictionary(CS=Name.DeviceRGB))),
    # colour
    ("pdf/rgb-paint", r"area or a line .* \(1 0 0\)", painted(b"1 0 0 rg 0 0 9 9 re f")),
    ("pdf/rgb-paint", r"area or a line .* \(0 1 0\)", painted(b"0 1 0 RG 0 0 m 9 9 l S")),
    ("pdf/rgb-paint", "RGB", painted(b"/DeviceRGB cs 1 0 0 sc 0 0 9 9 re f")),
    ("pdf/rgb-paint", "RGB", resource("/Shading", "/Sh", rgb_shading, b"/Sh sh")),
    ("pdf/rgb-picture", "picture Im", picture(Name.DeviceRGB, 3)),
    ("pdf/rgb-picture", "picture Im", picture(INDEXED, 1)),
    ("pdf/ink-limit", r"has 330% of ink", painted(b".9 .9 .9 .6 k 0 0 9 9 re f")),
    ("pdf/ink-limit", "picture Im has 400 % of ink", picture(Name.DeviceCMYK, 4)),
    ("pdf/rich-black", r"four inks \(0.6 0.5 0.5 1\)", font(own_font, b".6 .5 .5 1 k <0001>")),
    ("pdf/transfer", "tones", state(TR=Name.Identity)),
    ("pdf/overprint", "overprint", state(OP=True)),
    ("pdf/postscript", "Fo", form(Subtype=Name.PS)),
    ("pdf/external", "Fo", form(Ref=Dictionary())),
    ("pdf/external", "Im", picture(Name.DeviceGray, 1, Alternates=Array([]))),
    ("pdf/interpolate", "Im", picture(Name.DeviceGray, 1, Interpolate=True)),
    ("pdf/low-resolution", "Im has 100 pixels per inch", picture(Name.DeviceGray, 1, inches=3)),
    # fonts
    ("pdf/font-not-embedded", "Helvetica", font(lambda _: HELVETICA)),
    ("pdf/type-3-font", "Type 3", font(lambda _: Dictionary(Type=Name.Font, Subtype=Name.Type3))),
    ("pdf/font-without-text", "read as text", font(without_text)),
    ("pdf/font-without-text", "1 glyph without text", font(own_font, b"<FFFF>")),
    ("pdf/missing-glyph", "lacks 1 of", font(own_font, b"<FFFF>")),
    # tags (ISO 14289-1)
    ("pdf/untagged", "not say", deleted("/MarkInfo")),
    ("pdf/untagged", "structure tree", deleted("/StructTreeRoot")),
    ("pdf/untagged-content", "not tagged", lambda pdf: pdf.pages[0].contents_add(b"0 0 9 9 re f")),
    ("pdf/no-alt", r"page \d: a picture", tagged("/Figure", lambda e: e.__delitem__("/Alt"))),
    ("pdf/heading-skipped", "level 4", tagged("/H2", lambda e: e.__setitem__("/S", Name.H4))),
    ("pdf/table-header", "header", tagged("/TH", lambda e: e.__delitem__("/A"))),
    ("pdf/list-item", "label", tagged("/LBody", lambda e: e.__setitem__("/S", Name.P))),
    ("pdf/note-id", "note", tagged("/P", lambda e: e.__setitem__("/S", Name.Note))),
    ("pdf/reading-order", "missing from the structure", lost_place),
    ("pdf/reading-order", "structure tree twice", two_places),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "message", "spoil"), BROKEN)
def test_faults_of_a_press_pdf_are_reported(
    press: bytes, rule: str, message: str, spoil: Callable[[Any], None]
) -> None:
    found = rules(spoilt(press, spoil), PRESS)
    assert rule in found, found
    assert re.search(message, found[rule]), found[rule]


def first_link(change: Callable[[Any], None]) -> Callable[[Any], None]:
    """Change the first link."""
    return lambda pdf: change(next(p for p in pdf.pages if "/Annots" in p).Annots[0])


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("pdf/link-text", first_link(lambda link: link.__setitem__("/Contents", String("")))),
        ("pdf/annotation-hidden", first_link(lambda link: link.__setitem__("/F", 2))),
        ("pdf/annotation-untagged", first_link(lambda link: link.__delitem__("/StructParent"))),
        ("pdf/annotation-untagged", tagged("/Link", lambda e: e.__setitem__("/K", Array([])))),
        ("pdf/action", first_link(lambda link: link.A.__setitem__("/S", Name.Launch))),
        ("pdf/tab-order", lambda pdf: [p.__setitem__("/Tabs", Name.R) for p in pdf.pages]),
        ("pdf/claim", xmp("<pdfaid:part>3<", "<pdfaid:part>2<")),
    ],
)
def test_faults_of_a_screen_pdf_are_reported(
    screen: bytes, rule: str, spoil: Callable[[Any], None]
) -> None:
    assert rule in rules(spoilt(screen, spoil), SCREEN)


def test_a_file_without_an_identifier_is_refused(press: bytes) -> None:
    at = press.rindex(b"/ID")
    assert "pdf/no-id" in rules(press[:at] + b"/IX" + press[at + 3 :], PRESS)


def spoilt(content: bytes, spoil: Callable[[Any], None]) -> bytes:
    """`content` after `spoil` has been applied to it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        spoil(pdf)
        out = io.BytesIO()
        none = pikepdf.StreamDecodeLevel.none
        pdf.save(out, stream_decode_level=none, compress_streams=False)
    return out.getvalue()
