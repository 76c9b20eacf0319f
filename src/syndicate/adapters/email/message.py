"""What the headers of a mail say (RFC 5322, 2047, 2369, 2919, 5064, 8058), around its parts."""

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
from syndicate.letter.placeholders import parse
from syndicate.letter.subscriber import ADDRESS, LONGEST_ADDRESS, LONGEST_URL

_NAMED = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>")


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
        if not ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
            raise ValueError(f"{text!r} is not an address such as 'News <news@example.org>'")
        return cls(name.strip('" '), address)


@dataclass(frozen=True)
class Envelope:
    """What the headers say.

    `channel` and `issue` name the mail apart from all others of `authority`, an ASCII host;
    `unsubscribe` and `archive` are absolute URLs of ASCII characters. `subject` is
    one line, which may hold marks.
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


def compose(
    envelope: Envelope, text: str, html: str, enclosures: tuple[Enclosure, ...] = ()
) -> Letter:
    """The letter of two pages, which may hold marks; its Message-ID is derived from all of it."""
    digest = hashlib.sha256("\0".join((_told(envelope), text, html)).encode())
    for one in enclosures:
        digest.update(one.content)
    channel, authority = _label(envelope.channel), envelope.authority
    identity = f"{channel}.{_label(envelope.issue)}.{digest.hexdigest()[:24]}"
    return Letter(
        sender=envelope.sender.address,
        headers=b"".join(_headers(envelope, f"{channel}.{authority}")).decode("ascii"),
        identity=(identity, authority),
        unsubscribe=envelope.unsubscribe,
        mailto=f"mailto:{percent(envelope.sender.address, safe='@')}?subject=unsubscribe",
        subject=parse(envelope.subject),
        text=parse(text),
        html=parse(html),
        enclosures=enclosures,
    )


def _told(envelope: Envelope) -> str:
    """The fields of `envelope` as they have always gone into a Message-ID.

    Spelled out, so that no Message-ID depends on what a class or a field is called.
    """
    return (
        f"Envelope(sender={_told_mailbox(envelope.sender)}, "
        f"reply_to={_told_mailbox(envelope.reply_to) if envelope.reply_to else None}, "
        f"subject={envelope.subject!r}, date={envelope.date!r}, "
        f"list_name={envelope.list_name!r}, channel={envelope.channel!r}, "
        f"issue={envelope.issue!r}, authority={envelope.authority!r}, "
        f"unsubscribe={envelope.unsubscribe!r}, archive={envelope.archive!r}, "
        f"language={envelope.language!r})"
    )


def _told_mailbox(mailbox: Mailbox) -> str:
    return f"Mailbox(name={mailbox.name!r}, address={mailbox.address!r})"


def _headers(envelope: Envelope, list_id: str) -> Iterator[bytes]:
    yield headers.named("From", one_line(envelope.sender.name), envelope.sender.address)
    if envelope.reply_to:
        yield headers.named("Reply-To", one_line(envelope.reply_to.name), envelope.reply_to.address)
    yield headers.field("Date", format_datetime(envelope.date))
    yield headers.named("List-Id", one_line(envelope.list_name), list_id)
    yield headers.field("Archived-At", f"<{envelope.archive}>")
    yield headers.field("Content-Language", envelope.language)


def _label(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:63] or "mail"
