"""The newsroom: a folder with `syndicate.toml`, found by walking up, its settings checked."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urljoin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyNetwork, ValidationError

from syndicate import __version__
from syndicate.adapters import Adapter, Catalogues, Reserves, adapter_class
from syndicate.article.publication import Publication
from syndicate.article.values import Url
from syndicate.couriers import Courier, courier_class
from syndicate.errors import Problems, SettingsError, SyndicateError, UsageError
from syndicate.findings import Finding
from syndicate.kit import Kit
from syndicate.lint import RULES, Level
from syndicate.newsroom.root import SETTINGS
from syndicate.newsroom.schedule import Cron, Schedule, Span
from syndicate.newsroom.select import Select
from syndicate.newsroom.starter import starter
from syndicate.newsroom.toml import TOMLFile, settings_errors

PREFIX = "SYNDICATE_"


def _rule(name: str) -> str:
    """A rule's name; those of the packaged lint are known, channels bring their own."""
    room, slash, _ = name.partition("/")
    if not slash or (room in ("article", "newsroom") and name not in RULES):
        near = get_close_matches(name, RULES, n=1)
        raise ValueError(f"no rule is called {name!r}" + (f"; {near[0]!r}?" if near else ""))
    return name


class Add(BaseModel):
    """`[add]`. `networks` are inner networks (CIDR) that `syndicate add` may fetch from; without
    them it reads only what the public could."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    networks: tuple[IPvAnyNetwork, ...] = ()


class Settings(BaseModel):
    """`syndicate.toml`. `defaults` holds channel keys by adapter name; a channel file wins. `lint`
    sets how grave a rule of `syndicate check` is: "error", "warning" or "off"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    publication: Publication
    ledger: str = ".syndicate/ledger.sqlite"
    jobs: int | None = Field(default=None, ge=1)
    strict: bool = False
    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict)
    lint: dict[Annotated[str, AfterValidator(_rule)], Level] = Field(default_factory=dict)
    add: Add = Add()


