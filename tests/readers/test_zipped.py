"""ZIP archives: a Google document with its pictures, a Substack export, and others."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from syndicate.article import Figure
from syndicate.article.text import passages
from syndicate.readers import read
from tests.readers.reading import read_one, refused, source


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "navy").save(out, "PNG")
    return out.getvalue()


def test_a_google_document_is_imported_with_its_pictures() -> None:
    page = (
        '<html><head><style>.c1{font-weight:700}</style></head><body class="doc-content">'
        '<p class="title">Pilots stay</p><p>They <span class="c1">stay</span>.</p>'
        '<p><img alt="A quay" src="images/image1.png"></p></body></html>'
    )
    data = packed(Pilots_dot_html=page, images__image1_dot_png=picture())
    reading = read_one(data, "desk/export.zip")
    assert reading.article.title == "Pilots stay"
    (figure,) = [block for block in reading.article.body if isinstance(block, Figure)]
    assert figure.src.startswith("desk/export-")
    assert reading.pictures == {figure.src: picture()}


def test_a_substack_export_keeps_drafts_and_dates() -> None:
    table = (
        "post_id,post_date,is_published,type,audience,title,subtitle\n"
        "11.pilots,2026-10-06T08:12:00.000Z,true,newsletter,only_paid,Pilots stay,Until spring\n"
        "12.ropes,,false,newsletter,everyone,Ropes,\n13.gone,,true,newsletter,everyone,Gone,\n"
    )
    data = packed(
        posts_dot_csv=table,
        **{
            "posts__11.pilots_dot_html": "<p>They stay.</p>",
            "posts__12.ropes_dot_html": "<p>R</p>",
        },
    )
    first, second = read(source(data, "substack.zip"))
    article = first.article
    assert (article.title, article.subtitle, article.slug) == (
        *("Pilots stay", "Until spring", "pilots"),
    )
    assert (article.status, article.access) == ("usable", "paid")
    assert article.published.isoformat() == "2026-10-06T08:12:00+00:00"
    assert list(passages(article.body)) == ["They stay."]
    assert second.article.status == "draft"
    reported = [note.what for one in (first, second) for note in one.notes]
    assert any("'Gone'" in what for what in reported)


def test_the_error_for_another_archive_says_what_to_do() -> None:
    (error,) = refused(packed(a_dot_txt="x"), "a.zip")
    assert error.hint == "unpack it and add the files in it"
    assert refused(b"PK", "a.zip")
