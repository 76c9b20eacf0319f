"""Everything besides articles that a channel's artifacts depend on, as two digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from syndicate.digests import digest_of


@dataclass(frozen=True)
class Shape:
    """Two digests: `newsroom` of what editors and designers write (settings, templates, a plug-in's
    file), and `program` of what comes with the program (its version and templates).

    `settings` and `templates` (with the plug-in) are the parts of `newsroom`, "" if not known.
    """

    newsroom: str
    program: str
    settings: str = ""
    templates: str = ""

    def __str__(self) -> str:
        return digest_of(newsroom=self.newsroom, program=self.program)


def digest_of_files(templates: Path, folders: Iterable[Path], plugin: Path | None = None) -> str:
    """The SHA-256 over the names and contents of templates, and of the file `plugin`.

    Only those of `folders` count that are in the folder `templates`. In `templates` itself, only
    the files and the folder `article/` count, since all channels share these.
    """
    own = [folder for folder in folders if folder.is_relative_to(templates)]
    files = [file for folder in own for file in _files(folder, templates)]
    return digest_of(
        templates=[[file.relative_to(templates).as_posix(), _digest(file)] for file in files],
        plugin=_digest(plugin) if plugin and plugin.is_file() else None,
    )


def _files(folder: Path, templates: Path) -> Iterator[Path]:
    if folder == templates:
        found = [*sorted(folder.glob("*")), *sorted((folder / "article").glob("*"))]
    else:
        found = sorted(folder.rglob("*"))
    return (file for file in found if file.is_file())


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
