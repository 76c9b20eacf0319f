"""Each subscriber's mail is the same as if rendered for them alone, whatever their name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage

import jinja2
import pytest

from syndicate.errors import DeliveryError
from syndicate.letter import Enclosure, Letter, Subscriber
from syndicate.letter.placeholders import parse_merge, teach_merge_fields
from tests.letter.people import NASTY, people

SUBJECT = (
    '{{ subscriber.first_name | default("Reader") }}, {% call subscriber.tagged("member") %}'
    'thanks — {% endcall %}tides for {{ subscriber.town | upper | default("x") }}'
)
TEXT = """\
Dear {{ subscriber.first_name | default("reader") }},
.{{ subscriber.town | capitalize | default("you <there>", true) }}
{% call subscriber.tagged("local & co") %}
From {{ subscriber.town }}: come by. {% call subscriber.untagged("member") %}Join us!{% endcall %}

{% endcall %}
...and {{ subscriber.town | lower }}{{ subscriber.first_name }}.
{{ subscriber.unsubscribe_url }}
"""
HTML = """\
<p title="{{ subscriber.town | default("a & b") }}">Dear {{ subscriber.first_name }},</p>
<a href="https://gazette.example.org/?n={{ subscriber.first_name | urlencode }}&amp;x=1">Züge</a>
<table>{% call subscriber.tagged("member") %}<tr><td>{{ subscriber.address }}</td></tr>
{% endcall %}</table>
{% call subscriber.untagged("local & co") %}Far{% endcall %}
"""


class Known:
    """A subscriber as an ordinary template would get it, if rendered for each recipient."""

    def __init__(self, subscriber: Subscriber) -> None:
        self._tags = subscriber.tags
        values: Mapping[str, str] = {
            **subscriber.fields,
            "address": subscriber.address,
            "unsubscribe_url": subscriber.unsubscribe_url,
        }
        for name, value in values.items():
            if one := folded(value):
                setattr(self, name, one)

    def tagged(self, tag: str, caller: jinja2.runtime.Macro) -> object:
        return caller() if tag in self._tags else ""

    def untagged(self, tag: str, caller: jinja2.runtime.Macro) -> object:
        return caller() if tag not in self._tags else ""


def folded(value: str) -> str:
    """`value` on one line, as the guide promises; written independently of the code."""
    kept = [
        " " if c.isspace() else c
        for c in value
        if c in "\t\n\r"
        or not (
            c < " "
            or c == "\x7f"
            or "\u202a" <= c <= "\u202e"
            or "\u2066" <= c <= "\u2069"
            or "\ud800" <= c <= "\udfff"
            or "\ufdd0" <= c <= "\ufdef"
            or c in "\ufffe\uffff"
        )
    ]
    return re.sub(" +", " ", "".join(kept)).strip(" ")


def environment(*, escaped: bool) -> jinja2.Environment:
    return jinja2.Environment(autoescape=escaped, keep_trailing_newline=True)


def merged(template: str, *, escaped: bool = False) -> str:
    env = environment(escaped=escaped)
    teach_merge_fields(env)
    return env.from_string(template).render()


def letter(subject: str = SUBJECT, text: str = TEXT, html: str = HTML) -> Letter:
    return Letter(
        sender="desk@gazette.example.org",
        headers='From: "Gazette" <desk@gazette.example.org>\r\n',
        identity=("email.0012.0123456789abcdef", "gazette.example.org"),
        unsubscribe="https://gazette.example.org/unsubscribe/",
        mailto="mailto:desk@gazette.example.org?subject=unsubscribe",
        subject=parse_merge(merged(subject)),
        text=parse_merge(merged(text)),
        html=parse_merge(merged(html, escaped=True)),
    )


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> list[str]:
    """The decoded text of each leaf part."""
    leaves = [part for part in message.walk() if not part.is_multipart()]
    decoded = [part.get_payload(decode=True) for part in leaves]
    return [data.decode().replace("\r\n", "\n") for data in decoded if isinstance(data, bytes)]


def test_a_thousand_hostile_subscribers_get_the_same_as_from_jinja() -> None:
    made = Letter.read(letter().written())
    plain, markup = environment(escaped=False), environment(escaped=True)
    subject, text, html = (
        plain.from_string(SUBJECT),
        plain.from_string(TEXT),
        markup.from_string(HTML),
    )
    for subscriber in people(1000):
        content = made.to(subscriber)
        message = read(content)
        known = Known(subscriber)
        assert parts(message) == [text.render(subscriber=known), html.render(subscriber=known)]
        line = " ".join(subject.render(subscriber=known).split())
        assert message["Subject"] == line == made.subject_for(subscriber)
        assert sorted(message.keys()) == sorted(
            ["From", "To", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
             "MIME-Version", "Content-Type"]
        )  # fmt: skip
        assert message["To"] == subscriber.address
        assert not message.defects
        assert content.isascii()
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", content)
        body = content.partition(b"\r\n\r\n")[2]
        assert not re.search(rb"(?m)^(\.|From )", body)
        assert max(map(len, body.split(b"\r\n"))) <= 76
        assert max(map(len, content.split(b"\r\n"))) <= 998
        assert b"<" + subscriber.unsubscribe_url.encode() + b">," in content


def test_an_unknown_subscriber_gets_the_defaults() -> None:
    message = read(letter().to(Subscriber()))
    assert message["To"] is None
    assert message["Subject"] == "Reader, tides for"
    assert parts(message)[0].startswith("Dear reader,\n.you <there>\n")
    assert "<https://gazette.example.org/unsubscribe/>" in message["List-Unsubscribe"]


def test_message_ids_are_stable_and_unique() -> None:
    made = letter()
    one, other = Subscriber("a@example.org"), Subscriber("b@example.org")
    assert made.message_id_for(one) == letter().message_id_for(one)
    assert made.message_id_for(one) != made.message_id_for(other)
    assert read(made.to(one))["Message-ID"] == made.message_id_for(one)
    assert "example.org" not in made.message_id_for(one).partition("@")[0]


def test_one_click_is_offered_only_for_https() -> None:
    over = Subscriber("a@example.org", unsubscribe_url="http://u.example.org/1")
    assert "List-Unsubscribe-Post" not in read(letter().to(over))


@pytest.mark.parametrize("value", [name for name in NASTY if name.strip()] + ["x y@z.org"])
def test_values_that_would_break_a_header_are_refused(value: str) -> None:
    with pytest.raises(DeliveryError):
        Subscriber(address=value)
    with pytest.raises(DeliveryError):
        Subscriber(unsubscribe_url=value)
    with pytest.raises(DeliveryError):
        Subscriber(unsubscribe_mailto=value)


def test_pictures_can_be_enclosed() -> None:
    picture = Enclosure("x1@gazette.example.org", "image/png", bytes(range(256)) * 9)
    made = letter(html='<img src="cid:x1@gazette.example.org" alt="">')
    made = Letter.read(Letter(**{**vars(made), "enclosures": (picture,)}).written())
    message = read(made.to(Subscriber("a@example.org")))
    text, related = message.iter_parts()
    assert related.get_content_type() == "multipart/related"
    page, image = related.iter_parts()
    assert page.get_content_type() == "text/html"
    assert image["Content-ID"] == "<x1@gazette.example.org>"
    assert image.get_content() == picture.content
    assert not message.defects and text.get_content_type() == "text/plain"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"identity": 7}', b"null"])
def test_a_file_that_is_not_a_letter_is_refused(content: bytes) -> None:
    with pytest.raises(DeliveryError, match="not a letter"):
        Letter.read(content)
