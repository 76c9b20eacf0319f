"""`log` and `status`: what went out, and how each channel is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command
from syndicate.cli.options import (
    AsJSON,
    Channels,
    Root,
    names_in_option,
    newsroom_to_look_at,
)
from syndicate.console import counted_noun, local_time_to_print

if TYPE_CHECKING:
    pass


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("log", cls=Command)(log)
    app.command("status", cls=Command)(status)


def log(
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", min=1, help="Show at most this many.")
    ] = 20,
    channels: Channels = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show delivery history, newest first.

    Each line is one file, mail or thread: its channel, its courier and the result.
    """
    from syndicate.engine.history import dispatch_history as history

    rows = [("LAST CHANGE", "CHANNEL", "ARTIFACT", "COURIER", "DELIVERIES")]
    newsroom = newsroom_to_look_at(root)
    zone = newsroom.publication.zone
    for dispatch, last in history(newsroom, limit, names_in_option(channels)):
        if as_json:
            console.print_json(
                {
                    "at": dispatch.at,
                    "last": last,
                    "channel": dispatch.channel,
                    "run": dispatch.rendering,
                    "artifact": dispatch.artifact,
                    "courier": dispatch.courier,
                    "digest": dispatch.digest,
                    "deliveries": {str(state): n for state, n in sorted(dispatch.counts.items())},
                }
            )
        else:
            counts = ", ".join(f"{n} {state}" for state, n in sorted(dispatch.counts.items()))
            place = (dispatch.channel, dispatch.artifact, dispatch.courier)
            rows.append((local_time_to_print(last, zone), *place, counts))
    if not as_json:
        console.print_table(rows)


def status(as_json: AsJSON = False, root: Root = None) -> None:
    """Show the state of every channel.

    LAST is the last delivery and NEXT the next scheduled run. WAITING counts drafts and files that
    wait for approval; PENDING, FAILED and UNCERTAIN count deliveries. What somebody has to settle
    is named below, with the commands.
    """
    from syndicate.engine.history import (
        concerns_of,
        held_of,
        kept_when_last_read,
        postponements_of,
        withdrawals_to_know,
    )
    from syndicate.engine.history import status as channel_states

    rows: list[tuple[str, ...]] = [
        ("CHANNEL", "LAST", "WAITING", "PENDING", "FAILED", "UNCERTAIN", "NEXT")
    ]
    newsroom = newsroom_to_look_at(root)
    zone = newsroom.publication.zone
    for one in channel_states(newsroom):
        if as_json:
            console.print_json(
                {
                    "channel": one.channel,
                    "last": one.last,
                    "waiting": one.waiting,
                    "pending": one.pending,
                    "failed": one.failed,
                    "uncertain": one.uncertain,
                    "next": one.next.isoformat() if one.next else None,
                }
            )
        else:
            numbers = (one.waiting, one.pending, one.failed, one.uncertain)
            last = local_time_to_print(one.last, zone) or "never"
            rows.append(
                (one.channel, last, *map(str, numbers), local_time_to_print(one.next, zone))
            )
    if as_json:
        return
    console.print_table(rows)
    for withdrawal in withdrawals_to_know(newsroom):
        console.print_warning(str(withdrawal))
    for wait in postponements_of(newsroom):
        console.print_warning(f"{wait.channel}: {wait.told(zone)}")
    for concern in concerns_of(newsroom):
        console.print_warning(f"{concern.message}\n  hint: {concern.hint}")
    if held := held_of(newsroom):
        told = f"{', '.join(held.channels)}: held back: {held.message}"
        console.print_warning(f"{told}\n  hint: {held.hint}")
    if kept := kept_when_last_read(newsroom):
        told = f"{counted_noun(len(kept), 'published article')} without a file that can be read"
        console.print_warning(f"{told}\n  hint: see which, and what to do: syndicate keep")
