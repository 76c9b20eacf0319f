"""`deliveries`, `log` and `status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import (
    AsJSON,
    By,
    Channels,
    Root,
    names_in_option,
    newsroom_from_options,
    person_from_options,
)
from syndicate.console import local_time_to_print
from syndicate.errors import UsageError

if TYPE_CHECKING:
    from syndicate.ledger.dispatch import State

deliveries_app = typer.Typer(
    help="List deliveries that failed or are uncertain, and resolve them.", rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(deliveries_app, name="deliveries")
    app.command("log", cls=Command)(log)
    app.command("status", cls=Command)(status)


@deliveries_app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="List deliveries that may or may not have arrived.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="List deliveries that were refused.")
    ] = False,
    pending: Annotated[
        bool, typer.Option("--pending", help="List deliveries that are still to be sent.")
    ] = False,
    channels: Channels = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """List deliveries that need attention: failed and uncertain ones, unless you choose others.

    An uncertain delivery may or may not have arrived. It is never sent again automatically: find
    out, then run `syndicate deliveries resolve`.
    """
    if context.invoked_subcommand:
        return
    from syndicate.engine.history import delivery_history as find
    from syndicate.ledger.dispatch import State

    asked: list[State] = [State.UNCERTAIN, State.COMMITTING] if uncertain else []
    asked += [State.FAILED] if failed else []
    asked += [State.PENDING] if pending else []
    states = asked or [State.UNCERTAIN, State.COMMITTING, State.FAILED]
    for dispatch, row in find(newsroom_from_options(root), states, names_in_option(channels)):
        if as_json:
            console.print_json(
                {
                    "channel": dispatch.channel,
                    "run": dispatch.rendering,
                    "artifact": dispatch.artifact,
                    "courier": dispatch.courier,
                    "unit": row.unit,
                    "state": row.state,
                    "attempts": row.attempts,
                    "at": row.at,
                    "error": row.error,
                }
            )
        else:
            place = f"{dispatch.channel}  {dispatch.artifact}  {row.unit}"
            console.print_data(f"{row.state:<10}  {place}  {row.error or ''}".rstrip())


@deliveries_app.command(
    "resolve",
    cls=Command,
    epilog=help_examples(
        "syndicate deliveries resolve ann@example.net --as delivered",
        "syndicate deliveries resolve --all --channels rss --as pending",
    ),
)
def resolve(
    units: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DELIVERY", help="Recipients or files, as `syndicate deliveries` lists them."
        ),
    ] = None,
    state: Annotated[
        Literal["delivered", "failed", "pending"],
        typer.Option("--as", help="What happened to them; `pending` sends them again."),
    ] = "delivered",
    everything: Annotated[
        bool, typer.Option("--all", help="Resolve every failed or uncertain delivery.")
    ] = False,
    by: By = None,
    channels: Channels = None,
    root: Root = None,
) -> None:
    """Record what happened to failed or uncertain deliveries."""
    from syndicate.engine.history import resolve_deliveries as settle
    from syndicate.ledger.dispatch import State

    if bool(units) == everything:
        raise UsageError(
            "which deliveries? Name some, or use --all",
            hint="to list them: syndicate deliveries",
        )
    who = person_from_options(by)
    number = settle(
        newsroom_from_options(root),
        names_in_option(channels),
        tuple(units or ()),
        State(state),
        who,
    )
    console.print_message(
        f"{number} {'delivery is' if number == 1 else 'deliveries are'} now {state}"
    )


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
    newsroom = newsroom_from_options(root)
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
    wait for approval; PENDING, FAILED and UNCERTAIN count deliveries.
    """
    from syndicate.engine.history import status as channel_states

    rows: list[tuple[str, ...]] = [
        ("CHANNEL", "LAST", "WAITING", "PENDING", "FAILED", "UNCERTAIN", "NEXT")
    ]
    newsroom = newsroom_from_options(root)
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
    if not as_json:
        console.print_table(rows)
