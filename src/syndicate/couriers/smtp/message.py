"""From a delivery to the message that one recipient gets."""

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
_LARGEST_BOOK = 36_000_000  # bytes; base64 makes 50 MB of it, where most mail services end


@dataclass(frozen=True)
class Message:
    """What is handed in: envelope sender and bytes, CRLF lines none of which begins with a dot."""

    sender: str
    content: bytes


@dataclass
class MessageWriter:
    """Writes messages, each artifact read once. `sender` is whom books are from, `return_path` the
    envelope sender where it is not the author."""

    sender: str | None
    return_path: str | None
    signers: Sequence[Signer]
    _letters: dict[str, Letter] = field(default_factory=dict)

    def write(self, delivery: Delivery) -> Message:
        """The message that `delivery` is.

        Raises:
            DeliveryError: it cannot be written.
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
        """The letter that the artifact of `delivery` is."""
        if delivery.digest not in self._letters:
            if delivery.media_type != MEDIA_TYPE:
                raise DeliveryError(f"{delivery.artifact} is no letter")
            self._letters[delivery.digest] = Letter.read(_content(delivery))
        return self._letters[delivery.digest]

    def _book(self, delivery: Delivery) -> Message:
        """A mail with a book enclosed, as e-readers take it; always the same bytes."""
        if self.sender is None:
            raise DeliveryError(
                "a book is mailed from nobody",
                hint='add from = "desk@example.org" under [deliver]',
            )
        content = _content(delivery)
        if len(content) > _LARGEST_BOOK:
            raise RefusedError(
                f"{delivery.artifact} has {len(content):,} bytes; no mail service takes that",
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
