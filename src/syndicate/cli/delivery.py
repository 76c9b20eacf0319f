"""`deliveries`, `log` and `status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from syndicate import console
from syndicate.cli.options import AsJSON, Channels, Root, load, names
from syndicate.errors import UsageError

if TYPE_CHECKING:
    from syndicate.ledger.dispatch import State

deliveries_app = typer.Typer(
    help="What has not been delivered, and what to do about it.", rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(deliveries_app, name="deliveries")
    app.command("log")(log)
    app.command("status")(status)


@deliveries_app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Those of which nobody knows whether they arrived.")
    ] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Those that were refused.")] = False,
    pending: Annotated[bool, typer.Option("--pending", help="Those still to be made.")] = False,
    channels: Channels = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """List deliveries that did not end well: uncertain and failed ones, unless told otherwise."""
    if context.invoked_subcommand:
        return
    from syndicate.engine.history import deliveries as find
    from syndicate.ledger.dispatch import State

    asked: list[State] = [State.UNCERTAIN, State.COMMITTING] if uncertain else []
    asked += [State.FAILED] if failed else []
    asked += [State.PENDING] if pending else []
    states = asked or [State.UNCERTAIN, State.COMMITTING, State.FAILED]
    for dispatch, row in find(load(root), states, names(channels)):
        if as_json:
            console.out_json(
                {
                    "channel": dispatch.channel,
                    "run": dispatch.run,
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
            console.out(f"{row.state:<10}  {place}  {row.error or ''}".rstrip())


@deliveries_app.command("resolve")
def resolve(
    units: Annotated[
        list[str] | None, typer.Argument(help="Recipients or files, as `deliveries` names them.")
    ] = None,
    state: Annotated[
        Literal["delivered", "failed", "pending"],
        typer.Option("--as", help="What became of them; pending has them sent again."),
    ] = "delivered",
    everything: Annotated[
        bool, typer.Option("--all", help="All that are uncertain or failed.")
    ] = False,
    channels: Channels = None,
    root: Root = None,
) -> None:
    """Say what became of uncertain or failed deliveries, once you have found out."""
    from syndicate.engine.history import resolve as settle
    from syndicate.ledger.dispatch import State

    if bool(units) == everything:
        raise UsageError("name deliveries, or say --all", hint="syndicate deliveries lists them")
    number = settle(load(root), names(channels), tuple(units or ()), State(state))
    console.say(f"{number} deliveries are {state} now")


def log(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    channels: Channels = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Tell what was handed to which courier, newest first, and how it went."""
    from syndicate.engine.history import log as tell

    rows = [("LAST CHANGE", "CHANNEL", "ARTIFACT", "COURIER", "DELIVERIES")]
    for dispatch, last in tell(load(root), limit, names(channels)):
        if as_json:
            console.out_json(
                {
                    "at": dispatch.at,
                    "last": last,
                    "channel": dispatch.channel,
                    "run": dispatch.run,
                    "artifact": dispatch.artifact,
                    "courier": dispatch.courier,
                    "digest": dispatch.digest,
                    "deliveries": {str(state): n for state, n in sorted(dispatch.counts.items())},
                }
            )
        else:
            counts = ", ".join(f"{n} {state}" for state, n in sorted(dispatch.counts.items()))
            rows.append((last, dispatch.channel, dispatch.artifact, dispatch.courier, counts))
    if not as_json:
        console.table(rows)


def status(as_json: AsJSON = False, root: Root = None) -> None:
    """Tell how every channel stands: what is still to go, what went wrong, when it is due."""
    from syndicate.engine.history import status as tell

    rows: list[tuple[str, ...]] = [
        ("CHANNEL", "LAST", "WAITING", "PENDING", "FAILED", "UNCERTAIN", "NEXT")
    ]
    for one in tell(load(root)):
        due = one.next.isoformat() if one.next else None
        if as_json:
            console.out_json(
                {
                    "channel": one.channel,
                    "last": one.last,
                    "waiting": one.waiting,
                    "pending": one.pending,
                    "failed": one.failed,
                    "uncertain": one.uncertain,
                    "next": due,
                }
            )
        else:
            numbers = (one.waiting, one.pending, one.failed, one.uncertain)
            rows.append((one.channel, one.last or "never", *map(str, numbers), due or ""))
    if not as_json:
        console.table(rows)
