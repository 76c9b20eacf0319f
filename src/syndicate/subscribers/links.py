"""Unsubscribe links. They are signed, so that no one can forge or guess them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from syndicate.errors import Location, UsageError
from syndicate.private import file_mode

VARIABLE = "SYNDICATE_SECRET"
_SHORTEST = 16  # characters of a secret


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


class Signature:
    """Signs and checks links, with the secret in the folder `state` of a newsroom."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @cached_property
    def _key(self) -> bytes:
        return hashlib.sha256(b"syndicate unsubscribe\0" + load_secret(self._state)).digest()

    def token(self, number: int, channel: str, address: str) -> str:
        """The token in the link of the subscription `number`: the number, and 128 bits of
        HMAC-SHA-256 (RFC 2104) over number, channel and address. It reveals neither of the two."""
        signed = f"{number}\0{channel}\0{address}".encode()
        mac = hmac.new(self._key, signed, hashlib.sha256).digest()[:16]
        return f"{number}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    def holds(self, token: str, number: int, channel: str, address: str) -> bool:
        """Whether `token` was issued for this subscription. Compared in constant time."""
        return hmac.compare_digest(self.token(number, channel, address).encode(), token.encode())


def subscriber_number_in(token: str) -> int | None:
    """The subscription number in `token`, not verified; None if it has none."""
    number, dot, _ = token.partition(".")
    whole = dot and number.isascii() and number.isdigit() and len(number) <= 18
    return int(number) if whole else None


def with_token(url: str, token: str) -> str:
    """`url` with the token in its query."""
    return f"{url}{'&' if '?' in url else '?'}t={token}"
