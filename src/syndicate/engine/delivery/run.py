"""A run of `publish`: what was asked for, and what every part of the run works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syndicate.engine.delivery.outcome import Ask, AskDeleted, Event, Kind, Outcome, Watch
from syndicate.engine.delivery.postponed import Postponement
from syndicate.engine.planning.due import DueSlots
from syndicate.engine.planning.mass_removal import MassRemoval
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.up_to_date import PublishInputs
from syndicate.errors import SyndicateError
from syndicate.ledger.leases import Busy
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop


@dataclass(frozen=True)
class Order:
    """What was asked for. With `due`, channels that have a schedule keep to it; `ask` is asked
    before anything goes out to people for the first time, None asks nobody. If more articles would
    be removed than the guard lets through, and more than `allow_removals`, `ask_removal` is asked,
    None asks nobody. `ask_deleted` is asked about each published article whose file is gone, None
    asks nobody. `inputs` are those of the time at which it was asked for, if they are known. Of
    each channel in `renderings`, only what has one of these keys is made."""

    channels: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    jobs: int | None = None
    strict: bool = False
    reissue: bool = False
    due: bool = False
    ask: Ask | None = None
    allow_removals: int = 0
    ask_removal: Callable[[str], bool] | None = None
    ask_deleted: AskDeleted | None = None
    inputs: PublishInputs | None = None
    renderings: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may_remove(self, many: MassRemoval) -> bool:
        """Whether so many articles may leave their channels: the order says so, or somebody does
        who is asked now."""
        allowed = self.allow_removals >= many.articles
        return allowed or (self.ask_removal is not None and self.ask_removal(str(many)))


@dataclass(frozen=True)
class PublishRun:
    """One run: `outcome` counts what it does, `watch` is told of it as it happens, `stop` can end
    it early; `slots` are the moments of its channels' schedules."""

    newsroom: Newsroom
    ledger: Ledger
    order: Order
    outcome: Outcome
    watch: Watch
    stop: Stop = field(default_factory=Stop)
    slots: DueSlots = field(default_factory=DueSlots.none)

    def tell(self, kind: Kind, step: Step, text: str) -> None:
        """Tell whoever watches what happened in `step`."""
        self.tell_of(kind, step.channel, step.label, text)

    def tell_of(self, kind: Kind, channel: str, label: str, text: str) -> None:
        """Tell whoever watches what happened to the rendering of `channel` called `label`."""
        self.watch(Event(kind, channel, label, text))

    def wait(self, step: Step, name: str) -> None:
        """The artifact `name` of `step` waits for approval."""
        self.outcome.waiting += 1
        self.tell("waiting", step, name)

    def postpone(self, step: Step, wait: Postponement) -> None:
        """The destination of a courier takes nothing of `step` for now."""
        self.outcome.postponed.setdefault((wait.channel, wait.courier), wait)
        self.tell("postponed", step, wait.told(self.newsroom.publication.zone))

    def refuse(self, step: Step, error: SyndicateError) -> None:
        """Something of `step` is not done, because of `error`."""
        told = f"{step.channel}: {step.label}: {error.message}"
        self.outcome.errors.append(error.saying(told, error.hint))
        self.tell("error", step, str(error))

    def busy(self, step: Step, told: str) -> None:
        """Another run has to do with `step`, so this one leaves it out."""
        self.busy_with(step.channel, step.label, told)

    def busy_with(self, channel: str, label: str, told: str) -> None:
        """Another run has to do with the rendering of `channel` called `label`."""
        self.outcome.busy.add(channel)
        self.tell_of("busy", channel, label, told)

    def time_of(self, busy: Busy) -> str:
        """Since when something is busy, for people."""
        since = datetime.fromisoformat(busy.since).astimezone(self.newsroom.publication.zone)
        return f"{since:%H:%M}"
