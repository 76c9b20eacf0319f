"""Everything besides articles that a channel's artifacts depend on, as two digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from syndicate.digests import digest_of
from syndicate.grounds import Grounds


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


def digest_of_files(
    templates: Path,
    folders: Iterable[Path],
    plugin: Path | None = None,
    grounds: Grounds | None = None,
) -> str:
    """The SHA-256 over the names and contents of templates, and of the file `plugin`.

    Only those of `folders` count that are in the folder `templates`. In `templates` itself, only
    the files and the folder `article/` count, since all channels share these. What is not in
    `grounds` is not read.
    """
    own = [folder for folder in folders if folder.is_relative_to(templates)]
    found = (file for folder in own for file in _found(folder, templates))
    files = [file for file in found if file.is_file() and (not grounds or grounds.contain(file))]
    return digest_of(
        templates=[[file.relative_to(templates).as_posix(), _digest(file)] for file in files],
        plugin=_digest(plugin) if plugin and plugin.is_file() else None,
    )


def strays(templates: Path, folders: Iterable[Path], grounds: Grounds) -> Iterator[Path]:
    """What `digest_of_files` would look at and must not be used as a template: links that lead out
    of `grounds`, pipes and devices."""
    for folder in folders:
        if folder.is_relative_to(templates):
            for one in (folder, *_found(folder, templates)):
                is_right = one.is_file() or one.is_dir() or not one.exists()
                if not is_right or not grounds.contain(one):
                    yield one


def _found(folder: Path, templates: Path) -> list[Path]:
    if folder == templates:
        return [*sorted(folder.glob("*")), *sorted((folder / "article").glob("*"))]
    return sorted(folder.rglob("*"))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
