"""Unsubscribe links. They are signed, so that no one can forge or guess them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from syndicate.errors import Location, UsageError
from syndicate.private import file_mode

VARIABLE = "SYNDICATE_SECRET"
_SHORTEST = 16  # characters of a secret
_DIGITS = 18  # of a subscription's number
_MARK, _PROOF = 11, 22  # characters of base64 for 64 and 128 bits
TOKEN = rf"\d{{1,{_DIGITS}}}\.(?:[\w-]+\.[\w-]{{{_MARK + _PROOF}}}|[\w-]{{{_PROOF}}})(?![\w-])"
"""A token, as a regular expression."""


def load_secret(state: Path) -> bytes:
    """The secret that signs links: the environment variable `SYNDICATE_SECRET`, else the file
    `secret` in `state`, which is created if it is missing. Changing the secret breaks the links in
    all mail sent before.

    Raises:
        UsageError: the secret is too short, or the file cannot be read or written.
    """
    if given := os.environ.get(VARIABLE):
        if len(given) < _SHORTEST:
            raise UsageError(f"{VARIABLE} is too short: use at least {_SHORTEST} characters")
        return given.encode()
    file = state / "secret"
    try:
        state.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            fresh = secrets.token_hex(32)
            own = file.with_name(f"secret.{os.getpid()}")
            own.touch(file_mode())
            own.write_text(fresh)
            try:
                os.link(own, file)  # complete or not at all, and never replaces an existing file
            finally:
                own.unlink()
        found = file.read_text().strip()
    except OSError as error:
        raise UsageError(f"cannot be used: {error.strerror}", where=Location(str(file))) from error
    if len(found) < _SHORTEST:
        raise UsageError(
            f"has no secret of at least {_SHORTEST} characters",
            where=Location(str(file)),
            hint=f"delete the file, or set {VARIABLE} in the environment",
        )
    return found.encode()


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
    """Signs and checks links, with the secret in the folder `state` of a newsroom."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @cached_property
    def _key(self) -> bytes:
        return hashlib.sha256(b"syndicate unsubscribe\0" + load_secret(self._state)).digest()

    @property
    def key_id(self) -> str:
        """Names the secret without revealing it."""
        return hashlib.sha256(b"id\0" + self._key).hexdigest()[:16]

    def token(self, number: int, channel: str, address: str) -> str:
        """The token in the link of the subscription `number`: the number, the channel, 64 bits that
        tell its address from others, and 128 bits of HMAC-SHA-256 (RFC 2104) over these three. It
        does not reveal the address, and can be checked without the database."""
        mark = self._mac("address", address)[:_MARK]
        name = base64.urlsafe_b64encode(channel.encode()).decode().rstrip("=")
        return f"{number}.{name}.{mark}{self._proof(number, channel, mark)}"

    def is_ours(self, link: UnsubscribeLink) -> bool | None:
        """Whether `link` was signed here. None if only its subscription can show that."""
        if link.channel is None:
            return None
        mark, proof = link.proof[:_MARK], link.proof[_MARK:]
        return _same(self._proof(link.number, link.channel, mark), proof)

    def is_for(self, link: UnsubscribeLink, channel: str, address: str) -> bool:
        """Whether `link` was signed for this subscription."""
        if link.channel is None:
            return _same(self._mac(str(link.number), channel, address), link.proof)
        mark = link.proof[:_MARK]
        own = link.channel == channel and _same(self._mac("address", address)[:_MARK], mark)
        return own and self.is_ours(link) is True

    def _proof(self, number: int, channel: str, mark: str) -> str:
        return self._mac("link", str(number), channel, mark)

    def _mac(self, *signed: str) -> str:
        mac = hmac.new(self._key, "\0".join(signed).encode(), hashlib.sha256).digest()[:16]
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    """Whether they are the same, compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def link_with_token(url: str, token: str) -> str:
    """`url` with the token in its query."""
    return f"{url}{'&' if '?' in url else '?'}t={token}"
