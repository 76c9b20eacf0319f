"""Rich Text (RTF): structure, notes, hidden text, and files that are refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from syndicate.article import Figure, Footnote, Heading, Link, List, Paragraph, Quote, Table
from syndicate.article.text import passages, plain
from syndicate.readers import Reading
from tests.readers.reading import read_one, refused

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 Title;}{\s3 Quote;}{\s4 heading 2;}}"
    r"{\*\listtable{\list{\listlevel\levelnfc0}{\listlevel\levelnfc23}\listid7}}"
    r"{\*\listoverridetable{\listoverride\listid7\ls1}}"
    r"{\info{\title Notes}{\author Ruth Abara}{\keywords ferry, tides}}{\header Page 1\par}"
)


def of(body: str) -> Reading:
    return read_one((HEAD + r"\pard\s2 Pilots stay\par\pard " + body + "}").encode(), "note.rtf")


def texts(reading: Reading) -> list[str]:
    return list(passages(reading.article.body))


def test_metadata_headings_and_quotes_are_read() -> None:
    reading = of(r"Text.\par\pard\s1 Costs\par\pard\s4 Fuel\par\pard\s3 It was late.\par")
    article = reading.article
    assert article.title == "Pilots stay"
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert [tag.name for tag in article.tags] == ["ferry", "tides"]
    heads = [(h.level, plain(h.content)) for h in article.body if isinstance(h, Heading)]
    assert heads == [(2, "Costs"), (3, "Fuel")]
    assert isinstance(article.body[-1], Quote)
    assert "Page 1" not in article.model_dump_json()


def test_text_runs_links_and_special_characters_are_read() -> None:
    (paragraph,) = of(
        r"The {\b night} {\strike old}{\i\b x}\~caf\'e9 \u8364?2 \u-10179?\u-8704? "
        r'{\f1 \'cf\'e0\'f0} {\field{\*\fldinst HYPERLINK "https://e.example.org/a"}'
        r"{\fldrslt tides}}.\par"
    ).article.body
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.content) == "The night oldx\u00a0café €2 😀 Пар tides."
    types = [one.type for one in paragraph.content]
    assert types[:5] == ["text", "strong", "text", "strike", "emphasis"]
    (link,) = [one for one in paragraph.content if isinstance(one, Link)]
    assert link.url == "https://e.example.org/a"


def test_nested_lists_keep_their_numbers() -> None:
    (whole,) = of(
        r"\ls1\ilvl0 {\listtext 1.\tab}one\par\pard\ls1\ilvl1 deeper\par\pard\ls1\ilvl0 two\par"
    ).article.body
    assert isinstance(whole, List)
    assert whole.ordered
    inner = whole.items[0].blocks[1]
    assert isinstance(inner, List)
    assert not inner.ordered
    assert [list(passages(item.blocks)) for item in whole.items] == [["one", "deeper"], ["two"]]


def test_tables_are_read() -> None:
    table = of(
        r"Text.\par\trowd\pard\intbl Year\cell Boats\cell\row\trowd\pard\intbl 2025\cell\cell\row"
        r"\pard After.\par"
    ).article.body[1]
    assert isinstance(table, Table)
    assert [[plain(one) for one in row] for row in table.rows] == [["Year", "Boats"], ["2025", ""]]


def test_notes_come_last_and_comments_hidden_and_deleted_text_are_left_out() -> None:
    reading = of(
        r"High{\footnote\pard The office.\par} water.{\*\annotation Is this so?\par}"
        r"{\v SECRET}{\deleted gone}\par After.\par"
    )
    assert [type(one) for one in reading.article.body] == [Paragraph, Paragraph, Footnote]
    said = reading.article.model_dump_json()
    for word in ("Is this so?", "SECRET", "gone"):
        assert word not in said
    reported = [note.what for note in reading.notes if note.kind == "left out"]
    assert reported == ["the comment 'Is this so?'", "hidden text: 'SECRET'"]


def test_pictures_are_extracted() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "navy").save(out, "PNG")
    reading = of(r"Text.\par{\*\shppict{\pict\pngblip " + out.getvalue().hex() + r"}}\par")
    figure = reading.article.body[-1]
    assert isinstance(figure, Figure)
    assert reading.pictures == {figure.src: out.getvalue()}


def test_without_styles_the_first_line_is_the_headline() -> None:
    text = r"{\rtf1\ansi Pilots stay\par By Ruth Abara\par They stay until spring.\par}"
    article = read_one(text.encode(), "a.rtf").article
    assert article.title == "Pilots stay"
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert list(passages(article.body)) == ["They stay until spring."]


@pytest.mark.parametrize(
    "data", [b"", b"Just text", b"{\\rtf1", b"{\\rtf1" + b"{" * 100_000, b"{\\rtf1 }}}}}}"]
)
def test_the_error_for_a_file_that_is_not_rtf_is_one_line(data: bytes) -> None:
    assert refused(data, "a.rtf")


@pytest.mark.parametrize(
    "body",
    [
        r"\bin99999999999 x",
        r"\ansicpg1 x\'e9",
        r"\u-99999999? \'zz \'4",
        r"\trowd\intbl\cell\cell\row\footnote{\footnote{\footnote",
        r"\field{\fldrslt{\*\fldinst HYPERLINK}}",
        "\\" * 50_000,
        r"\pict zz" * 3_000,
        "x" * 1_000_000,
    ],
)
def test_hostile_rtf_is_still_read(body: str) -> None:
    assert of(r"Text.\par " + body).article.title == "Pilots stay"
