"""The top of text files: JSON front matter, and lines with labels such as "Headline:"."""

from __future__ import annotations

import pytest

from syndicate.article import Figure, List, Quote, Table
from syndicate.article.text import passages, plain
from tests.readers.reading import article_of, read_one, refused

BODY = (
    "The harbour board voted on Monday to bring the night ferry back.\n\n"
    "It sails at one every night of the year, and nobody has to walk.\n"
)


LOCAL = {
    "Titular": "La junta del puerto votó el lunes que el ferri nocturno vuelva a salir.\n\n"
    "Sale a la una todas las noches del año, y nadie tiene que ir a pie.\n",
    "Titel": "Der Hafenrat hat am Montag beschlossen, dass die Nachtfähre wieder fährt.\n\n"
    "Sie legt in jeder Nacht des Jahres um eins ab, und niemand muss zu Fuß gehen.\n",
    "Titre": "Le conseil du port a voté lundi le retour du ferry de nuit dans la ville.\n\n"
    "Il part à une heure toutes les nuits de l’année, et personne ne doit marcher.\n",
}


def test_json_front_matter_from_hugo_is_read() -> None:
    text = '{\n  "title": "Night ferry returns",\n  "date": "2026-10-05T10:00:00Z",\n'
    text += '  "tags": ["ferry", "night"],\n  "draft": false,\n  "description": null\n}\n\n' + BODY
    for name in ("note.md", "note.txt"):
        article = article_of(text, name)
        assert article.title == "Night ferry returns"
        assert article.published.isoformat() == "2026-10-05T10:00:00+00:00"
        assert [tag.name for tag in article.tags] == ["ferry", "night"]
        assert len(article.body) == 2


def test_errors_in_json_front_matter_have_their_places() -> None:
    (error,) = refused('{\n  "title": "A",\n  "titel": "B"\n}\n\n' + BODY)
    assert error.where is not None and error.where.line == 3
    (error,) = refused('{\n  "title": "A",\n  "date" 5\n}\n\n' + BODY)
    assert error.where is not None and error.where.line == 3
    (error,) = refused('{\n  "title": "A",\n  "title": "B"\n}\n\n' + BODY)
    assert "'title' is given twice" in error.message
    (error,) = refused('{"title": ' + "[" * 100_000)
    assert "JSON front matter" in error.message


def test_a_brace_that_does_not_open_an_object_is_text() -> None:
    assert article_of("{Night ferry} returns\n\n" + BODY, "note.txt").title[:1] == "{"


@pytest.mark.parametrize(
    ("head", "title", "author", "day"),
    [
        (
            "Headline: Night ferry returns\nBy: Ines Okafor\nDate: 5 October 2026\n\n",
            "Night ferry returns",
            "Ines Okafor",
            "2026-10-05",
        ),
        (
            "Titular: Vuelve el ferri\nPor: Inés Robles\nFecha: 5 de octubre de 2026\n\n",
            "Vuelve el ferri",
            "Inés Robles",
            "2026-10-05",
        ),
        (
            "Titel: Die Fähre kehrt zurück\n\nVon: Jörg Ahlers\n\nDatum: 5. Oktober 2026\n\n",
            "Die Fähre kehrt zurück",
            "Jörg Ahlers",
            "2026-10-05",
        ),
        (
            "Titre : Le ferry revient\nAuteur : Anne Le Goff\nDate : 5 octobre 2026\n\n",
            "Le ferry revient",
            "Anne Le Goff",
            "2026-10-05",
        ),
    ],
)
def test_labelled_lines_at_the_top_become_metadata(
    head: str, title: str, author: str, day: str
) -> None:
    reading = read_one(head + LOCAL.get(head.split()[0].rstrip(":"), BODY), "note.txt")
    article = reading.article
    assert (article.title, article.byline) == (title, author)
    assert article.published.date().isoformat() == day
    assert len(article.body) == 2
    assert any("labelled lines" in note.what for note in reading.notes)


def test_without_a_headline_label_the_first_line_of_text_is_the_headline() -> None:
    article = article_of(
        "By: Ines Okafor\nSection: Harbour\nKeywords: ferry, night\n\nNight ferry returns\n\n"
        + BODY,
        "note.txt",
    )
    assert (article.title, article.section) == ("Night ferry returns", "Harbour")
    assert [tag.name for tag in article.tags] == ["ferry", "night"]


def test_a_single_label_other_than_headline_is_text() -> None:
    assert article_of("Place: the harbour\n\n" + BODY, "note.txt").title == "Place: the harbour"


def test_html_inside_markdown_keeps_its_structure() -> None:
    article = article_of(
        "# Night ferry returns\n\nThe fares are below.\n\n"
        "<table><caption>Fares</caption><tr><th>Who</th><th>Price</th></tr>\n"
        "<!-- checked --><tr><td>Adults</td><td>4</td></tr></table>\n\n"
        '<figure><img src="boat.jpg" alt="A boat"><figcaption>The boat</figcaption></figure>\n\n'
        "<ul><li>Bikes ride free</li><li>Dogs too</li></ul>\n\n"
        "<blockquote><p>We waited.</p></blockquote>\n\n<div>Just <b>words</b></div>\n"
    )
    _, table, figure, items, quote, words = article.body
    assert isinstance(table, Table) and plain(table.caption) == "Fares" and len(table.rows) == 1
    assert isinstance(figure, Figure) and figure.src.endswith("boat.jpg")
    assert plain(figure.caption) == "The boat" and figure.alt == "A boat"
    assert isinstance(items, List) and len(items.items) == 2
    assert isinstance(quote, Quote)
    assert list(passages((words,))) == ["Just words"]


def test_html_inside_markdown_cannot_show_files_outside_the_newsroom() -> None:
    (error,) = refused("# A\n\nWords.\n\n<figure><img src='../../../etc/passwd'></figure>\n")
    assert "is outside content/" in error.message
    text = "# A\n\nWords.\n\n<figure><img src='file:///etc/passwd'><script>x()</script></figure>\n"
    assert all(not isinstance(block, Figure) for block in article_of(text).body)
