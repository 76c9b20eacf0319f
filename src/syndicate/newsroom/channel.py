"""Reads and checks a channel from its file `channels/<name>.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urljoin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from syndicate.adapters import Adapter, Scope, adapter_class
from syndicate.article.publication import Publication
from syndicate.article.values import Url
from syndicate.couriers import Courier
from syndicate.errors import Problems, SettingsError, SyndicateError, UsageError
from syndicate.newsroom.couriers import load_couriers
from syndicate.newsroom.layers import channel_layers
from syndicate.newsroom.schedule import Cron, Schedule, Span
from syndicate.newsroom.select import Select
from syndicate.newsroom.toml import settings_errors

OnWithdrawal = Literal["keep", "delete"]


class ChannelKeys(BaseModel):
    """The keys that every channel file may have, in addition to those of its adapter.

    `adapter` can be left out if the file is named after it. `url` is the absolute URL of the
    channel's public files; the default is `<base_url><channel>/`. With `review`, nothing is
    delivered until it is approved; `approvers` is how many people must approve. `deliver` is one
    table or several; each starts when the one before is done. `schedule` is a cron expression for
    `publish --due`, in the publication's time zone. A missed run is made up for, but not later
    than `not_after` ("2 hours") after its time. `on_withdrawal` is what happens to the posts of an
    article that is withdrawn: "keep" (an answer is drafted that says so) or "delete".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    adapter: str
    review: bool = False
    approvers: int = Field(default=1, ge=1)
    url: Url | None = None
    select: Select = Select()
    deliver: dict[str, Any] | list[dict[str, Any]] | None = None
    schedule: Cron | None = None
    not_after: Span | None = None
    on_withdrawal: OnWithdrawal = "keep"


@dataclass(frozen=True)
class Channel:
    """One channel, ready to use. `couriers` are in the order in which they deliver. `options` are
    the adapter's options, exactly as written in the file. `says_url`: `url` was set for it, so that
    its files are known to be there."""

    name: str
    format: str
    adapter: Adapter
    couriers: Mapping[str, Courier]
    select: Select
    review: bool
    url: str
    approvers: int = 1
    plugin: Path | None = None
    schedule: Schedule | None = None
    on_withdrawal: OnWithdrawal = "keep"
    options: Mapping[str, Any] = field(default_factory=dict)
    says_url: bool = False

    @property
    def private(self) -> bool:
        """Whether only members can reach what this channel delivers."""
        return any(courier.members_only for courier in self.couriers.values())

    @property
    def goes_to_people(self) -> bool:
        """Whether what this channel delivers cannot be taken back: posts, mail, numbered issues."""
        final = any(courier.final for courier in self.couriers.values())
        return final or self.adapter.scope is Scope.EDITION

    def language(self, publication: Publication) -> str:
        """The language in which it writes to its readers: that of the articles that it selects, if
        these are of one language, else the publication's."""
        return self.select.language[0] if len(self.select.language) == 1 else publication.language

    def url_of(self, name: str) -> str:
        """The public absolute URL of the artifact called `name`."""
        return urljoin(self.url, quote(name))


def load_channel(
    root: Path,
    path: Path,
    publication: Publication,
    defaults: Mapping[str, Mapping[str, Any]],
    environment: Mapping[str, str],
) -> Channel:
    """The channel in the file `path`. `defaults` has default values of channel keys, by adapter.

    Raises:
        SettingsError: the file cannot be read, or there is no such adapter.
        Problems: a SettingsError for every bad key.
    """
    name = path.stem
    file = channel_layers(root, name, environment)
    written = file.over({})
    format_ = str(written.get("adapter", name))
    values = file.over({"adapter": format_, **defaults.get(format_, {})})

    try:
        kind = adapter_class(format_, root)
    except UsageError as error:
        where = error.where or file.locate(("adapter",))
        hint = error.hint if "adapter" in written else 'add a line: adapter = "…"'
        raise SettingsError(error.message, where=where, hint=hint) from error

    known = ChannelKeys.model_fields
    own = {key: value for key, value in values.items() if key not in known}
    errors: list[SyndicateError] = []
    keys, adapter = ChannelKeys(adapter=format_), None
    couriers: Mapping[str, Courier] = {}
    try:
        keys = ChannelKeys.model_validate({k: v for k, v in values.items() if k in known})
    except ValidationError as error:
        errors += settings_errors(error, file, ChannelKeys)
    try:
        adapter = kind.model_validate(own)
        if adapter.scope not in kind.scopes:
            scopes = ", ".join(repr(scope.value) for scope in kind.scopes)
            errors.append(
                SettingsError(f"'scope' must be one of {scopes}", where=file.locate(("scope",)))
            )
    except ValidationError as error:
        both = type("Known", (kind, ChannelKeys), {}) if kind else kind
        errors += settings_errors(error, file, both)
    try:
        couriers = load_couriers(root, name, keys.deliver, file)
    except Problems as problems:
        errors += problems.errors
    except SettingsError as error:
        errors.append(error)
    if errors or adapter is None:
        raise Problems(errors)
    return Channel(
        name=name,
        format=format_ if not format_.endswith(".py") else Path(format_).stem,
        adapter=adapter,
        couriers=couriers,
        select=keys.select,
        review=keys.review,
        approvers=keys.approvers,
        url=_slash(keys.url or publication.absolute(name + "/")),
        plugin=(root / format_).resolve() if format_.endswith(".py") else None,
        schedule=(
            Schedule(keys.schedule, publication.zone, keys.not_after) if keys.schedule else None
        ),
        on_withdrawal=keys.on_withdrawal,
        options=own,
        says_url=keys.url is not None,
    )


def _slash(url: str) -> str:
    return url if url.endswith("/") else url + "/"
