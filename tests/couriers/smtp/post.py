"""Deliveries for the tests of the SMTP courier, and a journal in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from syndicate.couriers import Delivery, Receipt
from syndicate.couriers.smtp.courier import SMTPCourier
from syndicate.errors import DeliveryError
from syndicate.letter import MEDIA_TYPE, Letter, Subscriber

LETTER = Letter(
    sender="news@gazette.example.org",
    headers="From: News <news@gazette.example.org>\r\nDate: Mon, 02 Nov 2026 07:00:00 +0000\r\n",
    identity=("email.1.0123456789abcdef", "gazette.example.org"),
    unsubscribe="https://gazette.example.org/unsubscribe/",
    mailto="mailto:news@gazette.example.org?subject=unsubscribe",
    subject=("The night ferry returns",),
    text=("Dear reader,\n\nit sails on Friday.\n.hidden\n",),
    html=("<p>It sails on Friday.</p>",),
)


class Memory:
    """A journal in memory."""

    def __init__(self, commit: Callable[[Delivery], None] = lambda _: None) -> None:
        self._commit = commit
        self.committed: list[str] = []
        self.outcomes: dict[str, Receipt | DeliveryError] = {}

    def commit(self, delivery: Delivery) -> None:
        self._commit(delivery)
        self.committed.append(delivery.unit)

    def settle(self, delivery: Delivery, outcome: Receipt | DeliveryError) -> None:
        assert delivery.unit not in self.outcomes
        self.outcomes[delivery.unit] = outcome

    def put_back(self, delivery: Delivery) -> None:
        if delivery.unit in self.committed:
            self.committed.remove(delivery.unit)

    def receipt(self, unit: str) -> Receipt | None:
        found = self.outcomes.get(unit)
        return found if isinstance(found, Receipt) else None

    def is_known(self, delivery: Delivery, receipt: Receipt) -> bool:
        return False

    def kinds(self) -> dict[str, str]:
        """The kind of outcome of each unit."""
        return {unit: type(outcome).__name__ for unit, outcome in self.outcomes.items()}


def courier(root: Path, port: int, **keys: object) -> SMTPCourier:
    """An SMTP courier for a server on loopback."""
    values = {"host": "127.0.0.1", "port": port, "security": "none", "wait": 0.01, **keys}
    return SMTPCourier.model_validate(values, context={"root": root, "channel": "email"})


def artifact(root: Path, content: bytes, media_type: str, name: str) -> Delivery:
    """An artifact to deliver, with its bytes in a file below `root`."""
    file = root / hashlib.sha256(content).hexdigest()
    file.write_bytes(content)
    return Delivery(
        "email", name, media_type, file.name, file, name, "1", at="2026-11-02T07:00:00+00:00"
    )


def letters(root: Path, *addresses: str) -> Iterator[Delivery]:
    """A letter to each of `addresses`."""
    whole = artifact(root, LETTER.written(), MEDIA_TYPE, "1.letter")
    for address in addresses:
        yield Delivery(
            whole.channel,
            address,
            whole.media_type,
            whole.digest,
            whole.content,
            whole.artifact,
            whole.rendering,
            subscriber=Subscriber(address),
        )


def people(number: int) -> list[str]:
    """`number` different addresses."""
    return [f"reader-{one:05}@example.net" for one in range(number)]
