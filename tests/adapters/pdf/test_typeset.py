"""The typesetter reads only what it is given, and reports what is missing."""

from __future__ import annotations

import builtins
import datetime
import io
import sys
from contextlib import nullcontext
from pathlib import Path

import pikepdf
import pytest

from syndicate.adapters.pdf import typeset as room
from syndicate.adapters.pdf.composition import compose_print
from syndicate.adapters.pdf.headline import fit_headline
from syndicate.article import FAQ, Callout, Correction, Heading, QuestionAnswer, Table
from syndicate.errors import RenderError
from syndicate.kit.fonts import LATIN
from tests.adapters.pdf import pages
from tests.articles import article, every_block, para, words


def test_files_and_network_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    fetch = room._fetcher({"picture:a": b"A"})
    assert fetch("picture:a").read() == b"A"
    for url in (secret.as_uri(), "http://127.0.0.1:9/", "data:text/plain,x", "picture:b"):
        with pytest.raises(ValueError, match="not part of this page"):
            fetch(url)


def test_missing_pango_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pango(name: str, *rest: object, **more: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_pango)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    with pytest.raises(RenderError) as caught:
        pages.render(every_block())
    assert "libpango-1.0-0" in (caught.value.hint or "")


@pytest.mark.parametrize(("tighter", "count"), [("--tall: 60mm", 1), ("--tall: 85mm", 2)])
def test_a_story_is_tightened_if_that_saves_a_page(tighter: str, count: int) -> None:
    css = "@page { size: 100mm; margin: 5mm } p { margin: 0; height: var(--tall, 80mm) }"
    css += " #end { height: 15mm }"
    html = '<html lang="en"><title>A</title><div id="a"><p>A</p><div id="end"></div></div>'
    made = [
        room.typeset_pdf(html, room.PrintStyle((css,), LATIN), {}, fitted)
        for fitted in (None, room.Copyfit({"end": "a"}, 15, tighter))
    ]
    found = [len(pikepdf.open(io.BytesIO(one)).pages) for one in made]
    assert found == [2, count]


@pytest.mark.parametrize("lines", [8, 12, 18])
def test_a_story_without_a_picture_is_tightened_too(
    lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "The tide turned before the pilots had read the gauge. "
    texts = [*(sentence * (1 + n * 3 % 7) for n in range(18)), "Nobody minded much. " * lines]
    story = article(body=tuple(map(para, texts)))
    assert len(pages.texts_of(pages.render(story, profile="screen").content)) == 1
    monkeypatch.setattr(room, "_overfull", lambda *_: [])
    first, second = pages.texts_of(pages.render(story, profile="screen").content)
    assert "Nobody minded much." in first
    assert "Nobody minded much." not in second


@pytest.mark.parametrize("layout", ["broadsheet", "magazine", "report"])
def test_cached_lines_change_no_byte(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = pages.render(every_block(), layout=layout, profile="screen")
    monkeypatch.setattr(room, "cached_line_breaks", nullcontext)
    assert pages.render(every_block(), layout=layout, profile="screen") == cached


def test_a_short_table_moves_to_the_next_page_with_its_caption() -> None:
    rows = tuple((words(f"row {n}"), words(str(n))) for n in range(9))
    table = Table(caption=words("Spring tides"), rows=rows)
    for lines in range(20, 30):
        body = (*(para("The tide turns. " * 4) for _ in range(lines)), table)
        made = pages.render(article(body=body), layout="report", profile="screen").content
        (whole,) = (text for text in pages.texts_of(made) if "Spring tides" in text)
        assert "row 0" in whole
        assert "row 8" in whole


def test_headlines_have_lines_of_equal_length() -> None:
    bold = next(face for face in LATIN if face.weight == 700)
    title = "The night ferry returns, and with it the town’s other half"
    set_ = fit_headline(title, bold, 510, (48, 38, 30.5), 3)
    assert set_.size == 48
    assert 300 < set_.width < 480
    assert fit_headline("word " * 60, bold, 510, (48, 38, 30.5), 3).size == 30.5
    assert fit_headline("w" * 200, bold, 510, (48, 30.5), 3).width <= 510
    whole = fit_headline("東京の港に霧が出た", bold, 510, (48, 38), 3)
    assert whole.size == 48
    assert whole.width > 9 * 48
    assert fit_headline("東京の港に霧が出た朝に", bold, 510, (48, 38), 3).width < 300


def test_a_heading_moves_into_the_panel_and_corrections_come_last() -> None:
    faq = FAQ(pairs=(QuestionAnswer(question=words("Why?"), answer=(para("So."),)),))
    tip = Callout(label="Tip", blocks=(para("Ask."),))
    heading = Heading(content=words("Questions"))
    sorry = Correction(date=datetime.date(2026, 10, 6), content=words("Wrong."))
    made = compose_print((para("One."), sorry, tip, heading, faq, para("Two.")), 40)
    assert [run.place for run in made.runs] == ["columns", "across", "panel", "columns"]
    assert made.runs[2].heading == heading
    assert made.end == (sorry,)
    assert made.last == para("Two.")
