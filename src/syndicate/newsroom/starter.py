"""The starter newsroom: packaged with the code, or the repository's root in a source tree."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from syndicate.atomic import write_public
from syndicate.errors import Location, UsageError
from syndicate.private import public_folder

PACKAGE = Path(__file__).parents[1]
# Other templates are not copied: they are read from the package, so that updates improve them.
_COPIED = (
    "syndicate.toml",
    "channels/*.toml",
    "templates/brand.css",
    "templates/words.toml",
    "content/pictures/logo.png",
)
_IGNORED = """\
# What Syndicate makes, and what must not be shared
.syndicate/
out/
# Drafts travel with the ledger
drafts/
*.local.toml
*.sqlite
*.sqlite-*
*.backup
# Lists of subscribers, and the passwords of the studio
/*.csv
/people.txt
"""


@cache
def starter() -> Path:
    """The folder with the starter's `templates/`, `channels/`, `content/` and settings."""
    packaged = PACKAGE / "starter"
    return packaged if packaged.is_dir() else PACKAGE.parents[1]


def create_newsroom(folder: Path, *, samples: bool) -> list[str]:
    """Make `folder` a newsroom, with the sample articles if `samples`.

    Returns:
        the names of the files written.

    Raises:
        UsageError: there is a newsroom already, or the folder cannot be written.
    """
    if (folder / "syndicate.toml").exists():
        raise UsageError(
            "there is a newsroom here already", where=Location(str(folder / "syndicate.toml"))
        )
    patterns = (*_COPIED, *(("content/**/*",) if samples else ()))
    written = []
    try:
        public_folder(folder / "content")
        for pattern in patterns:
            for source in sorted(starter().glob(pattern)):
                name = source.relative_to(starter())
                if not source.is_file() or name.name.endswith(".local.toml"):
                    continue
                if (folder / name).exists():
                    continue
                write_public(folder / name, source.read_bytes())
                written.append(name.as_posix())
        if _ignore(folder / ".gitignore"):
            written.append(".gitignore")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", where=Location(str(folder))
        ) from error
    return written


def _ignore(file: Path) -> bool:
    """Add to the .gitignore `file` what it does not name yet. False if it names everything."""
    before = os.fsdecode(file.read_bytes()) if file.exists() else ""
    named = {line.strip() for line in before.splitlines()}
    lines = [line for line in _IGNORED.splitlines() if line not in named]
    if all(line.startswith("#") for line in lines):
        return False
    if before and not before.endswith("\n"):
        before += "\n"
    added = "\n".join(lines) + "\n"
    text = f"{before}\n{added}" if before else added
    write_public(file, os.fsencode(text))
    return True
