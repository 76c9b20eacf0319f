"""Who may use the studio: whoever holds the token of this run, or people with a password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syndicate.atomic import write_whole
from syndicate.errors import Location, UsageError


@dataclass(frozen=True)
class Access:
    """What opens this run of the studio; its sessions end with it.

    Without `people` the `token` does, and `owner` signs approvals. With them (name → argon2 hash)
    everybody gives a password and signs for themselves, and no token opens anything.
    """

    owner: str
    people: Mapping[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def opens(self, token: str) -> bool:
        """Whether `token`, from an opening URL, is the one."""
        return not self.people and hmac.compare_digest(token.encode(), self.token.encode())

    def admits(self, name: str, password: str) -> bool:
        """Whether this is the password of `name` (argon2id, RFC 9106). It takes as long for
        somebody who is not known."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        known = self.people.get(name)
        nobody = PasswordHasher().hash(self.token)
        try:
            PasswordHasher().verify(known or nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return known is not None

    def session(self, name: str) -> str:
        """The cookie that says `name` is here."""
        said = f"{urlsafe_b64encode(name.encode()).decode()}.{secrets.token_urlsafe(12)}"
        return f"{said}.{self._sign('session', said)}"

    def who(self, session: str) -> str | None:
        """Whose cookie `session` is, None if it was not made here."""
        said, _, signature = session.rpartition(".")
        if not said or not hmac.compare_digest(signature, self._sign("session", said)):
            return None
        return urlsafe_b64decode(said.partition(".")[0]).decode()

    def csrf(self, session: str) -> str:
        """What every form of this session has to carry."""
        return self._sign("csrf", session)

    def _sign(self, purpose: str, said: str) -> str:
        return hmac.new(self._secret, f"{purpose} {said}".encode(), hashlib.sha256).hexdigest()


def read_people(file: Path) -> dict[str, str]:
    """Name → argon2 hash from a password file: one `name:hash` a line.

    Raises:
        UsageError: it cannot be read, holds nobody, or a line is something else.
    """
    hint = f"add somebody: syndicate review --passwords {file} --add NAME"
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
            raise UsageError("is no line such as 'name:$argon2id$…'", where=where, hint=hint)
        if name:
            people[name] = hashed
    if not people:
        raise UsageError("holds nobody", where=Location(str(file)), hint=hint)
    return people


def add_person(file: Path, name: str, password: str) -> None:
    """Put `name` with `password` into a password file, in place of the one they had.

    Raises:
        UsageError: the name cannot stand in it, or the password is under 12 characters.
    """
    from argon2 import PasswordHasher

    if not name.strip() or ":" in name or not name.isprintable():
        raise UsageError(f"{name!r} cannot be a name here")
    if len(password) < 12:
        raise UsageError("a password needs 12 characters at least")
    people = read_people(file) if file.is_file() else {}
    people[name] = PasswordHasher().hash(password)
    write_whole(file, "".join(f"{one}:{it}\n" for one, it in sorted(people.items())).encode())
    file.chmod(0o600)
