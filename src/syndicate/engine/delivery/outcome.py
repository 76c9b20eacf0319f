"""What a run tells while it is under way, and what it has done at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from syndicate.engine.content.kept import KeptArticle
from syndicate.engine.delivery.concerns import Concern
from syndicate.engine.delivery.kept_concerns import KeptConcern
from syndicate.engine.delivery.left_public import LeftPublic
from syndicate.engine.delivery.postponed import Postponement
from syndicate.errors import CredentialsError, Exit, SyndicateError
from syndicate.ledger.dispatch import State

Kind = Literal[
    "rendered", "delivered", "drafted", "stale", "waiting", "unconfirmed", "loss", "finding",
    "error", "unread", "busy", "removed", "postponed", "remark",
]  # fmt: skip


@dataclass(frozen=True)
class Event:
    """Something that happened, for whoever watches. What is "waiting" needs an approval, what is
    "unconfirmed" a yes to the question whether it may go out to people. What is "busy" another run
    works on, what is "postponed" waits for its destination. A "remark" is about a withdrawal."""

    kind: Kind
    channel: str
    label: str
    text: str


Watch = Callable[[Event], None]


@dataclass(frozen=True)
class Question:
    """What somebody is asked before an edition goes out to people for the first time."""

    channel: str
    label: str
    subject: str
    recipients: int


Ask = Callable[[Question], bool]


@dataclass(frozen=True)
class Decision:
    """What somebody decides about a published article whose file is gone, and why they withdraw
    it."""

    what: Literal["withdraw", "keep", "later"]
    by: str = ""
    reason: str = ""


AskDeleted = Callable[[KeptArticle], Decision]


@dataclass
class Outcome:
    """What a run did. `left` counts deliveries that a limit or a missing yes left for later.
    `busy` are the channels of which another run was doing a part; `only_busy` is whether that kept
    this run from everything it was asked for. `postponed` are the couriers that wait for their
    destination. `concerns` name what runs before this one have left for somebody to settle, `kept`
    the articles that stay published although their file is gone or cannot be read, and those that
    are withdrawn but still public where their channel no longer delivers.
    `unnamed` counts the deliveries that have failed in this run without an error of their own, and
    `named` those that this run has left to be settled, by dispatch and state.

    `stopped` is the signal that ended it early, if one did; `adrift` whether threads of it may
    still wait for a destination.
    """

    planned: int = 0
    rendered: int = 0
    delivered: int = 0
    removed: int = 0
    waiting: int = 0
    unchanged: int = 0
    left: int = 0
    stopped: int | None = None
    adrift: bool = False
    busy: set[str] = field(default_factory=set)
    only_busy: bool = False
    errors: list[SyndicateError] = field(default_factory=list)
    postponed: dict[tuple[str, str], Postponement] = field(default_factory=dict)
    concerns: list[Concern] = field(default_factory=list)
    kept: tuple[KeptConcern | LeftPublic, ...] = ()
    unnamed: int = 0
    named: Counter[tuple[int, State]] = field(default_factory=Counter)

    def leave_out_others(self, article: str, slug: str, unread: Iterable[SyndicateError]) -> None:
        """Leave out what is not about the `article` (its id): what has to be settled of others, and
        the files that are `unread`. The next `syndicate publish` names them."""
        known = set(map(str, unread))
        self.errors = [error for error in self.errors if str(error) not in known]
        self.concerns = [one for one in self.concerns if one.dispatch.rendering == article]
        self.kept = tuple(
            one for one in self.kept if isinstance(one, LeftPublic) and one.slug == slug
        )

    @property
    def is_unsettled(self) -> bool:
        """Whether something has failed, has to be settled by somebody, or waits for a
        destination."""
        return bool(self.errors or self.concerns or self.kept or self.postponed)

    @property
    def has_done(self) -> bool:
        """Whether there is anything to report of this run itself."""
        return bool(self.delivered or self.removed or self.is_unsettled)

    @property
    def failed(self) -> int:
        """How many things have failed in this run; of deliveries, each counts."""
        return len(self.errors) + self.unnamed

    @property
    def exit(self) -> Exit:
        """130 or 143 if it was stopped, 75 if another run works on everything, 0 if all is done, 4
        if credentials alone are missing, 3 if something else is not done or not settled; the errors
        and concerns name it."""
        if self.stopped is not None:
            return Exit.of_signal(self.stopped)
        if self.only_busy:
            return Exit.LOCKED
        if not self.errors:
            return Exit.PARTLY if self.is_unsettled else Exit.DONE
        only_credentials = all(isinstance(error, CredentialsError) for error in self.errors)
        return Exit.CREDENTIALS if only_credentials else Exit.PARTLY
