"""Settings from environment variables: `SYNDICATE_PUBLICATION__TITLE` sets `publication.title`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

PREFIX = "SYNDICATE_"


def overlaid(
    values: Mapping[str, Any], environment: Mapping[str, str], keys: tuple[str, ...]
) -> dict[str, Any]:
    """`values`, with those of `keys` replaced that the environment sets."""
    out = dict(values)
    for key in keys:
        name = PREFIX + key.upper()
        if name in environment:
            out[key] = _value(environment[name])
        if isinstance(out.get(key), Mapping):
            out[key] = {**out[key], **from_environment(environment, name + "__", out[key])}
    return out


def from_environment(
    environment: Mapping[str, str], prefix: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of the variables that start with `prefix`. A further "__" in the name goes one
    table deeper."""
    found: dict[str, Any] = {}
    for name in sorted(environment):
        if not name.startswith(prefix):
            continue
        key, _, deeper = name.removeprefix(prefix).lower().partition("__")
        if deeper:
            inner = found.setdefault(key, dict(values.get(key) or {}))
            inner[deeper] = _value(environment[name])
        else:
            found[key] = _value(environment[name])
    return found


def _value(text: str) -> Any:
    """The value of a variable: `text` read as a TOML value, or as a string if it is not TOML."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
