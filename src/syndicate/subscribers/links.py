"""Unsubscribe links: signed, so that nobody can make one up or try them one after the other."""

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

VARIABLE = "SYNDICATE_SECRET"
_SHORTEST = 16  # characters of a secret


def load_secret(state: Path) -> bytes:
    """What links are signed with: the environment's `SYNDICATE_SECRET`, else the file `secret` in
    `state`, which is made at first. Whoever changes it makes the links in all past mail void.

    Raises:
        UsageError: it is too short, or cannot be read or written.
    """
    if given := os.environ.get(VARIABLE):
        if len(given) < _SHORTEST:
            raise UsageError(f"{VARIABLE} must have at least {_SHORTEST} characters")
        return given.encode()
    file = state / "secret"
    try:
        state.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            fresh = secrets.token_hex(32)
            own = file.with_name(f"secret.{os.getpid()}")
            own.touch(0o600)
            own.write_text(fresh)
            try:
                os.link(own, file)  # whole or not at all, and never over one that is there
            finally:
                own.unlink()
        found = file.read_text().strip()
    except OSError as error:
        raise UsageError(f"cannot be used: {error.strerror}", where=Location(str(file))) from error
    if len(found) < _SHORTEST:
        raise UsageError("holds no secret", where=Location(str(file)), hint=f"set {VARIABLE}")
    return found.encode()


class Signature:
    """Signs and checks what links say, with the secret of the newsroom whose state is `state`."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @cached_property
    def _key(self) -> bytes:
        return hashlib.sha256(b"syndicate unsubscribe\0" + load_secret(self._state)).digest()

    def token(self, number: int, channel: str, address: str) -> str:
        """What stands in the link of the subscription `number`: its number and 128 bits of
        HMAC-SHA-256 (RFC 2104) over whom and what it is for. It tells nothing of either."""
        said = f"{number}\0{channel}\0{address}".encode()
        seal = hmac.new(self._key, said, hashlib.sha256).digest()[:16]
        return f"{number}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"

    def holds(self, token: str, number: int, channel: str, address: str) -> bool:
        """Whether `token` was made here for that subscription, found out in constant time."""
        return hmac.compare_digest(self.token(number, channel, address).encode(), token.encode())


def number_in(token: str) -> int | None:
    """The number of the subscription that `token` claims to be for."""
    number, dot, _ = token.partition(".")
    whole = dot and number.isascii() and number.isdigit() and len(number) <= 18
    return int(number) if whole else None


def with_token(url: str, token: str) -> str:
    """`url` with the token in its query."""
    return f"{url}{'&' if '?' in url else '?'}t={token}"