class ChannelKeys(BaseModel):
    """The keys that every channel file may hold beside those of its adapter.

    `adapter` may be left out where the file is called after it. `url` is the absolute URL below
    which the channel's files are public, by default `<base_url><channel>/`. With `review` nothing
    is delivered before somebody approves it. `deliver` is one table or several, each begun when
    the one before is done. `schedule` is a cron expression on the publication's clock for
    `publish --due`; a missed run is made up for until `not_after` has passed ("2 hours").
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    adapter: str
    review: bool = False
    url: Url | None = None
    select: Select = Select()
    deliver: dict[str, Any] | list[dict[str, Any]] | None = None
    schedule: Cron | None = None
    not_after: Span | None = None


@dataclass(frozen=True)
class Channel:
    """One channel, ready to use. `couriers` are in the order in which they deliver."""

    name: str
    format: str
    adapter: Adapter
    couriers: Mapping[str, Courier]
    select: Select
    review: bool
    url: str
    plugin: Path | None = None
    schedule: Schedule | None = None

    @property
    def private(self) -> bool:
        """Whether none but members can reach what this channel delivers."""
        return any(courier.members_only for courier in self.couriers.values())

    def url_of(self, name: str) -> str:
        """The absolute URL at which the artifact called `name` is public."""
        return urljoin(self.url, quote(name))


@dataclass(frozen=True)
class Newsroom:
    """A newsroom's folder and settings; `channels` are in the order of their names."""

    root: Path
    publication: Publication
    ledger: str
    jobs: int
    strict: bool
    channels: Mapping[str, Channel]
    lint: Mapping[str, Level] = field(default_factory=dict)
    networks: tuple[IPvAnyNetwork, ...] = ()

    @property
    def content(self) -> Path:
        """Where the articles and their pictures are."""
        return self.root / "content"

    @property
    def drafts(self) -> Path:
        """Where drafts wait for people."""
        return self.root / "drafts"

    @property
    def state(self) -> Path:
        """What is kept between runs: ledger, lock, outbox and cache."""
        return self.root / ".syndicate"

    @property
    def extracted(self) -> Path:
        """The pictures that came inside the sources of articles, named as if below `content/`."""
        return self.state / "cache" / "pictures"

    def chosen(self, names: tuple[str, ...]) -> tuple[Channel, ...]:
        """The channels called `names`, all of them if none are named.

        Raises:
            UsageError: a name is unknown, with the nearest one.
        """
        errors: list[SyndicateError] = []
        for name in names:
            if name not in self.channels:
                near = get_close_matches(name, self.channels, n=1)
                hint = (
                    f"did you mean {near[0]!r}?"
                    if near
                    else f"channels: {', '.join(self.channels) or 'none; add channels/<name>.toml'}"
                )
                errors.append(UsageError(f"there is no channel {name!r}", hint=hint))
        if errors:
            raise errors[0] if len(errors) == 1 else Problems(errors)
        return tuple(self.channels[name] for name in dict.fromkeys(names or self.channels))

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """`findings` as grave as `[lint]` says, without those that it turns off."""
        for finding in findings:
            level = self.lint.get(finding.rule, finding.severity)
            if level != "off":
                yield replace(finding, severity=level)

    def kit(self, channel: Channel) -> Kit:
        """The kit that `channel`'s adapter is handed."""
        return Kit(self.template_folders(channel), self.content, extracted=self.extracted)

    def template_folders(self, channel: Channel) -> tuple[Path, ...]:
        """Where templates are looked for: the newsroom's before the packaged, near before far."""
        names = dict.fromkeys([channel.name, channel.adapter.templates or channel.format, ""])
        roots = dict.fromkeys([self.root / "templates", starter() / "templates"])
        return tuple(f for name in names for root in roots if (f := root / name).is_dir())

    def rendering_digest(self, channel: Channel) -> str:
        """SHA-256 over all that shapes `channel`'s artifacts beside the articles."""
        digest = hashlib.sha256()
        shape = [
            __version__,
            channel.name,
            channel.format,
            channel.url,
            channel.private,
            self.publication.model_dump(mode="json"),
            channel.adapter.model_dump(mode="json"),
        ]
        digest.update(json.dumps(shape, sort_keys=True, default=str).encode())
        files = [channel.plugin] if channel.plugin else []
        for folder in self.template_folders(channel):
            deep = folder.name != "templates"
            files += sorted(folder.rglob("*") if deep else folder.glob("*"))
            files += sorted((folder / "article").glob("*"))
        for file in files:
            if file.is_file():
                digest.update(b"\0" + file.name.encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()


def load_newsroom(root: Path, environment: Mapping[str, str] = os.environ) -> Newsroom:
    """The newsroom in `root`.

    A value comes from the environment, else the channel's file, else `syndicate.toml`, else the
    default. `SYNDICATE_PUBLICATION__TITLE` stands for `publication.title`,
    `SYNDICATE_CHANNELS__RSS__TTL` for `ttl` in `channels/rss.toml`.

    Raises:
        Problems: of SettingsError, every bad key of every file at once.
    """
    file = TOMLFile.read(root / SETTINGS, SETTINGS)
    errors: list[SyndicateError] = []
    values = _overlaid(file.values, environment, ("publication", "ledger", "jobs", "strict"))
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        errors += settings_errors(error, file, Settings)

    channels: dict[str, Channel] = {}
    publication = settings.publication if settings else Publication(title="?")
    defaults = settings.defaults if settings else {}
    for path in sorted((root / "channels").glob("*.toml")):
        if path.name.endswith(".local.toml"):
            continue
        try:
            channels[path.stem] = _channel(root, path, publication, defaults, environment)
        except Problems as problems:
            errors += problems.errors
        except SyndicateError as error:
            errors.append(error)
    if not errors:
        errors += _unknown_channels(root, channels)
    if errors or settings is None:
        raise Problems(errors)
    jobs = settings.jobs or len(os.sched_getaffinity(0))
    return Newsroom(
        root,
        publication,
        settings.ledger,
        jobs,
        settings.strict,
        _without_reserved(channels),
        settings.lint,
        settings.add.networks,
    )


def _without_reserved(channels: Mapping[str, Channel]) -> Mapping[str, Channel]:
    """`channels`, none of which takes the section that another keeps for itself."""
    kept = {
        name: one.adapter.reserved_section
        for name, one in channels.items()
        if isinstance(one.adapter, Reserves) and one.adapter.reserved_section
    }
    return {
        name: replace(
            one, select=one.select.without(s for s in kept.values() if s != kept.get(name))
        )
        for name, one in channels.items()
    }


def _unknown_channels(root: Path, channels: Mapping[str, Channel]) -> Iterator[SettingsError]:
    """What is wrong with the catalogues among `channels`: they list one that is not there."""
    for name, channel in channels.items():
        adapter = channel.adapter
        if isinstance(adapter, Catalogues) and adapter.catalogue_of not in channels:
            file = TOMLFile.read(root / "channels" / f"{name}.toml", f"channels/{name}.toml")
            yield SettingsError(
                f"there is no channel {adapter.catalogue_of!r} to make a catalogue of",
                where=file.locate(("catalogue_of",)),
                hint=f"channels: {', '.join(one for one in channels if one != name)}",
            )


def _channel(
    root: Path,
    path: Path,
    publication: Publication,
    defaults: Mapping[str, Mapping[str, Any]],
    environment: Mapping[str, str],
) -> Channel:
    name = path.stem
    file = TOMLFile.read(path, f"channels/{path.name}")
    local = path.with_name(f"{name}.local.toml")
    private = TOMLFile.read(local, f"channels/{local.name}").values if local.is_file() else {}
    written = {**file.values, **private}
    format_ = str(written.get("adapter", name))
    values = {"adapter": format_, **defaults.get(format_, {}), **written}
    values |= _from_environment(environment, f"{PREFIX}CHANNELS__{name.upper()}__", values)

    try:
        kind = adapter_class(format_, root)
    except UsageError as error:
        where = error.where or file.locate(("adapter",))
        hint = error.hint if "adapter" in written else "name its adapter: adapter = …"
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
        couriers = _couriers(root, name, keys.deliver, file)
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
        url=_slash(keys.url or publication.absolute(name + "/")),
        plugin=(root / format_).resolve() if format_.endswith(".py") else None,
        schedule=(
            Schedule(keys.schedule, publication.zone, keys.not_after) if keys.schedule else None
        ),
    )


