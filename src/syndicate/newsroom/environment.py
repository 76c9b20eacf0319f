"""Settings from environment variables: `SYNDICATE_PUBLICATION__TITLE` sets `publication.title`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syndicate.errors import Location
from syndicate.newsroom.toml import Loc

PREFIX = "SYNDICATE_"


@dataclass(frozen=True)
class Variables:
    """The variables whose names start with `prefix`, as `values`. Each "__" in the rest of a name
    goes one table deeper."""

    prefix: str
    values: Mapping[str, Any]

    @classmethod
    def of_newsroom(cls, environment: Mapping[str, str], keys: tuple[str, ...]) -> Variables:
        """The variables that set `keys` of syndicate.toml."""
        found = _values(environment, PREFIX)
        return cls(PREFIX, {key: value for key, value in found.items() if key in keys})

    @classmethod
    def of_channel(cls, environment: Mapping[str, str], name: str) -> Variables:
        """The variables that set keys of the channel `name`."""
        prefix = f"{PREFIX}CHANNELS__{name.upper()}__"
        return cls(prefix, _values(environment, prefix))

    def locate(self, loc: Loc) -> Location:
        """The name of the variable that sets the value at `loc`, or one below it."""
        values: Any = self.values
        words = []
        for part in loc:
            if not isinstance(values, Mapping):
                break
            values = values.get(str(part))
            words.append(str(part).upper())
        return Location(self.prefix + "__".join(words))


def _values(environment: Mapping[str, str], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in sorted(environment):
        if not name.startswith(prefix):
            continue
        table = found
        *tables, key = name.removeprefix(prefix).lower().split("__")
        for one in tables:
            if not isinstance(table.get(one), dict):
                table[one] = {}
            table = table[one]
        table[key] = _value(environment[name])
    return found


def _value(text: str) -> Any:
    """The value of a variable: `text` read as a TOML value, or as a string if it is not TOML."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
