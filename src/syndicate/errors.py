"""The one exception tree. Errors become text and an exit code in `syndicate.console` alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTLY = 3
    CREDENTIALS = 4
    CHANGES = 8
    LOCKED = 75  # EX_TEMPFAIL of sysexits.h: cron tries again
    INTERRUPTED = 130


@dataclass(frozen=True)
class Location:
    """A place in a file that a person can go to; line and column count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n is not None]
        return ":".join([self.file, *numbers])


class SyndicateError(Exception):
    """Something a person can mend: what is wrong, where it stands, and what mends it.

    The message is one line, whatever it quotes: parsers cite their source with its line ends.
    """

    exit = Exit.FAILED

    def __init__(
        self, message: str, *, where: Location | None = None, hint: str | None = None
    ) -> None:
        message = " ".join(map(str.strip, message.splitlines()))
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def __reduce__(self) -> tuple[object, ...]:  # crosses process borders whole
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(
    kind: type[SyndicateError], message: str, where: Location | None, hint: str | None
) -> SyndicateError:
    return kind(message, where=where, hint=hint)


class UsageError(SyndicateError):
    """The call asks for something that does not exist or cannot be."""

    exit = Exit.USAGE


class SettingsError(UsageError):
    """A key of `syndicate.toml` or of a channel file is wrong."""


class SourceError(SyndicateError):
    """An article's source cannot be read as an article."""

    exit = Exit.PARTLY


class DraftError(SyndicateError):
    """A draft cannot be approved as it stands."""


class RenderError(SyndicateError):
    """A channel cannot be rendered: a template, a picture or a library gave up."""


class DeliveryError(SyndicateError):
    """A destination certainly did not take something; the next run tries again."""


class RefusedError(DeliveryError):
    """A destination will never take it: a delivery ends here as failed."""


class WithdrawnError(RefusedError):
    """A recipient no longer wants it: not sent, and nothing to worry about."""


class UncertainError(DeliveryError):
    """It cannot be said whether it arrived; it is never sent again by itself."""


class CredentialsError(DeliveryError):
    """A destination wants credentials that are missing or wrong."""

    exit = Exit.CREDENTIALS


class LedgerError(SyndicateError):
    """The ledger cannot be opened, read or written."""

    exit = Exit.PARTLY


class LockedError(SyndicateError):
    """Another run holds the newsroom's lock."""

    exit = Exit.LOCKED


class Problems(SyndicateError):  # noqa: N818 - it is many
    """Several errors found in one pass, reported together."""

    def __init__(self, errors: Iterable[SyndicateError]) -> None:
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} problems")
        self.exit = max((error.exit for error in self.errors), default=Exit.FAILED)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def __reduce__(self) -> tuple[object, ...]:
        return (Problems, (self.errors,))
