"""A recipient of a letter, and the data that its merge fields can use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from syndicate.errors import DeliveryError

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# An addr-spec (RFC 5322) without quoting, which every mail server accepts.
ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
LONGEST_URL = 900  # RFC 5322, section 2.1.1: no line may pass 998 characters
_URL = re.compile(rf"https?://[!-;=?-~]{{1,{LONGEST_URL}}}")
_MAILTO = re.compile(rf"mailto:[!-;=?-~]{{1,{LONGEST_URL}}}")
# Characters that XML 1.0 forbids, surrogates, noncharacters, and bidirectional controls.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff]"
)


def one_letter_line(text: str) -> str:
    """`text` as one line of visible characters, with white space reduced to single spaces."""
    return " ".join((text if text.isprintable() else _UNSEEN.sub("", text)).split())


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A recipient. Templates write `subscriber.first_name` for `fields["first_name"]`.

    `address` is an ASCII addr-spec, or "" for an unknown recipient. A blank field counts as
    missing. `unsubscribe_url` (http or https) and `unsubscribe_mailto` are ""
    if the letter's own are to be used.

    Raises:
        DeliveryError: the address or one of the URLs cannot be written in a header.
    """

    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    unsubscribe_url: str = ""
    unsubscribe_mailto: str = ""

    def __post_init__(self) -> None:
        if self.address and (
            not ADDRESS.fullmatch(self.address) or len(self.address) > LONGEST_ADDRESS
        ):
            raise DeliveryError(f"{self.address!r} is not an address that mail can be sent to")
        if self.unsubscribe_url and not _URL.fullmatch(self.unsubscribe_url):
            raise DeliveryError(f"{self.unsubscribe_url!r} is not an http(s) URL in ASCII")
        if self.unsubscribe_mailto and not _MAILTO.fullmatch(self.unsubscribe_mailto):
            raise DeliveryError(f"{self.unsubscribe_mailto!r} is not a mailto: URL in ASCII")

    def value(self, name: str) -> str | None:
        """The text that a letter prints for `name`, one line; None if it is missing or blank."""
        if name in ("address", "unsubscribe_url", "unsubscribe_mailto"):
            return getattr(self, name) or None
        return one_letter_line(self.fields.get(name, "")) or None
