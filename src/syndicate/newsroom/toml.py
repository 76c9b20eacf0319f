"""TOML files that can say where each value is, so that errors have file:line:column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from syndicate.errors import Location, SettingsError
from syndicate.grounds import open_file

Loc = tuple[int | str, ...]
_POSITION = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)$")


class Locates(Protocol):
    """Settings that can say where each value is."""

    def locate(self, loc: Loc) -> Location:
        """The place of `loc` (keys and indices); of its table if the key is missing."""
        ...


@dataclass(frozen=True)
class TOMLFile:
    """A parsed TOML file: its values, its text, and its name as a person would type it."""

    name: str
    text: str
    values: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path, name: str) -> TOMLFile:
        """The file at `path`, called `name` in errors.

        Raises:
            SettingsError: it cannot be read, is not UTF-8, or is not TOML.
        """
        try:
            with open_file(path) as file:
                text = file.read().decode()
            return cls(name, text, tomllib.loads(text))
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise SettingsError(reason, where=Location(name)) from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise SettingsError("is not UTF-8", where=Location(name, line)) from error
        except tomllib.TOMLDecodeError as error:
            found = _POSITION.match(str(error))
            place = Location(name)
            if found and found["line"]:
                place = Location(name, int(found["line"]), int(found["column"]))
            raise SettingsError(found["what"] if found else str(error), where=place) from error

    def locate(self, loc: Loc) -> Location:
        """The place of `loc` (keys and indices) in the file; of its table if the key is missing."""
        while loc and not has(self.values, loc):
            loc = loc[:-1]
        if not loc:
            return Location(self.name, 1, 1)
        lines = self.text.splitlines()
        for end in range(1, len(lines) + 1):
            try:
                values = tomllib.loads("\n".join(lines[:end]))
            except tomllib.TOMLDecodeError:
                continue
            if has(values, loc):
                key = next(part for part in reversed(loc) if isinstance(part, str))
                return self._place_of(key, lines, end)
        return Location(self.name)

    def _place_of(self, key: str, lines: Sequence[str], end: int) -> Location:
        """The place of `key`: the nearest line at or above `end` that sets it."""
        written = re.compile(rf"""(?<![\w-])["']?{re.escape(key)}["']?(?=\s*(=|\.|\]))""")
        for number in range(end, 0, -1):
            if found := written.search(lines[number - 1]):
                return Location(self.name, number, found.start() + 1)
        return Location(self.name, end, 1)


def has(values: Any, loc: Loc, table: bool = False) -> bool:
    """Whether `values` has a value at `loc`, or a table if it has to be one."""
    for part in loc:
        if isinstance(values, Mapping) and part in values:
            values = values[str(part)]
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
        else:
            return False
    return not table or isinstance(values, Mapping)


def settings_errors(
    error: ValidationError, file: Locates, known: type[BaseModel], prefix: Loc = ()
) -> list[SettingsError]:
    """One error for each bad key in `error`, with its place in `file` and the closest known key."""
    found = []
    for detail in error.errors(include_url=False, include_context=True):
        loc = prefix + detail["loc"]
        dotted = ".".join(str(part) for part in loc)
        hint = None
        if detail["type"] == "extra_forbidden":
            keys = list(_fields_at(known, detail["loc"][:-1]))
            near = get_close_matches(str(loc[-1]), keys, n=1)
            message = f"unknown key {dotted!r}"
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(keys))}"
            )
        elif detail["type"] == "missing":
            message = f"{dotted!r} is missing"
            hint = f"add a line: {loc[-1]} = …"
        else:
            message = f"{dotted!r}: {detail['msg'].removeprefix('Value error, ')}"
        found.append(SettingsError(message, where=file.locate(loc), hint=hint))
    return found


def _fields_at(model: type[BaseModel], loc: Loc) -> Mapping[str, Any]:
    for part in loc:
        field = model.model_fields.get(str(part))
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        model = inner
    return model.model_fields
