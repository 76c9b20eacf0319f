"""Unsubscribe links. They are signed, so that no one can forge or guess them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from syndicate.subscribers.signing_secrets import load_secrets

_DIGITS = 18  # of a subscription's number
_MARK, _PROOF = 11, 22  # characters of base64 for 64 and 128 bits
TOKEN = rf"\d{{1,{_DIGITS}}}\.(?:[\w-]+\.[\w-]{{{_MARK + _PROOF}}}|[\w-]{{{_PROOF}}})(?![\w-])"
"""A token, as a regular expression."""


@dataclass(frozen=True)
class UnsubscribeLink:
    """What a token says: the subscription's number and, except in links of releases before 0.2,
    the channel that it is for. `proof` shows that it was signed here."""

    number: int
    channel: str | None
    proof: str

    @classmethod
    def of(cls, token: str) -> UnsubscribeLink | None:
        """What `token` says, not verified; None if it is not a token."""
        number, *rest = token.split(".")
        if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
            return None
        if len(rest) == 1 and len(rest[0]) == _PROOF:
            return cls(int(number), None, rest[0])
        if len(rest) != 2 or len(rest[1]) != _MARK + _PROOF:
            return None
        name, proof = rest
        try:
            padded = name + "=" * (-len(name) % 4)
            return cls(int(number), base64.urlsafe_b64decode(padded).decode(), proof)
        except ValueError:
            return None


class Signature:
    """Signs and checks links, with the secrets in the folder `state` of a newsroom."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        """The key that signs, then those that signed links in earlier mail."""
        return tuple(
            hashlib.sha256(b"syndicate unsubscribe\0" + secret.encode()).digest()
            for secret in load_secrets(self._state)
        )

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Names each secret without revealing it: first the one that signs, then older ones."""
        return tuple(hashlib.sha256(b"id\0" + key).hexdigest()[:16] for key in self._keys)

    def token(self, number: int, channel: str, address: str) -> str:
        """The token in the link of the subscription `number`: the number, the channel, 64 bits that
        tell its address from others, and 128 bits of HMAC-SHA-256 (RFC 2104) over these three. It
        does not reveal the address, and can be checked without the database."""
        key = self._keys[0]
        mark = _mac(key, "address", address)[:_MARK]
        name = base64.urlsafe_b64encode(channel.encode()).decode().rstrip("=")
        return f"{number}.{name}.{mark}{_mac(key, 'link', str(number), channel, mark)}"

    def is_ours(self, link: UnsubscribeLink) -> bool | None:
        """Whether `link` was signed here. None if only its subscription can show that."""
        if link.channel is None:
            return None
        return any(_is_signed(key, link, link.channel) for key in self._keys)

    def is_for(self, link: UnsubscribeLink, channel: str, address: str) -> bool:
        """Whether `link` was signed for this subscription."""
        if link.channel is None:
            old_form = (str(link.number), channel, address)
            return any(_same(_mac(key, *old_form), link.proof) for key in self._keys)
        mark = link.proof[:_MARK]
        return link.channel == channel and any(
            _is_signed(key, link, channel) and _same(_mac(key, "address", address)[:_MARK], mark)
            for key in self._keys
        )


def _is_signed(key: bytes, link: UnsubscribeLink, channel: str) -> bool:
    mark, proof = link.proof[:_MARK], link.proof[_MARK:]
    return _same(_mac(key, "link", str(link.number), channel, mark), proof)


def _mac(key: bytes, *signed: str) -> str:
    mac = hmac.new(key, "\0".join(signed).encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    """Whether they are the same, compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def link_with_token(url: str, token: str) -> str:
    """`url` with the token in its query."""
    return f"{url}{'&' if '?' in url else '?'}t={token}"
