"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from syndicate.newsroom.newsroom import Newsroom


def complete_channels(incomplete: str) -> list[str]:
    """Channel names for shell completion, also after a comma. Only file names are read."""
    from syndicate.newsroom.root import find_root

    try:
        root = find_root(Path.cwd())
    except Exception:
        return []
    names = sorted(
        path.stem
        for path in (root / "channels").glob("*.toml")
        if not path.name.endswith(".local.toml")
    )
    before, comma, last = incomplete.rpartition(",")
    taken = before.split(",")
    return [before + comma + name for name in names if name.startswith(last) and name not in taken]


Root = Annotated[
    Path | None,
    typer.Option(
        "--root",
        metavar="FOLDER",
        envvar="SYNDICATE_ROOT",
        help="The newsroom's folder; default: this folder or one above it.",
    ),
]
Channels = Annotated[
    str | None,
    typer.Option(
        "--channels",
        "-c",
        envvar="SYNDICATE_CHANNELS",
        metavar="NAMES",
        help="Names from channels/, separated by commas; default: all.",
        autocompletion=complete_channels,
    ),
]
Articles = Annotated[
    list[str] | None,
    typer.Argument(metavar="ARTICLE", help="Files or slugs; default: all articles."),
]
AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON, one value a line.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="NAME", envvar="SYNDICATE_USER", help="Your name; default: your login name."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only warnings and errors.")]


def root_from_options(root: Path | None) -> Path:
    """The newsroom's folder: `root`, or the current folder or one above it.

    Raises:
        UsageError: there is no newsroom.
    """
    from syndicate.errors import Location, UsageError
    from syndicate.newsroom.root import SETTINGS, find_root

    if root is None:
        return find_root(Path.cwd())
    if not (root / SETTINGS).is_file():
        raise UsageError(
            f"this folder has no {SETTINGS}",
            where=Location(str(root)),
            hint=f"to create a newsroom there: syndicate init {root}",
        )
    return root.absolute()


def newsroom_from_options(root: Path | None) -> Newsroom:
    """The newsroom in `root`, or in the current folder or one above it.

    Raises:
        SyndicateError: there is no newsroom, or its settings are wrong.
    """
    from syndicate.newsroom.newsroom import load_newsroom

    newsroom = load_newsroom(root_from_options(root))
    _close(newsroom)
    return newsroom


def newsroom_to_look_at(root: Path | None) -> Newsroom:
    """As `newsroom_from_options`, for a command that changes nothing: it also works where this user
    can write nothing.

    Raises:
        SyndicateError: there is no newsroom, its settings are wrong, or it cannot be read.
    """
    from syndicate.engine.read_only import to_look_at

    return to_look_at(newsroom_from_options(root))


def _close(newsroom: Newsroom) -> None:
    """Let only the newsroom's users read its private files, also those that exist already."""
    from syndicate import console
    from syndicate.private import close_to_others, is_shared, keep_private

    # Folders that a group works in stay usable for it, with or without the setting.
    share = "group" if is_shared(newsroom.state) else newsroom.share
    keep_private(share)
    if share == "group":
        for folder in (newsroom.state, newsroom.drafts):
            with suppress(OSError):  # whatever needs it says so
                folder.mkdir(exist_ok=True)
    changed = close_to_others(newsroom.private, share)
    if changed:
        names = ", ".join(os.path.relpath(place, newsroom.root) for place in changed)
        who = "you and your group" if share == "group" else "you"
        console.print_warning(f"{names}: from now on, only {who} can read this")


def names_in_option(channels: str | None) -> tuple[str, ...]:
    """The channels named in "a,b"."""
    return tuple(name.strip() for name in (channels or "").split(",") if name.strip())


def person_from_options(by: str | None) -> str:
    """The name of the person who runs the command: `by`, else the login name.

    Raises:
        UsageError: the machine does not know who is logged in.
    """
    import getpass

    from syndicate.errors import UsageError

    try:
        return by or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError(
            "this machine does not know your name",
            hint="add --by NAME, or set SYNDICATE_USER",
        ) from error
