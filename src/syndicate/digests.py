"""Digests that do not change when classes or fields in the code are renamed."""

from __future__ import annotations

import hashlib
import json
from datetime import date, time


def digest_of(**fields: object) -> str:
    """The SHA-256 of `fields` and their names as canonical JSON, in hexadecimal.

    The names are part of the digest, so callers write them out and never take them from a class.
    Renaming a class, or adding a field to it, then changes no digest.

    Raises:
        TypeError: a value is neither JSON nor a date or time; a `repr` is never digested.
    """
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be part of a digest")
