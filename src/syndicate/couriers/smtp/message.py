"""Turns a delivery into the message for one recipient."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

from syndicate.couriers.contract import Delivery
from syndicate.errors import DeliveryError, RefusedError
from syndicate.letter import MEDIA_TYPE, Letter, Subscriber
from syndicate.letter.dkim import Signer

BOOKS = ("application/epub+zip", "application/pdf")
_LARGEST_BOOK = 36_000_000  # bytes; about 50 MB in base64, the limit of most mail services


@dataclass(frozen=True)
class Message:
    """A message for the mail server: the envelope sender, and CRLF lines that never start with a
    dot."""

    sender: str
    content: bytes


@dataclass
class MessageWriter:
    """Writes messages; each artifact is read only once.

    Args:
        sender: the sender of books.
        return_path: the envelope sender, if it differs from the sender of the message.
        signers: the DKIM signatures to add.
    """

    sender: str | None
    return_path: str | None
    signers: Sequence[Signer]
    _letters: dict[str, Letter] = field(default_factory=dict)

    def write(self, delivery: Delivery) -> Message:
        """The message for `delivery`.

        Raises:
            DeliveryError: the message cannot be written.
        """
        if delivery.media_type in BOOKS:
            message = self._book(delivery)
        else:
            letter = self.letter(delivery)
            person = delivery.subscriber or Subscriber(delivery.unit)
            message = Message(self.return_path or letter.sender, letter.to(person))
        content = message.content
        for signer in self.signers:
            content = signer.sign(content)
        return Message(message.sender, content)

    def letter(self, delivery: Delivery) -> Letter:
        """The letter in the artifact of `delivery`."""
        if delivery.digest not in self._letters:
            if delivery.media_type != MEDIA_TYPE:
                raise DeliveryError(f"{delivery.artifact} is not a letter")
            self._letters[delivery.digest] = Letter.read(_content(delivery))
        return self._letters[delivery.digest]

    def _book(self, delivery: Delivery) -> Message:
        """A mail with a book attached, as e-readers accept it. Always the same bytes."""
        if self.sender is None:
            raise DeliveryError(
                "the sender of books is missing",
                hint='add from = "desk@example.org" under [deliver]',
            )
        content = _content(delivery)
        if len(content) > _LARGEST_BOOK:
            raise RefusedError(
                f"{delivery.artifact} is too large to mail: {len(content):,} bytes, "
                f"the limit is {_LARGEST_BOOK:,}",
                hint="lower image_width in the channel's file",
            )
        name = delivery.artifact.rpartition("/")[2]
        to = Subscriber(delivery.unit).address
        mark = hashlib.sha256(f"{delivery.channel}\0{delivery.digest}\0{to}".encode()).hexdigest()
        mail = MIMEMultipart(boundary=f"=_{mark[:24]}", policy=SMTP)
        mail["From"], mail["To"] = self.sender, to
        mail["Subject"] = f"{delivery.channel}: {name}"
        if delivery.at:
            mail["Date"] = format_datetime(datetime.fromisoformat(delivery.at))
        host = self.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<{mark[:32]}@{host}>"
        mail.attach(MIMEText(f"{name} is enclosed.\n", "plain", "us-ascii", policy=SMTP))
        subtype = delivery.media_type.partition("/")[2]
        book = MIMEApplication(content, subtype, name=name, policy=SMTP)
        book.add_header("Content-Disposition", "attachment", filename=name)
        mail.attach(book)
        return Message(self.return_path or self.sender, mail.as_bytes())


def _content(delivery: Delivery) -> bytes:
    try:
        return delivery.content.read_bytes()
    except OSError as error:
        raise DeliveryError(f"{delivery.artifact}: {error.strerror or error}") from error
