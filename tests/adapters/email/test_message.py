"""Headers and MIME: the message is as intended, whatever the title of an article."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndicate.adapters.email.message import (
    Envelope,
    Mailbox,
    compose_letter,
    mail_header_url,
    mail_host,
)
from syndicate.article.values import one_line
from syndicate.errors import RenderError
from syndicate.letter import Subscriber
from tests.adapters.email.mails import body, parsed

ENVELOPE = Envelope(
    sender=Mailbox("The Harbour Gazette", "desk@gazette.example.org"),
    reply_to=None,
    subject="Night ferry returns",
    date=datetime(2026, 10, 5, 12, 0, tzinfo=UTC),
    list_name="The Harbour Gazette",
    channel="email",
    issue="0012",
    authority="gazette.example.org",
    unsubscribe="https://gazette.example.org/unsubscribe/",
    archive="https://gazette.example.org/email/0012.html",
    language="en",
)
NAMES = [
    "From",
    "Date",
    "List-Id",
    "Archived-At",
    "Content-Language",
    "Subject",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
]
ENCODED_CRLF = "Hi =?UTF-8?Q?=0D=0A?=Bcc: x@example.net"


def message(envelope: Envelope, text: str, html: str) -> bytes:
    """The mail as a recipient without any data gets it."""
    return compose_letter(envelope, text, html).to(Subscriber())


def raw_header(content: bytes, name: str) -> str:
    """The header as it is sent, unfolded."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    unfolded = re.sub(r"\r\n[ \t]", " ", head)
    return next(line for line in unfolded.split("\r\n") if line.startswith(f"{name}: "))


def test_a_mail_program_reads_the_same_headers() -> None:
    mail = parsed(message(ENVELOPE, "Grüße\n", "<p>Grüße</p>\n"))
    assert list(mail.keys()) == NAMES
    assert mail["From"].addresses[0].display_name == "The Harbour Gazette"
    assert mail["From"].addresses[0].addr_spec == "desk@gazette.example.org"
    assert mail["Date"].datetime == ENVELOPE.date
    assert mail["List-Id"] == '"The Harbour Gazette" <email.gazette.example.org>'
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"] == (
        "<https://gazette.example.org/unsubscribe/>, "
        "<mailto:desk@gazette.example.org?subject=unsubscribe>"
    )
    assert re.fullmatch(r"<email\.0012\.[0-9a-f]{24}@gazette\.example\.org>", mail["Message-ID"])
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert body(mail, "plain") == "Grüße\n"
    assert body(mail, "html") == "<p>Grüße</p>\n"


def test_a_message_id_is_the_same_as_in_earlier_releases() -> None:
    """So a mail that is rendered again with the same words is recognised, even if code changed."""
    answered = replace(ENVELOPE, reply_to=Mailbox("Ines", "ines@gazette.example.org"))
    made = [compose_letter(one, "Hi", "<p>Hi</p>").identity[0] for one in (ENVELOPE, answered)]
    assert made == ["email.0012.03a99af65fa6543285354e6a", "email.0012.bb6dc542673c7dd02d3b8f10"]


def test_the_message_is_ascii_with_crlf_and_short_lines() -> None:
    content = message(ENVELOPE, "Ü" * 5000 + "\n.\n..dot\nFrom me\n", "<p>" + "x" * 5000 + "</p>")
    assert content.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", content)
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert body(parsed(content), "plain") == "Ü" * 5000 + "\n.\n..dot\nFrom me\n"


def test_a_long_url_stays_whole() -> None:
    url = "https://gazette.example.org/u/" + "a1,b;c=&" * 36
    long = replace(ENVELOPE, unsubscribe=url, archive=url)
    content = message(long, "t\n", "h\n")
    assert f"<{url}>".encode() in content
    assert raw_header(content, "List-Unsubscribe").startswith(f"List-Unsubscribe: <{url}>, <mailto")
    assert b"=?utf-8?" not in content


