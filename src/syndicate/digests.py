"""Digests that stay the same whatever the code around them is called."""

from __future__ import annotations

import hashlib
import json
from datetime import date, time


def digest_of(**fields: object) -> str:
    """SHA-256 in hexadecimal over `fields` by their names, as canonical JSON.

    The names are part of the digest, so they are written out by the caller and never taken from a
    class: renaming a class, or giving it another field, changes no digest.

    Raises:
        TypeError: a value is neither JSON nor a date or time; nothing is digested by its `repr`.
    """
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a digest")
