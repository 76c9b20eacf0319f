"""Whether this machine and this newsroom have what publishing needs."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from syndicate.engine.exposure import readable_by_others, tracked_by_git, unknown_to_git
from syndicate.engine.history import held_of
from syndicate.engine.upkeep import examine_ledger, examine_secret
from syndicate.errors import Problems, RenderError, SyndicateError
from syndicate.kit.fonts import ARABIC, LATIN, MONO
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.store import try_out
from syndicate.store.remote import LOOK

_FONTS = (*LATIN, *ARABIC, *MONO)
_SHOWN = 5  # names in one message


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check; if it is not `well`, `hint` says how to fix it."""

    what: str
    well: bool
    found: str
    hint: str | None = None
    credentials: bool = False


def examine_newsroom(root: Path) -> tuple[Diagnosis, ...]:
    """Everything worth knowing before the first run. What is written to try it out is removed."""
    findings = [_pango(), _fonts()]
    try:
        newsroom = load_newsroom(root)
    except SyndicateError as error:
        several = error.errors if isinstance(error, Problems) else (error,)
        found = [Diagnosis("settings", False, str(one), one.hint) for one in several]
        return (*findings, *found)
    findings.append(Diagnosis("settings", True, _channels(newsroom)))
    return (
        *findings,
        _address(newsroom),
        _writable("output", newsroom.root / "out"),
        _writable("drafts", newsroom.drafts),
        *_ledger(newsroom),
        *_held(newsroom),
        *_private(newsroom),
        _store(newsroom),
        *_credentials(newsroom),
    )


def _channels(newsroom: Newsroom) -> str:
    number = len(newsroom.channels)
    return f"{number} channel{'' if number == 1 else 's'}"


def _tried(what: str, attempt: Callable[[], str], hint: str) -> Diagnosis:
    try:
        return Diagnosis(what, True, attempt())
    except Exception as error:
        own = error.hint if isinstance(error, SyndicateError) else None
        return Diagnosis(what, False, str(error).partition("\n")[0], own or hint)


def _pango() -> Diagnosis:
    from syndicate.adapters.pdf.typeset import pango_version

    try:
        return Diagnosis("pango", True, pango_version())
    except RenderError as error:
        return Diagnosis("pango", False, str(error), f"{error.hint} (only PDF needs it)")


def _fonts() -> Diagnosis:
    def attempt() -> str:
        missing = [face.file for face in _FONTS if not face.path.is_file()]
        if missing:
            raise FileNotFoundError(f"missing: {', '.join(missing)}")
        return f"{len(_FONTS)} font files"

    return _tried("faces", attempt, "install syndicate again with its dependencies")


def _address(newsroom: Newsroom) -> Diagnosis:
    url = newsroom.publication.base_url
    example = newsroom.publication.authority.endswith(("example.org", "example.com"))
    found = f"{url} is an example" if example else url
    return Diagnosis("address", True, found, "set base_url in syndicate.toml" if example else None)


def _writable(what: str, folder: Path) -> Diagnosis:
    def attempt() -> str:
        standing = next(one for one in (folder, *folder.parents) if one.exists())
        if not os.access(standing, os.W_OK | os.X_OK):
            raise PermissionError(f"{standing} cannot be written")
        with tempfile.TemporaryFile(dir=standing) as file:
            file.write(b"\0" * 4096)
        return f"{folder.name}/ can be written"

    return _tried(what, attempt, f"make {folder} writable, or make room on its disk")


def _ledger(newsroom: Newsroom) -> Iterator[Diagnosis]:
    hint = "restore the ledger from a backup; without it, everything would be sent again"
    found = _tried("ledger", lambda: examine_ledger(newsroom), hint)
    yield found
    if found.well:
        try:
            examine_secret(newsroom)
        except SyndicateError as error:
            yield Diagnosis("unsubscribe links", False, str(error), error.hint, credentials=True)


def _held(newsroom: Newsroom) -> Iterator[Diagnosis]:
    """What the last runs have held back."""
    with suppress(SyndicateError):  # a ledger that cannot be read is named above
        if held := held_of(newsroom):
            told = f"{', '.join(held.channels)}: held back: {held.message}"
            yield Diagnosis("removals", False, told, held.hint)


def _private(newsroom: Newsroom) -> Iterator[Diagnosis]:
    """Whether anyone else can read what is private."""
    found = readable_by_others(newsroom)
    if found:
        what = f"other users of this machine can read {_some(found)}"
        yield Diagnosis("privacy", False, what, f"chmod -R go= {shlex.join(found)}")
    if tracked := tracked_by_git(newsroom):
        yield Diagnosis(
            "privacy",
            False,
            f"the git repository contains {_some(tracked)}",
            f"git rm -r --cached -f {shlex.join(tracked)}; earlier commits still contain it, so"
            " change the passwords in it",
        )
    if unknown := unknown_to_git(newsroom):
        what = f"git does not ignore {_some(unknown)}"
        lines = sorted({_ignoring(name) for name in unknown})
        hint = f"printf '%s\\n' {shlex.join(lines)} >> .gitignore"
        yield Diagnosis("privacy", False, what, hint)
        return
    if not found and not tracked:
        yield Diagnosis("privacy", True, "others cannot read the ledger, drafts or subscribers")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _ignoring(name: str) -> str:
    """The line of .gitignore for the file `name`."""
    if name.endswith("/"):
        return name
    return "*.local.toml" if name.endswith(".local.toml") else f"/{name}"


def _store(newsroom: Newsroom) -> Diagnosis:
    settings = newsroom.store_settings

    def attempt() -> str:
        try_out(settings, newsroom.root)
        return f"{settings.url} can be written and read"

    hint = (
        "check its address, your network and your credentials, or correct 'store' in syndicate.toml"
    )
    found = _tried("store", attempt, hint)
    if found.hint == LOOK:
        found = replace(found, hint=hint)
    missing = any(name not in os.environ for name in settings.secrets.values())
    return replace(found, credentials=missing)


def variables_to_examine(channel: Channel) -> Iterator[str]:
    """The environment variables that the couriers of `channel` read: their `variables`, or else
    their fields named `*_env`."""
    for courier in channel.couriers.values():
        fields = (field for field in type(courier).model_fields if field.endswith("_env"))
        named = (getattr(courier, field) for field in fields)
        yield from getattr(courier, "variables", None) or filter(None, named)


def _credentials(newsroom: Newsroom) -> Iterator[Diagnosis]:
    """Whether the environment holds what each courier needs."""
    for channel in newsroom.channels.values():
        for name in variables_to_examine(channel):
            well = name in os.environ
            found = f"{name} is {'set' if well else 'not set'}"
            hint = None if well else f"export {name}=…"
            yield Diagnosis(f"credentials of {channel.name}", well, found, hint, True)
