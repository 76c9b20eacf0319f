"""The newsroom: a folder with `syndicate.toml` and its channels, with all settings checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import IPvAnyNetwork, ValidationError

from syndicate import __version__
from syndicate.adapters import Catalogues, NamesPages, Paginates, Reserves, Scope
from syndicate.article.publication import Publication
from syndicate.digests import digest_of
from syndicate.errors import (
    Location,
    Problems,
    RenderError,
    SettingsError,
    SyndicateError,
    UsageError,
)
from syndicate.findings import Finding
from syndicate.grounds import Grounds
from syndicate.kit import Kit
from syndicate.kit.pictures import PictureFolders
from syndicate.lint import Level
from syndicate.newsroom.channel import Channel, load_channel
from syndicate.newsroom.environment import Variables
from syndicate.newsroom.layers import Layers, channel_layers
from syndicate.newsroom.retention import Retention
from syndicate.newsroom.root import SETTINGS
from syndicate.newsroom.settings import MEMORY, SECONDS_PER_ARTICLE, STEP_TIMEOUT, Settings
from syndicate.newsroom.shape import Shape, digest_of_files, strays
from syndicate.newsroom.site import Serve, Studio
from syndicate.newsroom.starter import starter
from syndicate.newsroom.toml import TOMLFile, settings_errors
from syndicate.private import Share
from syndicate.readers.contract import USUAL, Habits
from syndicate.stop import GRACE
from syndicate.store import BlobStore, OverStore, Store, open_store

_FROM_ENVIRONMENT = (
    *("publication", "ledger", "store", "jobs", "strict", "share"),
    *("grace", "memory", "step_timeout", "studio", "serve"),
)


@dataclass(frozen=True)
class Newsroom:
    """A newsroom's folder and settings. `channels` are in alphabetical order. `copied` is where a
    copy of its state is, if that can only be read."""

    root: Path
    publication: Publication
    ledger: str
    jobs: int
    strict: bool
    channels: Mapping[str, Channel]
    lint: Mapping[str, Level] = field(default_factory=dict)
    networks: tuple[IPvAnyNetwork, ...] = ()
    id: str = ""
    habits: Habits = USUAL
    grace: float = GRACE
    memory: int = MEMORY
    step_timeout: float = STEP_TIMEOUT
    share: Share = "none"
    store_settings: Store = field(default_factory=Store)
    deleted: Literal["keep", "withdraw"] = "keep"
    retention: Retention = field(default_factory=Retention)
    follow: tuple[Path, ...] = ()
    seconds_per_article: float = SECONDS_PER_ARTICLE
    studio: Studio = field(default_factory=Studio)
    serve: Serve = field(default_factory=Serve)
    shows_titles: bool = False  # of withdrawn articles
    copied: Path | None = None

    @cached_property
    def store(self) -> BlobStore:
        """The bytes of artifacts, articles and pictures, by digest."""
        store = open_store(self.store_settings, self.root)
        return OverStore(self.copied / "store", store) if self.copied else store

    @property
    def content(self) -> Path:
        """The folder of the articles and their pictures."""
        return self.root / "content"

    @cached_property
    def grounds(self) -> Grounds:
        """Where the files of articles, and pictures, may be: wherever links in `content/` lead."""
        return Grounds((self.content, *self.follow))

    @property
    def drafts(self) -> Path:
        """The folder of drafts that people edit and approve."""
        return self.root / "drafts"

    def draft(self, name: str) -> bytes:
        """The bytes of the file called `name` in `drafts`.

        Raises:
            OSError: it is missing, is not a file, or is a link to somewhere else: drafts may have
                come with a pull request.
        """
        return Grounds((self.drafts,)).read(self.drafts / name)

    @property
    def state(self) -> Path:
        """The folder of everything that is saved between runs: ledger, store, lock and cache."""
        return self.copied or self.root / ".syndicate"

    @property
    def private(self) -> tuple[Path, ...]:
        """What only this newsroom's users should be able to read: folders, and the ledger."""
        path = self.ledger.removeprefix("sqlite:///").partition("?")[0]
        if "://" in path or path.startswith("file:"):
            return (self.state, self.drafts)
        file = self.root / path
        beside = sorted(file.parent.glob(f"{file.name}[.-]*")) if file.parent != self.state else []
        # Of a folder that is named by mistake, nothing is touched.
        # A Path raises an error for what is in a folder that is closed to this user.
        files = (one for one in (file, *beside) if os.path.isfile(one))  # noqa: PTH113
        return (self.state, self.drafts, *files)

    @property
    def extracted(self) -> Path:
        """The folder of pictures that were embedded in article files, named as if they were in
        `content/`."""
        return self.state / "cache" / "pictures"

    @property
    def pictures(self) -> PictureFolders:
        """The folders with the pictures of articles."""
        return PictureFolders((self.content, self.extracted), self.follow)

    @property
    def pictures_of_drafts(self) -> PictureFolders:
        """The folders with the pictures of drafts: those made for drafts, and those of articles."""
        return PictureFolders((self.drafts, self.content, self.extracted), self.follow)

    def chosen(self, names: tuple[str, ...]) -> tuple[Channel, ...]:
        """The channels called `names`, or all channels if `names` is empty.

        Raises:
            UsageError: a name is unknown; the hint suggests the closest one.
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

    def with_severities(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """`findings` with the severity that `[lint]` sets, without those that it turns off."""
        for finding in findings:
            level = self.lint.get(finding.rule, finding.severity)
            if level != "off":
                yield replace(finding, severity=level)

    def kit(self, channel: Channel) -> Kit:
        """The kit for the adapter of `channel`.

        Raises:
            RenderError: one of its templates is a link to somewhere outside, a pipe or a device.
        """
        folders = self.template_folders(channel)
        self.check_templates(folders)
        return Kit(folders, self.content, extracted=self.extracted, follow=self.follow)

    def template_folders(self, channel: Channel) -> tuple[Path, ...]:
        """The folders in which templates are looked up, in order: the channel's own, its adapter's,
        then the shared ones; each in the newsroom first, then as packaged."""
        names = dict.fromkeys([channel.name, channel.adapter.templates or channel.format, ""])
        roots = dict.fromkeys([self.root / "templates", starter() / "templates"])
        return tuple(f for name in names for root in roots if (f := root / name).is_dir())

    @property
    def _template_grounds(self) -> Grounds:
        return Grounds((self.root / "templates", *self.follow))

    def check_templates(self, folders: Iterable[Path]) -> None:
        """Raise RenderError if a template in `folders` must not be opened: a pull request may bring
        a link to any file of this machine."""
        for stray in strays(self.root / "templates", folders, self._template_grounds):
            raise RenderError(
                "it is a link to somewhere outside templates/, or not a file",
                where=Location(str(stray.relative_to(self.root))),
                hint="copy the file here; or allow its folder in syndicate.toml:"
                " [content] follow = […]",
            )

    def shape(self, channel: Channel) -> Shape:
        """The digests of everything besides articles that the artifacts of `channel` depend on."""
        folders = self.template_folders(channel)
        settings = digest_of(
            channel=channel.name,
            adapter=channel.format,
            url=channel.url,
            private=channel.private,
            # As written in the file: default values belong to the program.
            options=channel.options,
            publication=self.publication.model_dump(mode="json", exclude_unset=True),
        )
        own = self.root / "templates"
        files = digest_of_files(own, folders, channel.plugin, self._template_grounds)
        packaged = digest_of_files(starter() / "templates", folders)
        return Shape(
            newsroom=digest_of(settings=settings, files=files),
            program=digest_of(version=__version__, files=packaged),
            settings=settings,
            templates=files,
        )


def load_newsroom(root: Path, environment: Mapping[str, str] = os.environ) -> Newsroom:
    """The newsroom in `root`.

    A value is taken from the environment, else the channel's file, else `syndicate.toml`, else the
    default. `SYNDICATE_PUBLICATION__TITLE` sets `publication.title`,
    `SYNDICATE_CHANNELS__RSS__TTL` sets `ttl` in `channels/rss.toml`.

    Raises:
        Problems: a SettingsError for every bad key, from all files at once.
    """
    variables = Variables.of_newsroom(environment, _FROM_ENVIRONMENT)
    file = Layers((TOMLFile.read(root / SETTINGS, SETTINGS),), variables)
    errors: list[SyndicateError] = []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(file.over({}))
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
        settings.id,
        Habits(unknown_keys=settings.content.unknown_keys),
        settings.grace,
        settings.memory,
        settings.step_timeout,
        settings.share,
        settings.store,
        settings.content.deleted,
        settings.retention,
        tuple(root / one.expanduser() for one in settings.content.follow),
        settings.content.seconds_per_article,
        settings.studio,
        settings.serve,
        settings.withdrawal.title,
    )


def _cores() -> int:
    """The number of cores that this process may use. macOS does not report it, so there it is the
    number of all cores."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _without_reserved(channels: Mapping[str, Channel]) -> Mapping[str, Channel]:
    """`channels`, changed so that none selects a section that another channel reserves."""
    reserved = {
        name: one.adapter.reserved_section
        for name, one in channels.items()
        if isinstance(one.adapter, Reserves) and one.adapter.reserved_section
    }
    return {
        name: replace(
            one, select=one.select.without(s for s in reserved.values() if s != reserved.get(name))
        )
        for name, one in channels.items()
    }


def _unknown_channels(root: Path, channels: Mapping[str, Channel]) -> Iterator[SettingsError]:
    """Errors for those of `channels` that refer to another channel that does not exist or, where a
    PDF of an edition is needed, does not print editions."""

    def wrong(name: str, key: str, reason: str, fitting: Iterable[str]) -> SettingsError:
        file = channel_layers(root, name, os.environ)
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
            reason = f"cannot make a catalogue of {adapter.catalogue_of!r}: no such channel"
            yield wrong(name, "catalogue_of", reason, others)
        source = adapter.pages_of if isinstance(adapter, NamesPages) else ""
        if source and source not in printed:
            reason = f"{source!r} is not a channel that prints editions"
            yield wrong(name, "pages_of", reason, printed)
