"""Who may use the studio: anyone with the token of this run, or people with a password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from syndicate.atomic import write_whole
from syndicate.errors import Location, UsageError
from syndicate.private import set_mode


@dataclass(frozen=True)
class Access:
    """The credentials for this run of the studio. Sessions end when the run ends.

    Without `people`, the `token` lets someone in and approvals are signed by `owner`. With `people`
    (name → argon2 hash), everyone signs in with a password, approvals carry that person's name,
    and the token lets no one in.
    """

    owner: str
    people: Mapping[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def opens(self, token: str) -> bool:
        """Whether `token`, taken from a URL, is the token of this run."""
        return not self.people and _same(token, self.token)

    def admits(self, name: str, password: str) -> bool:
        """Whether this is the password of `name` (argon2id, RFC 9106). An unknown name takes just
        as long to check, so that the time does not show which names exist."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        known = self.people.get(name)
        try:
            PasswordHasher().verify(known or self._stand_in, password)
        except (VerificationError, InvalidHashError):
            return False
        return known is not None

    @cached_property
    def _stand_in(self) -> str:
        """A hash of no password, which takes as much work to check as that of the first person."""
        start, _, end = next(iter(self.people.values()), "").rpartition("$")
        return f"{start}${b64encode(secrets.token_bytes(len(end) * 3 // 4)).decode().rstrip('=')}"

    def session(self, name: str) -> str:
        """A session cookie for `name`."""
        payload = f"{urlsafe_b64encode(name.encode()).decode()}.{secrets.token_urlsafe(12)}"
        return f"{payload}.{self._sign('session', payload)}"

    def who(self, session: str) -> str | None:
        """The name in the cookie `session`, or None if this run did not issue it."""
        payload, _, signature = session.rpartition(".")
        if not payload or not _same(signature, self._sign("session", payload)):
            return None
        return urlsafe_b64decode(payload.partition(".")[0]).decode()

    def csrf(self, session: str) -> str:
        """The token that every form of this session must send."""
        return self._sign("csrf", session)

    def browser(self, name: str) -> str:
        """A cookie that marks a browser in which `name` has signed in. It lets no one in, and ends
        when the password is changed."""
        number = secrets.token_urlsafe(12)
        return f"{number}.{self._mark(name, number)}"

    def known_browser(self, name: str, mark: str) -> str | None:
        """What tells the browser with the cookie `mark` from others; None if `name` has not signed
        in there."""
        number, _, proof = mark.partition(".")
        known = name in self.people and _same(proof, self._mark(name, number))
        return number if known else None

    def _mark(self, name: str, number: str) -> str:
        """Signed with the hash of the password, which is secret and outlives this run."""
        key = self.people[name].encode()
        return hmac.new(key, f"browser {number} {name}".encode(), hashlib.sha256).hexdigest()

    def _sign(self, purpose: str, payload: str) -> str:
        return hmac.new(self._secret, f"{purpose} {payload}".encode(), hashlib.sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    """Compared in constant time. What is given may have any characters."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def read_password_file(file: Path) -> dict[str, str]:
    """The people in a password file, name → argon2 hash. Each line is `name:hash`.

    Raises:
        UsageError: the file cannot be read, is empty, or has a line of another form.
    """
    hint = f"add a person: syndicate review --passwords {file} --add NAME"
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise UsageError(str(reason), where=Location(str(file)), hint=hint) from error
    people = {}
    for number, line in enumerate(lines, 1):
        name, colon, hashed = line.strip().partition(":")
        if line.strip() and not (name and colon and hashed.startswith("$argon2")):
            where = Location(str(file), number)
            raise UsageError("expected 'name:$argon2id$…'", where=where, hint=hint)
        if name:
            people[name] = hashed
    if not people:
        raise UsageError("no one is in this file", where=Location(str(file)), hint=hint)
    return people


def save_password(file: Path, name: str, password: str) -> None:
    """Save `name` and the hash of `password` in a password file, replacing any earlier password.

    Raises:
        UsageError: the name cannot be written to the file (it is empty, or has a colon or a
            control character), or the password is shorter than 12 characters.
    """
    from argon2 import PasswordHasher

    if not name.strip() or ":" in name or not name.isprintable():
        raise UsageError(f"{name!r} cannot be used as a name: it is empty or has a colon in it")
    if len(password) < 12:
        raise UsageError("the password is too short: use at least 12 characters")
    people = read_password_file(file) if file.is_file() else {}
    people[name] = PasswordHasher().hash(password)
    lines = (f"{person}:{hashed}\n" for person, hashed in sorted(people.items()))
    write_whole(file, "".join(lines).encode())
    set_mode(file, 0o600)
