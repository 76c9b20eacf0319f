"""The field names in the versions of ninjs. Version 3 has lists of headlines, descriptions and
bodies with roles. Before that, the role was part of the name (`body_xhtml`), names were in lower
case, and associations and renditions were objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from syndicate.readers.contract import Source
from syndicate.readers.fields import json_moment, json_text


def ninjs_text(one: dict[str, Any], name: str) -> str:
    """The text at `name`, spelled as in version 3 or, in lower case, as in earlier versions."""
    return json_text(one, name) or json_text(one, name.lower())


def ninjs_moment(one: dict[str, Any], name: str, source: Source) -> datetime | None:
    """The point in time at `name`, in either spelling; None if there is none."""
    return json_moment(one, name, source) or json_moment(one, name.lower(), source)


def ninjs_objects(one: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in the list at `name` or, before version 3, in the object there, whose keys
    become their names."""
    held = one.get(name)
    if isinstance(held, list):
        return [inner for inner in held if isinstance(inner, dict)]
    if isinstance(held, dict):
        return [{"name": key, **inner} for key, inner in held.items() if isinstance(inner, dict)]
    return []


def ninjs_by_role(one: dict[str, Any], many: str, single: str) -> list[tuple[str, str]]:
    """The values at `many` (version 3) or at names such as `single_role`, by role; those for people
    come before those for machines."""
    found = [
        (json_text(each, "role").lower(), json_text(each, "value"))
        for each in ninjs_objects(one, many)
    ]
    names = (name for name in one if name == single or name.startswith(f"{single}_"))
    found += [(name.removeprefix(single).strip("_"), json_text(one, name)) for name in names]
    ranks = {"main": 0, "": 1, "summary": 1, "text": 2}
    return sorted(((r, v) for r, v in found if v.strip()), key=lambda pair: ranks.get(pair[0], 3))


def ninjs_associations(one: dict[str, Any]) -> list[dict[str, Any]]:
    """What belongs to an item: its pictures, or the items of a package."""
    return ninjs_objects(one, "associations")
