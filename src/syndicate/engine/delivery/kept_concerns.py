"""What somebody has to decide about articles that stay published without their file. Each is named
with the commands that settle it, until somebody has done so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from shlex import quote

from syndicate.engine.content.intake import Intake
from syndicate.engine.content.kept import KeptArticle
from syndicate.engine.delivery.concerns import in_one_line
from syndicate.errors import Location, SourceError, SyndicateError

_SINGLY = 10  # of more articles whose file is gone, only their number is named


@dataclass(frozen=True)
class KeptConcern:
    """What is the matter with the file of one or more articles that stay published. `cause` is why
    it cannot be read; `source` where it is or was, "" for many files."""

    source: str
    message: str
    commands: tuple[tuple[str, str], ...]
    number: int = 1
    cause: SyndicateError | None = None

    @property
    def key(self) -> str:
        """The same as long as nothing changes."""
        return f"{self.source} {self.message}"

    @property
    def hint(self) -> str:
        """What to do, in one line."""
        first = (self.cause.hint or "correct the file") if self.cause else ""
        return "; ".join(filter(None, (first, in_one_line(self.commands))))

    def as_error(self) -> SyndicateError:
        """The same for `console.print_error`."""
        if self.cause:
            return self.cause.saying(self.message, self.hint)
        where = Location(f"content/{self.source}") if self.source else Location("content")
        return SourceError(self.message, where=where, hint=self.hint)


def kept_concerns(intake: Intake, now: datetime) -> tuple[KeptConcern, ...]:
    """What is to be decided of the articles in `intake` at `now`."""
    kept = intake.kept(now)
    causes = _causes(intake) if kept else {}
    broken = [one for one in kept if one.is_broken and not one.is_lost]
    gone = [one for one in kept if not one.is_broken and not one.is_lost]
    lost = [one for one in kept if one.is_lost]
    files = groupby(broken, key=lambda one: _cause(causes, one.source))
    found = [_broken(cause, list(some)) for cause, some in files]
    is_empty = len(gone) > 1 and not intake.summaries.has_files()
    found += _many(gone, is_empty) if is_empty or len(gone) > _SINGLY else map(_gone, gone)
    return (*found, *map(_lost, lost))


def _causes(intake: Intake) -> dict[str, SyndicateError]:
    """Why a file or folder cannot be read, by its name below `content/`."""
    closed = {one.where.file.removeprefix("content/"): one for one in intake.unread if one.where}
    return {**closed, **intake.failed}


def _cause(causes: dict[str, SyndicateError], source: str) -> SyndicateError | None:
    for name in (source, source.rpartition("#")[0]):
        if name in causes:
            return causes[name]
    parts = source.split("/")
    folders = ("/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return next((causes[one] for one in (*folders, ".") if one in causes), None)


def _broken(cause: SyndicateError | None, some: Sequence[KeptArticle]) -> KeptConcern:
    why = cause.message if cause else "cannot be read"
    if len(some) > 1:
        told = f"{why}; its {len(some):,} published articles stay as they were"
        return KeptConcern(some[0].source, told, (), len(some), cause)
    (one,) = some
    told = f"{why}; {_named(one)} stays published as it was"
    return KeptConcern(one.source, told, (_withdraw(one),), 1, cause)


def _gone(one: KeptArticle) -> KeptConcern:
    told = f"the file of {_named(one)} is gone; the article stays published as it was"
    return KeptConcern(one.source, told, (_withdraw(one), _keep(one)))


def _many(gone: Sequence[KeptArticle], is_empty: bool) -> Iterable[KeptConcern]:
    told = f"the files of {len(gone):,} published articles are gone; they stay as they were"
    if is_empty:
        told = f"no article is here, and {len(gone):,} are published; they stay as they were"
    commands = (
        ("first", "look whether the folder is complete and mounted"),
        ("to see which", "syndicate keep"),
        ("to keep them all", "syndicate keep --all"),
        ("to take one back", "syndicate withdraw ARTICLE --reason TEXT"),
    )
    yield KeptConcern("", told, commands, len(gone))


def _lost(one: KeptArticle) -> KeptConcern:
    file = "cannot be read" if one.is_broken else "is gone"
    told = f"the file of {_named(one)} {file}, and the store has lost its text: feeds drop it"
    return KeptConcern(one.source, told, (_withdraw(one),))


def _named(one: KeptArticle) -> str:
    return f"“{one.title}”" if one.title else one.slug


def _withdraw(one: KeptArticle) -> tuple[str, str]:
    return ("to take it back", f"syndicate withdraw {quote(one.slug)} --reason TEXT")


def _keep(one: KeptArticle) -> tuple[str, str]:
    return ("to keep it", f"syndicate keep {quote(one.slug)}")


def others(intake: Intake, named: Iterable[KeptConcern]) -> Iterator[SyndicateError]:
    """The errors of `intake` that are not the cause of something in `named`."""
    causes = {id(one.cause) for one in named if one.cause}
    return (error for error in intake.errors if id(error) not in causes)