def test_one_click_is_offered_only_over_https() -> None:
    plain = replace(ENVELOPE, unsubscribe="http://gazette.example.org/unsubscribe/")
    assert "List-Unsubscribe-Post" not in parsed(message(plain, "t\n", "h\n"))


@pytest.mark.parametrize("policy_", [policy.SMTP, policy.default, policy.compat32])
def test_an_encoded_line_end_in_a_title_adds_no_header(policy_: policy.Policy) -> None:
    content = message(replace(ENVELOPE, subject=ENCODED_CRLF), "t\n", "h\n")
    assert b"\nBcc" not in content
    assert parsed(content)["Subject"] == ENCODED_CRLF
    again = message_from_bytes(content, policy=policy_)
    assert list(again.keys()) == NAMES


texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\r\n\0\t =?<>",;:@()\\'),
    max_size=300,
)


@settings(max_examples=60, deadline=None)
@given(subject=texts, name=texts, title=texts)
@example(subject=ENCODED_CRLF, name=ENCODED_CRLF, title=ENCODED_CRLF)
@example(subject="a\r\nBcc: x@example.net\r\n\r\nbody", name='"', title="\\")
@example(subject="x" * 3000, name="y" * 3000, title="=?utf-8?b??=" * 99)
def test_no_text_adds_a_header_or_breaks_the_parts(subject: str, name: str, title: str) -> None:
    envelope = replace(
        ENVELOPE,
        subject=one_line(subject),
        sender=replace(ENVELOPE.sender, name=name),
        reply_to=Mailbox(name, "reply@gazette.example.org"),
        list_name=title,
    )
    content = message(envelope, "text\n", "html\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    mail = parsed(content)
    assert sorted(mail.keys()) == sorted([*NAMES, "Reply-To"])
    assert mail["From"].addresses[0].addr_spec == "desk@gazette.example.org"
    assert len(mail["From"].addresses) == 1
    assert [body(mail, kind) for kind in ("plain", "html")] == ["text\n", "html\n"]
    assert mail["Subject"] == one_line(subject)


@settings(max_examples=60, deadline=None)
@given(text=texts, html=texts)
def test_bodies_are_decoded_without_loss(text: str, html: str) -> None:
    mail = parsed(message(ENVELOPE, text, html))
    for said, kind in ((text, "plain"), (html, "html")):
        lines = said.replace("\r\n", "\n").replace("\r", "\n")
        assert body(mail, kind).rstrip("\r\n") == lines.rstrip("\n")


@settings(max_examples=60, deadline=None)
@given(text=texts | st.emails())
def test_an_invalid_mailbox_is_an_error(text: str) -> None:
    try:
        mailbox = Mailbox.parse(text)
    except ValueError:
        return
    content = message(replace(ENVELOPE, sender=mailbox), "t\n", "h\n")
    assert list(parsed(content).keys()) == NAMES
    assert parsed(content)["From"].addresses[0].addr_spec == mailbox.address


def test_mailboxes_are_parsed_as_people_write_them() -> None:
    assert Mailbox.parse("a@b.example") == Mailbox("", "a@b.example")
    assert Mailbox.parse('"Ada, L." <a@b.example>') == Mailbox("Ada, L.", "a@b.example")
    assert Mailbox.parse("Ada <a@bücher.example>").address == "a@xn--bcher-kva.example"
    for bad in ("", "a", "a@", "<a@b", "a@b.example, c@d.example", "a b@c.example", "ü@b.example"):
        with pytest.raises(ValueError, match="is not an address"):
            Mailbox.parse(bad)


def test_hosts_and_urls_become_ascii() -> None:
    assert mail_host("bücher.example") == "xn--bcher-kva.example"
    assert mail_host("::1") == "--1"
    assert mail_header_url("https://a.example/ü>\r\n<x?q=%20&a=b") == (
        "https://a.example/%C3%BC%3E%0D%0A%3Cx?q=%20&a=b"
    )
    with pytest.raises(RenderError, match="too long"):
        mail_header_url("https://a.example/" + "x" * 900)
