"""What several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from syndicate.newsroom.newsroom import Newsroom


def complete_channels(incomplete: str) -> list[str]:
    """Channel names for the shell, also after a comma; reads file names only."""
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
        "--root", envvar="SYNDICATE_ROOT", help="The newsroom's folder; else found by walking up."
    ),
]
Channels = Annotated[
    str | None,
    typer.Option(
        "--channels",
        "-c",
        envvar="SYNDICATE_CHANNELS",
        help="Names from channels/, separated by commas; all of them if left out.",
        autocompletion=complete_channels,
    ),
]
Articles = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ARTICLE]...", help="Files or slugs; all articles if left out."),
]
AsJSON = Annotated[bool, typer.Option("--json", help="Write JSON, one value a line.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless it matters.")]


def find(root: Path | None) -> Path:
    """The newsroom's folder.

    Raises:
        UsageError: there is none.
    """
    from syndicate.errors import Location, UsageError
    from syndicate.newsroom.root import SETTINGS, find_root

    if root is None:
        return find_root(Path.cwd())
    if not (root / SETTINGS).is_file():
        raise UsageError(
            f"holds no {SETTINGS}",
            where=Location(str(root)),
            hint=f"start a newsroom there: syndicate init {root}",
        )
    return root.absolute()


def load(root: Path | None) -> Newsroom:
    """The newsroom.

    Raises:
        SyndicateError: there is none, or its settings are wrong.
    """
    from syndicate.newsroom.newsroom import load_newsroom

    return load_newsroom(find(root))


def names(channels: str | None) -> tuple[str, ...]:
    """The channels named in "a,b"."""
    return tuple(name.strip() for name in (channels or "").split(",") if name.strip())


def person(by: str | None) -> str:
    """Who answers for what is done: `by`, else whoever is logged in.

    Raises:
        UsageError: the machine does not know.
    """
    import getpass

    from syndicate.errors import UsageError

    try:
        return by or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("who are you?", hint="--by NAME, or export SYNDICATE_USER=…") from error
