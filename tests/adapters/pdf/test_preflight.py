"""Preflight passes what the press takes, and names page and fault of what it does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from syndicate.adapters.print.preflight import preflight
from syndicate.errors import RenderError


def test_press_pages_pass(press: bytes, illustrated_press: bytes) -> None:
    preflight(press, "press", 3)
    preflight(illustrated_press, "press", 3)


def test_screen_pages_pass_for_the_screen_only(screen: bytes) -> None:
    preflight(screen, "screen")
    with pytest.raises(RenderError, match="GTS_PDFX"):
        preflight(screen, "press")


def _rgb_text(pdf: Any) -> None:
    pdf.pages[1].contents_add(b"1 0 0 rg")


def _rgb_picture(pdf: Any) -> None:
    picture = pikepdf.Stream(pdf, b"\xff\x00\x00")
    for key, value in {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": 1,
        "/Height": 1,
        "/BitsPerComponent": 8,
        "/ColorSpace": Name.DeviceRGB,
    }.items():
        picture[key] = value
    pdf.pages[0].Resources.XObject["/Im"] = pdf.make_indirect(picture)


def _no_bleed(pdf: Any) -> None:
    pdf.pages[0].BleedBox = pdf.pages[0].TrimBox


def _small_media(pdf: Any) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 100, 100])


def _no_intent(pdf: Any) -> None:
    del pdf.Root.OutputIntents


def _unembedded(pdf: Any) -> None:
    pdf.pages[0].Resources.Font["/F"] = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica
    )


def _untagged(pdf: Any) -> None:
    del pdf.Root.StructTreeRoot


def _no_language(pdf: Any) -> None:
    del pdf.Root.Lang


def _no_title(pdf: Any) -> None:
    del pdf.docinfo["/Title"]


def _no_alt(pdf: Any) -> None:
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if element.get("/S") == "/Figure":
            del element["/Alt"]
            return
        kids = element.get("/K", [])
        kids = [kids] if isinstance(kids, Dictionary) else kids
        waiting += [kid for kid in kids if isinstance(kid, Dictionary)]


def _annotated(pdf: Any) -> None:
    pdf.pages[0].Annots = Array([])


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_rgb_text, r"page 2: it paints in RGB \(1 0 0\)"),
        (_rgb_picture, "page 1: picture Im is in RGB"),
        (_no_bleed, "page 1: its bleed is less than 3 mm"),
        (_small_media, "page 1: its BleedBox reaches out"),
        (_no_intent, "no output intent GTS_PDFX"),
        (_unembedded, "page 1: font Helvetica is not embedded"),
        (_untagged, "no structure tree"),
        (_no_language, "no language"),
        (_no_title, "no title"),
        (_no_alt, r"page \d: a picture has no description"),
        (_annotated, "page 1: it has annotations"),
    ],
)
def test_faults_are_named(press: bytes, spoil: Callable[[Any], None], fault: str) -> None:
    with pikepdf.open(io.BytesIO(press)) as pdf:
        spoil(pdf)
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(RenderError, match=fault):
        preflight(out.getvalue(), "press", 3)
