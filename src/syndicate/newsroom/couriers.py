"""Makes couriers from the `[deliver]` tables of a channel file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from syndicate.couriers import Courier, courier_class
from syndicate.errors import Problems, SettingsError, UsageError
from syndicate.newsroom.toml import Locates, settings_errors


def load_couriers(
    root: Path,
    channel: str,
    tables: dict[str, Any] | list[dict[str, Any]] | None,
    file: Locates,
) -> dict[str, Courier]:
    """The couriers of `channel` by name. If a table has no `name`, its name is `via`.

    Raises:
        SettingsError: two tables have the same name, or one delivers to members only and another
            does not.
        Problems: a SettingsError for every bad key of a table.
    """
    couriers: dict[str, Courier] = {}
    several = isinstance(tables, list)
    for number, table in enumerate(tables if isinstance(tables, list) else [tables or {}]):
        place: tuple[str | int, ...] = ("deliver", number) if several else ("deliver",)
        values = {"via": "file", **table}
        via = str(values.pop("via"))
        name = str(values.pop("name", via))
        if name in couriers:
            raise SettingsError(
                f"two [[deliver]] tables have the name {name!r}",
                where=file.locate(place),
                hint='give one of them another name: name = "…"',
            )
        couriers[name] = _courier(via, values, {"root": root, "channel": channel}, file, place)
    if len({courier.members_only for courier in couriers.values()}) > 1:
        raise SettingsError(
            "articles for members only would also be delivered by a [[deliver]] table that is not "
            "for members only",
            where=file.locate(("deliver",)),
            hint="make a separate channel for members",
        )
    return couriers


def _courier(
    via: str,
    values: dict[str, Any],
    context: dict[str, Any],
    file: Locates,
    place: tuple[str | int, ...],
) -> Courier:
    try:
        kind = courier_class(via, context["root"])
        return kind.model_validate(values, context=context)
    except UsageError as error:
        where = error.where or file.locate((*place, "via"))
        raise SettingsError(error.message, where=where, hint=error.hint) from error
    except ValidationError as error:
        raise Problems(settings_errors(error, file, kind, place)) from error
