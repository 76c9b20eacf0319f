"""Settings from several files and the environment, merged key by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from syndicate.errors import Location
from syndicate.newsroom.environment import Variables
from syndicate.newsroom.toml import Loc, TOMLFile, has


@dataclass(frozen=True)
class Layers:
    """The settings in `files`, each of which overrides those before it, and in the environment,
    which overrides all files."""

    files: tuple[TOMLFile, ...]
    variables: Variables

    def over(self, defaults: Mapping[str, Any]) -> dict[str, Any]:
        """The values of all layers. A key of `defaults` counts only if no file sets it."""
        written: dict[str, Any] = reduce(merged_settings, (file.values for file in self.files), {})
        return merged_settings({**defaults, **written}, self.variables.values)

    def locate(self, loc: Loc) -> Location:
        """Where the value at `loc` is set; if it is missing, where its table is."""
        layers: list[Variables | TOMLFile] = [self.variables, *reversed(self.files)]
        for end in range(len(loc), 0, -1):
            at = loc[:end]
            setting = [layer for layer in layers if has(layer.values, at)]
            if setting:
                # What is missing from a table is added to the file, not to what overrides it.
                table = end < len(loc) and has(setting[-1].values, at, table=True)
                return setting[-1 if table else 0].locate(at)
        return self.files[0].locate(())


def merged_settings(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`under` with the values of `over`. Tables are merged key by key, except that a [deliver]
    table for another courier (`via`) replaces the one below it. Everything else replaces."""
    out = dict(under)
    for key, value in over.items():
        below = out.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            another = "via" in value and value["via"] != below.get("via", value["via"])
            value = dict(value) if another else merged_settings(below, value)
        out[key] = value
    return out


def channel_layers(root: Path, name: str, environment: Mapping[str, str]) -> Layers:
    """The settings of the channel `name`: its file, its `.local.toml`, and the environment.

    Raises:
        SettingsError: a file cannot be read, or is not TOML.
    """
    folder, names = root / "channels", [f"{name}.toml"]
    if (folder / f"{name}.local.toml").is_file():
        names.append(f"{name}.local.toml")
    files = (TOMLFile.read(folder / one, f"channels/{one}") for one in names)
    return Layers(tuple(files), Variables.of_channel(environment, name))
