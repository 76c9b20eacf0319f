"""Mails in files: headers, signatures, quoted mails, pictures and other attachments."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from PIL import Image

from syndicate.article import Figure
from syndicate.article.text import passages
from tests.readers.reading import read_one, refused

LEDE = "The pilots of the harbour will keep the night watch until spring, the board said on Monday."
MORE = "Two boats a night need a pilot, and in winter there are more of them than in summer."


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "navy").save(out, "PNG")
    return out.getvalue()


def mail(plain: str = "", markup: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Fwd: Lotsen bleiben – vorerst"
    message["From"] = "Ruth Abara <ruth@example.org>"
    message["To"] = "desk@example.org"
    message["Date"] = "Tue, 06 Oct 2026 10:12:00 +0200"
    if plain:
        message.set_content(plain)
        if markup:
            message.add_alternative(markup, subtype="html")
    else:
        message.set_content(markup, subtype="html")
    return message


PLAIN = f"{LEDE}\n\n{MORE}\n\n-- \nRuth Abara\n+353 1 555 0111\n"
MARKUP = (
    f"<html><body><p>{LEDE}</p><p>{MORE} <b>More</b> at <a href='https://e.example.org/'>e</a>.</p>"
    "<div class='gmail_signature'>Ruth Abara, +353 1 555 0111</div>"
    "<div class='gmail_quote'>On Monday Bo wrote: <blockquote>Where is it?</blockquote></div>"
    "</body></html>"
)


@pytest.mark.parametrize("message", [mail(PLAIN), mail(markup=MARKUP), mail(PLAIN, MARKUP)])
def test_headers_become_metadata_and_signature_and_quoted_mail_are_left_out(
    message: EmailMessage,
) -> None:
    reading = read_one(message.as_bytes(), "filed.eml")
    article = reading.article
    assert article.title == "Lotsen bleiben – vorerst"
    assert [person.name for person in article.contributors] == ["Ruth Abara"]
    assert article.published.isoformat() == "2026-10-06T08:12:00+00:00"
    said = article.model_dump_json()
    assert next(iter(passages(article.body))) == LEDE
    for word in ("555", "ruth@example.org", "Where is it"):
        assert word not in said


def test_links_in_html_mail_are_kept() -> None:
    reading = read_one(mail(markup=MARKUP).as_bytes(), "filed.eml")
    assert "https://e.example.org/" in reading.article.model_dump_json()


@pytest.mark.parametrize("shown", [True, False])
def test_pictures_are_imported_and_other_attachments_reported(shown: bool) -> None:
    inside = "<img src='cid:a1'>" if shown else ""
    message = mail(markup=f"<p>{LEDE}</p>{inside}<p>{MORE}</p>")
    message.add_attachment(picture(), "image", "png", filename="quay.png", cid="<a1>")
    message.add_attachment(b"%PDF", "application", "pdf", filename="report.pdf")
    reading = read_one(message.as_bytes(), "filed.eml")
    figures = [block for block in reading.article.body if isinstance(block, Figure)]
    assert [reading.pictures[figure.src] for figure in figures] == [picture()]
    assert any("the attachment 'report.pdf'" in note.what for note in reading.notes)


def test_a_picture_attached_to_a_plain_text_mail_comes_last() -> None:
    message = mail(PLAIN)
    message.add_attachment(picture(), "image", "png", filename="quay.png")
    reading = read_one(message.as_bytes(), "filed.eml")
    assert isinstance(reading.article.body[-1], Figure)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a mail"),
        (b"just some text\n\nand more", "not a mail"),
        (b"Subject: x\nFrom: y\n\n", "no text"),
        (b"Subject: x\nContent-Type: multipart/encrypted; boundary=a\n\n--a\n\n--a--", "encrypted"),
        (b"From: y\nSubject: " + b"=?utf-8?q?=41?= " * 7_000 + b"\n\nText.", "than 100,000"),
    ],
)
def test_a_file_that_is_not_a_mail_is_refused(data: bytes, says: str) -> None:
    assert says in refused(data, "a.eml")[0].message
