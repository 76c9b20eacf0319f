"""A mail that is made once and then written for each subscriber as if made for them alone."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode, encodebytes
from dataclasses import dataclass
from functools import cached_property

from syndicate.errors import DeliveryError
from syndicate.letter import headers
from syndicate.letter.merge import Merge, fill_merge, merge_from_json, merge_to_json
from syndicate.letter.subscriber import Subscriber
from syndicate.letter.wire import Wire, encode_merge, write_encoded

MEDIA_TYPE = "application/vnd.syndicate.letter+json"
_POST = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


@dataclass(frozen=True)
class Enclosure:
    """A picture inside the mail; the HTML refers to it as `cid:<cid>` (RFC 2392)."""

    cid: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A mail before its merge fields are filled in.

    `sender` is the From address. `headers` are the finished header lines that all recipients
    share: all except To, Subject, Message-ID and the List-Unsubscribe headers. `identity` is the
    Message-ID without angle brackets, split at the @; its left part ends in a digest of the
    content. `unsubscribe` and `mailto` are the URLs for subscribers who have none of their own.
    """

    sender: str
    headers: str
    identity: tuple[str, str]
    unsubscribe: str
    mailto: str
    subject: Merge
    text: Merge
    html: Merge
    enclosures: tuple[Enclosure, ...] = ()

    @classmethod
    def read(cls, content: bytes) -> Letter:
        """The letter in `content`, an artifact of type `MEDIA_TYPE`.

        Raises:
            DeliveryError: `content` is not a letter.
        """
        try:
            stored = json.loads(content)
            left, right = stored["identity"]
            return cls(
                sender=stored["sender"],
                headers=stored["headers"],
                identity=(left, right),
                unsubscribe=stored["unsubscribe"],
                mailto=stored["mailto"],
                subject=merge_from_json(stored["subject"]),
                text=merge_from_json(stored["text"]),
                html=merge_from_json(stored["html"]),
                enclosures=tuple(
                    Enclosure(cid, media_type, b64decode(data))
                    for cid, media_type, data in stored["enclosures"]
                ),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DeliveryError(
                f"this file is not a letter: {type(error).__name__}: {error}"
            ) from error

    def written(self) -> bytes:
        """The content of an artifact that `read` can read."""
        stored = {
            "sender": self.sender,
            "headers": self.headers,
            "identity": self.identity,
            "unsubscribe": self.unsubscribe,
            "mailto": self.mailto,
            "subject": merge_to_json(self.subject),
            "text": merge_to_json(self.text),
            "html": merge_to_json(self.html),
            "enclosures": [
                [picture.cid, picture.media_type, b64encode(picture.content).decode()]
                for picture in self.enclosures
            ],
        }
        return json.dumps(stored, ensure_ascii=False, indent=1).encode()

    def subject_for(self, subscriber: Subscriber) -> str:
        """The subject line that `subscriber` sees."""
        return " ".join(fill_merge(self.subject, subscriber, escaped=False).split())

    def message_id_for(self, subscriber: Subscriber) -> str:
        """The Message-ID of the mail to `subscriber`; it is the same each time."""
        left, right = self.identity
        if not subscriber.address:
            return f"<{left}@{right}>"
        recipient = hashlib.sha256(subscriber.address.encode()).hexdigest()[:16]
        return f"<{left}.{recipient}@{right}>"

    def to(self, subscriber: Subscriber) -> bytes:
        """The message for `subscriber`, in ASCII with CRLF line ends.

        Lines are at most 998 bytes long, and none begins with a full stop. There is no To header
        if the subscriber has no address.
        """
        url = subscriber.unsubscribe_url or self.unsubscribe
        mailto = subscriber.unsubscribe_mailto or self.mailto
        out = [
            self.headers.encode(),
            f"To: {subscriber.address}\r\n".encode() if subscriber.address else b"",
            self._subject or headers.header_text("Subject", self.subject_for(subscriber)),
            f"Message-ID: {self.message_id_for(subscriber)}\r\n".encode(),
            f"List-Unsubscribe: <{url}>,\r\n <{mailto}>\r\n".encode(),
            _POST if url.startswith("https:") else b"",
        ]
        write_encoded(self._body, subscriber, out)
        return b"".join(out)

    @cached_property
    def _subject(self) -> bytes:
        """The finished Subject header if it is the same for everyone, else b""."""
        if not all(isinstance(piece, str) for piece in self.subject):
            return b""
        return headers.header_text("Subject", self.subject_for(Subscriber()))

    @cached_property
    def _body(self) -> Wire:
        """The MIME headers and parts (RFC 2046).

        The boundary begins with "=_", which cannot occur in quoted-printable text.
        """
        boundary = "=_" + self.identity[0].rpartition(".")[2]
        opening, closing = self._related(boundary + ".r") if self.enclosures else (b"", b"")
        return (
            (
                "MIME-Version: 1.0\r\n"
                f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
                f"--{boundary}\r\n{_QUOTED.format('plain')}"
            ).encode(),
            *encode_merge(self.text, escaped=False),
            f"\r\n--{boundary}\r\n".encode() + opening + _QUOTED.format("html").encode(),
            *encode_merge(self.html, escaped=True),
            closing + f"\r\n--{boundary}--\r\n".encode(),
        )

    def _related(self, boundary: str) -> tuple[bytes, bytes]:
        """The MIME lines before and after the HTML, with the enclosures (RFC 2387)."""
        opening = (
            f'Content-Type: multipart/related; type="text/html";\r\n boundary="{boundary}"\r\n\r\n'
            f"--{boundary}\r\n"
        )
        parts = [
            (
                f"\r\n--{boundary}\r\nContent-Type: {picture.media_type}\r\n"
                f"Content-Transfer-Encoding: base64\r\nContent-ID: <{picture.cid}>\r\n"
                "Content-Disposition: inline\r\n\r\n"
            ).encode()
            + encodebytes(picture.content).replace(b"\n", b"\r\n")
            for picture in self.enclosures
        ]
        return opening.encode(), b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()])


_QUOTED = (
    'Content-Type: text/{}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
)