def _couriers(
    root: Path,
    channel: str,
    tables: dict[str, Any] | list[dict[str, Any]] | None,
    file: TOMLFile,
) -> dict[str, Courier]:
    """The couriers of a channel by `name`, which is `via` where a table gives none."""
    couriers: dict[str, Courier] = {}
    several = isinstance(tables, list)
    for number, table in enumerate(tables if isinstance(tables, list) else [tables or {}]):
        place: tuple[str | int, ...] = ("deliver", number) if several else ("deliver",)
        values = {"via": "file", **table}
        via = str(values.pop("via"))
        name = str(values.pop("name", via))
        if name in couriers:
            raise SettingsError(
                f"two [[deliver]] tables are called {name!r}",
                where=file.locate(place),
                hint='give one of them another: name = "…"',
            )
        couriers[name] = _courier(root, channel, via, values, file, place)
    if len({courier.members_only for courier in couriers.values()}) > 1:
        raise SettingsError(
            "what is for members only would leave by another [[deliver]] table as well",
            where=file.locate(("deliver",)),
            hint="make a channel of its own for members",
        )
    return couriers


def _courier(
    root: Path,
    channel: str,
    via: str,
    values: dict[str, Any],
    file: TOMLFile,
    place: tuple[str | int, ...],
) -> Courier:
    try:
        kind = courier_class(via, root)
        return kind.model_validate(values, context={"root": root, "channel": channel})
    except UsageError as error:
        where = error.where or file.locate((*place, "via"))
        raise SettingsError(error.message, where=where, hint=error.hint) from error
    except ValidationError as error:
        raise Problems(settings_errors(error, file, kind, place)) from error


def _slash(url: str) -> str:
    return url if url.endswith("/") else url + "/"


def _overlaid(
    values: Mapping[str, Any], environment: Mapping[str, str], keys: tuple[str, ...]
) -> dict[str, Any]:
    """`values` with what the environment says of `keys` laid over."""
    out = dict(values)
    for key in keys:
        name = PREFIX + key.upper()
        if name in environment:
            out[key] = _value(environment[name])
        if isinstance(out.get(key), Mapping):
            out[key] = {**out[key], **_from_environment(environment, name + "__", out[key])}
    return out


def _from_environment(
    environment: Mapping[str, str], prefix: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Values of the variables below `prefix`; a further "__" goes one table deeper."""
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
    """A variable's text as the TOML value it reads as, else as a string."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
