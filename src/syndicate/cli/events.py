"""Prints what happens while something is published."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from syndicate import console

if TYPE_CHECKING:
    from syndicate.engine.publish import Event

_FEW = 3
_FILES = ("delivered", "drafted", "removed")


@dataclass
class EventPrinter:
    """Prints each event of a run when it happens. At a terminal (if `is_brief`), the files that
    were delivered, drafted and removed come at the end: one line for each channel that has many.
    `is_due`: the run comes from cron, and has nothing to say of what another run is doing."""

    line: console.Progress
    as_json: bool = False
    is_quiet: bool = False
    is_due: bool = False
    is_brief: bool = False
    _files: dict[tuple[str, str], list[Event]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_brief = self.is_brief and not self.as_json and sys.stdout.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Print what has not been printed."""
        self.line.clear()
        with console.output_may_be_unread():
            more = False
            for (channel, kind), events in self._files.items():
                if len(events) > _FEW:
                    console.print_data(f"{channel}: {len(events):,} {kind}")
                    more = True
                else:
                    for one in events:
                        self._print(one)
            if more:
                console.print_message("To see every file, add --verbose.")

    def __call__(self, event: Event) -> None:
        """Print `event`, or keep it for the end."""
        if event.kind == "rendered":
            self.line.step(f"{event.channel} {event.label}")
        elif self.is_brief and event.kind in _FILES:
            if not self.is_quiet:
                self._files.setdefault((event.channel, event.kind), []).append(event)
        else:
            self.line.clear()
            with console.output_may_be_unread():
                self._print(event)

    def _print(self, event: Event) -> None:
        about = f"{event.channel}: {event.label}"
        if self.as_json:
            console.print_json(_as_json(event))
        elif event.kind == "loss":
            console.print_warning(f"{about}: not shown as written: {event.text}")
        elif event.kind == "finding":
            console.print_warning(f"{about}: {event.text}")
        elif event.kind in ("stale", "unread", "remark"):
            console.print_warning(event.text)
        elif self.is_quiet:
            return
        elif event.kind in ("delivered", "drafted"):
            console.print_data(event.text)
        elif event.kind == "removed":
            console.print_message(f"{about}: removed {event.text}")
        elif event.kind == "busy" and not self.is_due:
            console.print_message(f"{about}: {event.text}")
        elif event.kind == "unconfirmed":
            console.print_warning(f"{about}: {event.text}")


def _as_json(event: Event) -> dict[str, str]:
    fields = {
        "event": event.kind,
        "channel": event.channel,
        "unit": event.label,
        "text": event.text,
    }
    if event.kind in ("waiting", "unconfirmed"):  # in JSON both have always been called "waiting"
        waits_for = "approval" if event.kind == "waiting" else "confirmation"
        fields |= {"event": "waiting", "waits_for": waits_for}
    return fields
