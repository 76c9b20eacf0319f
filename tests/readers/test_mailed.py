"""Plain text from mails, and plain text in old encodings."""

from __future__ import annotations

import pytest

from syndicate.article.text import passages
from tests.readers.reading import read_one, refused

BODY = "The pilots of the harbour will keep the night watch until spring, the board decided.\n"
HEAD = (
    "Subject: Fwd: Pilots keep the watch\nFrom: Ruth Abara <ruth@example.org>\n"
    "Date: Tue, 6 Oct 2026 10:12:00 +0200\nTo: desk@example.org\n\n"
)
END = "-- \nRuth Abara\nReporter, The Quay\n+353 1 555 0111\n\nSent from my iPhone\n"


def test_mail_headers_become_metadata_and_the_signature_is_left_out() -> None:
    reading = read_one(HEAD + BODY + "\n" + END, "note.txt")
    article = reading.article
    assert article.title == "Pilots keep the watch"
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert article.published.isoformat() == "2026-10-06T08:12:00+00:00"
    assert list(passages(article.body)) == [BODY.strip()]
    assert "555" not in article.model_dump_json()
    assert "ruth@example.org" not in article.model_dump_json()
    assert reading.lines == (6,)


@pytest.mark.parametrize(
    "head",
    [
        "Betreff: Lotsen bleiben\nVon: Ruth Abara\nGesendet: 6. Oktober 2026 10:12\nAn: Desk\n\n",
        "From: Ruth Abara\nSubject: =?utf-8?q?Lotsen_bleiben?=\nX-Mailer: x\n\n",
        "Objet: Lotsen\n bleiben\nDe: Ruth Abara\n\n",
    ],
)
def test_headers_in_other_languages_and_from_many_mail_programs_are_read(head: str) -> None:
    article = read_one(head + BODY, "note.txt").article
    assert article.title == "Lotsen bleiben"
    assert [person.name for person in article.contributors] == ["Ruth Abara"]


def test_the_quoted_mail_below_a_reply_is_left_out() -> None:
    quoted = "\nOn Mon, 5 Oct 2026, Bo wrote:\n> Where is it?\n> I wait.\n"
    passed = "\n-----Original Message-----\nFrom: Bo\n\nWhere is it?\n"
    for more in (quoted, passed):
        reading = read_one(HEAD + BODY + more, "note.txt")
        assert list(passages(reading.article.body)) == [BODY.strip()]
        assert any(note.kind == "left out" for note in reading.notes)


def test_text_that_is_not_a_mail_keeps_its_dashes() -> None:
    text = f"Pilots keep the watch\n\n{BODY}\nFrom: here on it is quiet.\n\n{BODY}"
    assert len(read_one(text, "note.txt").article.body) == 3


COPY = "Café ferry stays\n\nBy Ines Okafor\n\nIt costs €2 — “a lot”, said Søren Ñandú.\n"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("name", ["note.txt", "note.md"])
def test_old_encodings_are_read(encoding: str, name: str) -> None:
    text = COPY if name == "note.txt" else "# " + COPY
    reading = read_one(text.encode(encoding), name)
    assert reading.article.title == "Café ferry stays"
    assert "It costs €2 — “a lot”, said Søren Ñandú." in list(passages(reading.article.body))


@pytest.mark.parametrize("encoding", ["cp1251", "cp1253", "koi8-r"])
def test_old_encodings_of_other_alphabets_are_not_mistaken_for_western(encoding: str) -> None:
    words = "Паром" if encoding != "cp1253" else "Λιμάνι"
    (error,) = refused(f"{words}\n\n{words * 9}\n".encode(encoding), "note.txt")
    assert error.hint == "save the file as UTF-8"


@pytest.mark.parametrize("name", ["note.txt", "note.md"])
def test_zero_width_characters_do_not_make_a_paragraph(name: str) -> None:
    head = "# Ferry" if name == "note.md" else "Ferry"
    text = f"{head}\n\n\u200b\n\nIt sails —\u200b now.\n\n\ufeff\n\nIt\u200bwaits.\n"
    assert list(passages(read_one(text, name).article.body)) == [
        "It sails — now.",
        "It\u200bwaits.",
    ]
