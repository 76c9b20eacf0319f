"""All exceptions. Only `syndicate.console` turns them into messages and exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Self


class Exit(IntEnum):
    """The exit codes of the process."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTLY = 3
    CREDENTIALS = 4
    CHANGES = 8
    LOCKED = 75  # EX_TEMPFAIL of sysexits.h: cron tries again
    INTERRUPTED = 130  # 128 + SIGINT, as shells count
    TERMINATED = 143  # 128 + SIGTERM

    @classmethod
    def of_signal(cls, number: int) -> Exit:
        """The code of a command that a signal has ended."""
        return cls(128 + number)


# What would move the cursor of a terminal, begin a line, or change the order of the rest of one:
# control characters, line separators, bidirectional controls; and halves of characters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """`text` in one line, with control characters as escapes: `\\n`, `\\x1b`, `\\u202e`."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@dataclass(frozen=True)
class Location:
    """A place in a file; line and column count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n is not None]
        return ":".join([visible(self.file), *numbers])


class SyndicateError(Exception):
    """A problem that a person can fix: what is wrong, where, and a hint how to fix it.

    The message is always one line, even if it quotes a parser's message that has several.
    """

    exit = Exit.FAILED

    def __init__(
        self, message: str, *, where: Location | None = None, hint: str | None = None
    ) -> None:
        message = visible(" ".join(map(str.strip, message.splitlines())))
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint and visible(hint)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def saying(self, message: str, hint: str | None) -> Self:
        """The same error with another message and hint, whatever else its class takes."""
        again = type(self).__new__(type(self), message)
        again.__dict__.update(self.__dict__)
        again.args, again.message, again.hint = (message,), message, hint
        return again

    def __reduce__(self) -> tuple[object, ...]:  # so that errors survive pickling between processes
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(
    kind: type[SyndicateError], message: str, where: Location | None, hint: str | None
) -> SyndicateError:
    return kind(message, where=where, hint=hint)


class UsageError(SyndicateError):
    """The command asks for something that does not exist or is not possible."""

    exit = Exit.USAGE


class SettingsError(UsageError):
    """A key of `syndicate.toml` or of a channel file is wrong."""


class SourceError(SyndicateError):
    """A source file cannot be read as an article."""

    exit = Exit.PARTLY


class DraftError(SyndicateError):
    """A draft cannot be approved as it is."""


class RenderError(SyndicateError):
    """A channel cannot be rendered: a template, a picture or a library failed."""


class DeliveryError(SyndicateError):
    """The destination did not accept the delivery; the next run tries again."""


class RemovalsError(SyndicateError):
    """So much would be removed that somebody has to confirm it."""


class RefusedError(DeliveryError):
    """The destination will never accept the delivery, which is marked as failed."""


class WithdrawnError(RefusedError):
    """The recipient no longer wants the delivery. It is not sent, and needs no attention."""


class UncertainError(DeliveryError):
    """It is unknown whether the delivery arrived; it is never sent again automatically."""


class PostponedError(DeliveryError):
    """The destination takes nothing more for now. Nothing is sent to it before `seconds` have
    passed; None if it did not say how long."""

    def __init__(
        self,
        message: str,
        seconds: float | None = None,
        *,
        where: Location | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.seconds = seconds

    def __reduce__(self) -> tuple[object, ...]:
        return (_postponed, (type(self), self.message, self.seconds, self.where, self.hint))


def _postponed(
    kind: type[PostponedError],
    message: str,
    seconds: float | None,
    where: Location | None,
    hint: str | None,
) -> PostponedError:
    return kind(message, seconds, where=where, hint=hint)


class HeldBackError(SyndicateError):
    """What is going out was edited or rejected meanwhile: nothing more of it may leave."""

    exit = Exit.PARTLY


class CredentialsError(DeliveryError):
    """Credentials for a destination are missing or wrong."""

    exit = Exit.CREDENTIALS


class LedgerError(SyndicateError):
    """The ledger cannot be opened, read or written."""


class LeaseLostError(LedgerError):
    """Another run has taken over, because this one did not renew its lease in time: nothing more
    may be changed or sent."""

    exit = Exit.LOCKED


class StoreError(SyndicateError):
    """The store cannot be reached, read or written."""


class MissingBlobError(StoreError):
    """The store does not have the bytes, or they are damaged."""


class LockedError(SyndicateError):
    """Another run or command is at work on the same thing."""

    exit = Exit.LOCKED


class Problems(SyndicateError):  # noqa: N818 - it is several errors
    """Several errors, reported together."""

    def __init__(self, errors: Iterable[SyndicateError]) -> None:
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} problems")
        self.exit = max((error.exit for error in self.errors), default=Exit.FAILED)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def __reduce__(self) -> tuple[object, ...]:
        return (Problems, (self.errors,))
