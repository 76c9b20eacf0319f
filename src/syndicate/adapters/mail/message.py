"""The message itself: RFC 5322 headers and a multipart/alternative body, always the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, quote
from urllib.parse import quote as percent

from syndicate.article.values import one_line
from syndicate.errors import RenderError

_WIRE = compat32.clone(linesep="\r\n", max_line_length=76)
_PLAIN = re.compile(r"[ -~]{0,60}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NAMED = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>")
LONGEST_URL = 900  # RFC 5322, section 2.1.1: no line may pass 998 characters


@dataclass(frozen=True)
class Mailbox:
    """A name and an address (RFC 5322 `mailbox`); the domain is in its ASCII form."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> Mailbox:
        """The mailbox that `text` is: `Name <user@host>` or `user@host`.

        Raises:
            ValueError: it is none.
        """
        named = _NAMED.fullmatch(one_line(text))
        name, address = (named["name"], named["address"]) if named else ("", one_line(text))
        user, at, domain = address.rpartition("@")
        address = user + at + ascii_host(domain)
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise ValueError(f"{text!r} is not an address such as 'News <news@example.org>'")
        return cls(name.strip('" '), address)


@dataclass(frozen=True)
class Envelope:
    """What the headers say.

    `channel` and `issue` name the mail apart from all others of `authority`, an ASCII host;
    `unsubscribe` and `archive` are absolute URLs of ASCII characters.
    """

    sender: Mailbox
    reply_to: Mailbox | None
    subject: str
    date: datetime
    list_name: str
    channel: str
    issue: str
    authority: str
    unsubscribe: str
    archive: str
    language: str


def ascii_host(host: str) -> str:
    """`host` as DNS spells it (IDNA); characters that no host has become hyphens."""
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    return re.sub(r"[^A-Za-z0-9.-]", "-", host)


def ascii_url(url: str) -> str:
    """`url` in ASCII, without what would end it in a header or between angle brackets.

    Raises:
        RenderError: it has more than 900 characters.
    """
    url = percent(url, safe="%/:=&?~#+!$;'@()*[]")
    if len(url) > LONGEST_URL:
        raise RenderError(f"a URL of {len(url)} characters is too long for a mail header")
    return url


def message(envelope: Envelope, text: str, html: str) -> bytes:
    """The mail in CRLF lines of at most 998 ASCII bytes, without recipients.

    Boundary and Message-ID are derived from the content. Headers follow RFC 5322, 2047, 2369,
    2919, 5064 and 8058. Values are encoded here and never read back, so an encoded word in an
    article's title stays what it is: letters.
    """
    content = "\0".join((repr(envelope), text, html))
    digest = hashlib.sha256(content.encode()).hexdigest()[:24]
    # "=_" cannot occur in quoted-printable text (RFC 2045, section 6.7).
    mail = MIMEMultipart("alternative", boundary=f"=_{digest}")
    for name, value in _headers(envelope, digest):
        mail[name] = value  # type: ignore[assignment]
    charset = Charset("utf-8")
    charset.body_encoding = QP
    for body, kind in ((text, "plain"), (html, "html")):
        lines = body.replace("\r\n", "\n").replace("\r", "\n")
        part = MIMEText(lines, kind, charset)  # type: ignore[arg-type]
        del part["MIME-Version"]
        mail.attach(part)
    return mail.as_bytes(policy=_WIRE)


def _headers(envelope: Envelope, digest: str) -> Iterator[tuple[str, Header]]:
    sender, unsubscribe = envelope.sender, envelope.unsubscribe
    yield "From", _mailbox("From", sender)
    if envelope.reply_to:
        yield "Reply-To", _mailbox("Reply-To", envelope.reply_to)
    yield "Subject", _text("Subject", envelope.subject)
    yield "Date", Header(format_datetime(envelope.date))
    channel, authority = _label(envelope.channel), envelope.authority
    yield "Message-ID", _whole(f"<{channel}.{_label(envelope.issue)}.{digest}@{authority}>")
    yield "List-Id", _named("List-Id", envelope.list_name, f"{channel}.{authority}")
    mailto = f"mailto:{percent(sender.address, safe='@')}?subject=unsubscribe"
    yield "List-Unsubscribe", _whole(f"<{unsubscribe}>, <{mailto}>")
    if unsubscribe.startswith("https://"):
        yield "List-Unsubscribe-Post", Header("List-Unsubscribe=One-Click")
    yield "Archived-At", _whole(f"<{envelope.archive}>")
    yield "Content-Language", Header(envelope.language)


def _label(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:63] or "mail"


def _text(header: str, text: str) -> Header:
    """Text as it stands if every reader takes it so, else in encoded words (RFC 2047)."""
    text = one_line(text)
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return Header(text, header_name=header)
    return Header(text, "utf-8", header_name=header)


def _mailbox(header: str, mailbox: Mailbox) -> Header:
    if not mailbox.name:
        return Header(mailbox.address, header_name=header)
    return _named(header, mailbox.name, mailbox.address)


def _named(header: str, name: str, specification: str) -> Header:
    """A display name before what stands in angle brackets."""
    name = one_line(name)
    if _PLAIN.fullmatch(name) and "=?" not in name:
        return _whole(f'"{quote(name)}" <{specification}>')
    value = Header(name, "utf-8", header_name=header)
    value.append(f"<{specification}>", "us-ascii")
    return value


def _whole(ascii_text: str) -> Header:
    """ASCII that folds at its spaces alone: a URL is never cut or put into encoded words."""
    return Header(ascii_text, "us-ascii")
