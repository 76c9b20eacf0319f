"""The secrets that sign unsubscribe links, as this machine has them: one signs, older ones are only
checked."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from syndicate.atomic import place_new, write_whole
from syndicate.errors import Location, UsageError
from syndicate.private import file_mode

VARIABLE = "SYNDICATE_SECRET"
OLD_VARIABLE = "SYNDICATE_OLD_SECRETS"
FILE = "secret"  # in `.syndicate/`
_OLD_FILE = "old-secrets.json"
_SHORTEST = 16  # characters of a secret


def given_secrets() -> tuple[str, ...]:
    """The secrets in the environment: `SYNDICATE_SECRET`, then the lines of
    `SYNDICATE_OLD_SECRETS`. Empty if the first is not set."""
    first = os.environ.get(VARIABLE)
    if not first:
        return ()
    old = map(str.strip, os.environ.get(OLD_VARIABLE, "").splitlines())
    return tuple(_checked(one, VARIABLE) for one in dict.fromkeys((first, *filter(None, old))))


def kept_secrets(state: Path) -> tuple[str, ...]:
    """The secrets in the folder `state`: first the one that signs. Empty if there is none yet."""
    file = state / FILE
    try:
        first = _checked(file.read_text().strip(), str(file))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unusable(file, error) from error
    try:
        old = json.loads((state / _OLD_FILE).read_bytes())
    except FileNotFoundError:
        old = []
    except (OSError, ValueError) as error:
        raise _unusable(state / _OLD_FILE, error) from error
    return tuple(dict.fromkeys((first, *map(str, old))))


def keep_secrets(state: Path, kept: Sequence[str]) -> None:
    """Write `kept` to the folder `state`: the first one signs, the others are only checked."""
    first, *old = kept
    try:
        # Those present stay until the new first one is in place: no link stops working in between.
        write_whole(state / _OLD_FILE, json.dumps([*old, first]).encode())
        write_whole(state / FILE, first.encode())
    except OSError as error:
        raise _unusable(state / FILE, error) from error


def new_secret() -> str:
    """A secret that no one can guess."""
    return secrets.token_hex(32)


def load_secrets(state: Path) -> tuple[str, ...]:
    """All secrets of this machine: first the one that signs, from the environment or else from the
    folder `state`, where it is created if it is missing.

    Raises:
        UsageError: a secret is too short, or a file cannot be read or written.
    """
    given = given_secrets()
    if not given:
        _create(state / FILE)
    return tuple(dict.fromkeys((*given, *kept_secrets(state))))


def _create(file: Path) -> None:
    """Create a secret in `file` if there is none."""
    if file.exists():
        return
    own = file.with_name(f"secret.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        own.touch(file_mode())
        own.write_text(new_secret())
        place_new(own, file)
    except OSError as error:
        raise _unusable(file, error) from error


def _unusable(file: Path, error: Exception) -> UsageError:
    reason = getattr(error, "strerror", None) or error
    return UsageError(f"cannot be used: {reason}", where=Location(str(file)))


def _checked(secret: str, where: str) -> str:
    if len(secret) < _SHORTEST:
        raise UsageError(
            f"has no secret of at least {_SHORTEST} characters",
            where=Location(where),
            hint=f"set {VARIABLE} to a longer one, or unset it"
            if where == VARIABLE
            else f"delete the file, or set {VARIABLE} in the environment",
        )
    return secret
