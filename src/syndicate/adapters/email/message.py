"""The headers of a mail (RFC 5322, 2047, 2369, 2919, 5064, 8058), and the letter they belong to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote as percent

from syndicate.article.values import one_line
from syndicate.errors import RenderError
from syndicate.letter import Enclosure, Letter, headers
from syndicate.letter.placeholders import parse_merge
from syndicate.letter.subscriber import ADDRESS, LONGEST_ADDRESS, LONGEST_URL

_NAMED = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>")


@dataclass(frozen=True)
class Mailbox:
    """A name and an address (RFC 5322 `mailbox`); the domain is in its ASCII form."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> Mailbox:
        """The mailbox in `text`, which is `Name <user@host>` or `user@host`.

        Raises:
            ValueError: `text` is not a mailbox.
        """
        named = _NAMED.fullmatch(one_line(text))
        name, address = (named["name"], named["address"]) if named else ("", one_line(text))
        user, at, domain = address.rpartition("@")
        address = user + at + mail_host(domain)
        if not ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
            raise ValueError(f"{text!r} is not an address such as 'News <news@example.org>'")
        return cls(name.strip('" '), address)


@dataclass(frozen=True)
class Envelope:
    """The content of the headers.

    `channel` and `issue` together identify the mail among all mail of `authority`, an ASCII host
    name. `unsubscribe` and `archive` are absolute URLs in ASCII. `subject` is one line and may
    contain marks of merge fields.
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


def mail_host(host: str) -> str:
    """`host` in its DNS form (IDNA), with characters that are invalid there replaced by hyphens."""
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    return re.sub(r"[^A-Za-z0-9.-]", "-", host)


def mail_header_url(url: str) -> str:
    """`url` in ASCII, with characters encoded that would end it in a header or angle brackets.

    Raises:
        RenderError: the URL has more than 900 characters.
    """
    url = percent(url, safe="%/:=&?~#+!$;'@()*[]")
    if len(url) > LONGEST_URL:
        raise RenderError(
            f"a URL of {len(url)} characters is too long for a mail header, "
            f"which takes up to {LONGEST_URL}"
        )
    return url


def compose_letter(
    envelope: Envelope, text: str, html: str, enclosures: tuple[Enclosure, ...] = ()
) -> Letter:
    """The letter with this `text` and `html`, which may contain marks of merge fields.

    Its Message-ID is derived from the whole content.
    """
    digest = hashlib.sha256("\0".join((_identifying(envelope), text, html)).encode())
    for picture in enclosures:
        digest.update(picture.content)
    channel, authority = _label(envelope.channel), envelope.authority
    identity = f"{channel}.{_label(envelope.issue)}.{digest.hexdigest()[:24]}"
    return Letter(
        sender=envelope.sender.address,
        headers=b"".join(_headers(envelope, f"{channel}.{authority}")).decode("ascii"),
        identity=(identity, authority),
        unsubscribe=envelope.unsubscribe,
        mailto=f"mailto:{percent(envelope.sender.address, safe='@')}?subject=unsubscribe",
        subject=parse_merge(envelope.subject),
        text=parse_merge(text),
        html=parse_merge(html),
        enclosures=enclosures,
    )


def _identifying(envelope: Envelope) -> str:
    """The fields of `envelope` in the text form that a Message-ID has always been derived from.

    It is spelled out so that renaming a class or a field changes no Message-ID.
    """
    return (
        f"Envelope(sender={_identifying_mailbox(envelope.sender)}, "
        f"reply_to={_identifying_mailbox(envelope.reply_to) if envelope.reply_to else None}, "
        f"subject={envelope.subject!r}, date={envelope.date!r}, "
        f"list_name={envelope.list_name!r}, channel={envelope.channel!r}, "
        f"issue={envelope.issue!r}, authority={envelope.authority!r}, "
        f"unsubscribe={envelope.unsubscribe!r}, archive={envelope.archive!r}, "
        f"language={envelope.language!r})"
    )


def _identifying_mailbox(mailbox: Mailbox) -> str:
    return f"Mailbox(name={mailbox.name!r}, address={mailbox.address!r})"


def _headers(envelope: Envelope, list_id: str) -> Iterator[bytes]:
    yield headers.header_mailbox("From", one_line(envelope.sender.name), envelope.sender.address)
    if envelope.reply_to:
        yield headers.header_mailbox(
            "Reply-To", one_line(envelope.reply_to.name), envelope.reply_to.address
        )
    yield headers.header_field("Date", format_datetime(envelope.date))
    yield headers.header_mailbox("List-Id", one_line(envelope.list_name), list_id)
    yield headers.header_field("Archived-At", f"<{envelope.archive}>")
    yield headers.header_field("Content-Language", envelope.language)


def _label(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:63] or "mail"
