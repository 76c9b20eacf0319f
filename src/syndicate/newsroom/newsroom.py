"""The newsroom: a folder with `syndicate.toml`, found by walking up, its settings checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from pydantic import IPvAnyNetwork, ValidationError

from syndicate import __version__
from syndicate.adapters import Catalogues, NamesPages, Paginates, Reserves, Scope
from syndicate.article.publication import Publication
from syndicate.digests import digest_of
from syndicate.errors import Problems, SettingsError, SyndicateError, UsageError
from syndicate.findings import Finding
from syndicate.kit import Kit
from syndicate.kit.pictures import PictureFolders
from syndicate.lint import Level
from syndicate.newsroom.channel import Channel, load_channel
from syndicate.newsroom.environment import overlaid
from syndicate.newsroom.root import SETTINGS
from syndicate.newsroom.settings import Settings
from syndicate.newsroom.shape import Shape, digest_of_files
from syndicate.newsroom.starter import starter
from syndicate.newsroom.toml import TOMLFile, settings_errors


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

    @property
    def pictures(self) -> PictureFolders:
        """The pictures of articles."""
        return PictureFolders((self.content, self.extracted))

    @property
    def pictures_of_drafts(self) -> PictureFolders:
        """The pictures of drafts: those drawn for them, and those of the articles."""
        return PictureFolders((self.drafts, self.content, self.extracted))

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

    def shape(self, channel: Channel) -> Shape:
        """What shapes `channel`'s artifacts beside the articles."""
        folders = self.template_folders(channel)
        settings = digest_of(
            channel=channel.name,
            adapter=channel.format,
            url=channel.url,
            private=channel.private,
            # What people wrote: a default is the program's.
            options=channel.options,
            publication=self.publication.model_dump(mode="json", exclude_unset=True),
        )
        files = digest_of_files(self.root / "templates", folders, channel.plugin)
        packaged = digest_of_files(starter() / "templates", folders)
        return Shape(
            newsroom=digest_of(settings=settings, files=files),
            program=digest_of(version=__version__, files=packaged),
        )


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
    values = overlaid(file.values, environment, ("publication", "ledger", "jobs", "strict"))
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
            channels[path.stem] = load_channel(root, path, publication, defaults, environment)
        except Problems as problems:
            errors += problems.errors
        except SyndicateError as error:
            errors.append(error)
    if not errors:
        errors += _unknown_channels(root, channels)
    if errors or settings is None:
        raise Problems(errors)
    jobs = settings.jobs or _cores()
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


def _cores() -> int:
    """How many cores this process may use; macOS cannot say, so there it is all of them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
    """What is wrong with those of `channels` that lean on another: it is not there, or no PDF of
    an edition."""

    def wrong(name: str, key: str, reason: str, fitting: Iterable[str]) -> SettingsError:
        file = TOMLFile.read(root / "channels" / f"{name}.toml", f"channels/{name}.toml")
        names = ", ".join(fitting) or "none"
        return SettingsError(reason, where=file.locate((key,)), hint=f"channels: {names}")

    printed = [
        name
        for name, one in channels.items()
        if isinstance(one.adapter, Paginates) and one.adapter.scope is Scope.EDITION
    ]
    for name, channel in channels.items():
        adapter = channel.adapter
        if isinstance(adapter, Catalogues) and adapter.catalogue_of not in channels:
            others = (one for one in channels if one != name)
            reason = f"there is no channel {adapter.catalogue_of!r} to make a catalogue of"
            yield wrong(name, "catalogue_of", reason, others)
        source = adapter.pages_of if isinstance(adapter, NamesPages) else ""
        if source and source not in printed:
            reason = f"there is no channel {source!r} that prints editions"
            yield wrong(name, "pages_of", reason, printed)
