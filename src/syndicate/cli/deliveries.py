"""`deliveries`: what is not delivered, and what somebody says became of it."""

from __future__ import annotations

from dataclasses import replace
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
    newsroom_to_look_at,
    person_from_options,
)
from syndicate.errors import UsageError

if TYPE_CHECKING:
    from syndicate.engine.delivery.concerns import Concern
    from syndicate.engine.history import Chosen
    from syndicate.ledger.dispatch import State

deliveries_app = typer.Typer(
    help="List deliveries that failed or are uncertain, and resolve them.", rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(deliveries_app, name="deliveries")


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
    out, then run `syndicate deliveries resolve`. The commands that settle each are printed below
    the list. Mail that was refused because of its address needs nobody, and is listed with
    --failed.
    """
    if context.invoked_subcommand:
        return
    from syndicate.engine.delivery.concerns import needs_somebody
    from syndicate.engine.history import concerns_of
    from syndicate.engine.history import delivery_history as find
    from syndicate.ledger.dispatch import State

    newsroom, names = newsroom_to_look_at(root), names_in_option(channels)

    asked: list[State] = [State.UNCERTAIN, State.COMMITTING] if uncertain else []
    asked += [State.FAILED] if failed else []
    asked += [State.PENDING] if pending else []
    states = asked or [State.UNCERTAIN, State.COMMITTING, State.FAILED]
    for dispatch, row in find(newsroom, states, names):
        if not asked and row.state is State.FAILED and not needs_somebody(row):
            continue
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
    if not as_json and not asked:
        for one in concerns_of(newsroom):
            if not names or one.channel in names:
                _print_commands(one)


def _print_commands(concern: Concern) -> None:
    console.print_message(concern.message)
    for label, command in concern.commands:
        console.print_message(f"  {label}: {command}")


Units = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DELIVERY",
        help="Recipients, files or posts, as `syndicate deliveries` lists them.",
    ),
]
Artifact = Annotated[
    str,
    typer.Option("--artifact", metavar="NAME", help="Only those of this file, letter or draft."),
]
Uncertain = Annotated[bool, typer.Option("--uncertain", help="Only those that are uncertain.")]
Failed = Annotated[bool, typer.Option("--failed", help="Only those that have failed.")]
Everything = Annotated[
    bool, typer.Option("--all", help="All those that `syndicate deliveries` lists.")
]


@deliveries_app.command(
    "resolve",
    cls=Command,
    epilog=help_examples(
        "syndicate deliveries resolve ann@example.net --as delivered",
        "syndicate deliveries resolve 03 --artifact ferry.x.md --as delivered",
        "syndicate deliveries resolve --all --channels rss --as pending",
        "syndicate deliveries resolve --all --pending --channels email --as failed",
    ),
)
def resolve(
    units: Units = None,
    state: Annotated[
        Literal["delivered", "failed", "pending"],
        typer.Option(
            "--as",
            help="What happened to them; `pending` sends them again, `failed` gives them up.",
        ),
    ] = "delivered",
    remote_id: Annotated[
        str,
        typer.Option("--id", metavar="ID", help="The platform's id of a post that was delivered."),
    ] = "",
    everything: Everything = False,
    artifact: Artifact = "",
    uncertain: Uncertain = False,
    failed: Failed = False,
    pending: Annotated[
        bool,
        typer.Option("--pending", help="Those still to be sent, to give them up (--as failed)."),
    ] = False,
    by: By = None,
    channels: Channels = None,
    root: Root = None,
) -> None:
    """Record what happened to failed or uncertain deliveries.

    With --pending, deliveries that are still to be sent are given up, such as those that
    `syndicate deliveries retry` would send again.
    """
    if pending and state != "failed":
        raise UsageError("what is still to be sent can only be given up", hint="add: --as failed")
    chosen = _chosen(units, everything, artifact, names_in_option(channels))
    states = _states(uncertain, failed)
    if pending:
        from syndicate.ledger.dispatch import State as DeliveryState

        states = (DeliveryState.PENDING, *(states if uncertain or failed else ()))
    chosen = replace(chosen, states=states)
    from syndicate.engine.history import settle_deliveries
    from syndicate.ledger.dispatch import State

    who = person_from_options(by)
    newsroom = newsroom_from_options(root)
    number = settle_deliveries(newsroom, chosen, State(state), who, remote_id)
    console.print_message(f"{_counted(number)} now {state}")


@deliveries_app.command(
    "retry",
    cls=Command,
    epilog=help_examples(
        "syndicate deliveries retry 04 --artifact ferry.x.md",
        "syndicate deliveries retry --all --channels email",
    ),
)
def retry(
    units: Units = None,
    everything: Everything = False,
    artifact: Artifact = "",
    uncertain: Uncertain = False,
    failed: Failed = False,
    by: By = None,
    channels: Channels = None,
    root: Root = None,
) -> None:
    """Send failed or uncertain deliveries again with the next publish.

    If the destination had said to wait, it is tried again at once. Until then, this can be undone:
    syndicate deliveries resolve --pending --as failed.
    """
    chosen = _chosen(units, everything, artifact, names_in_option(channels))
    from syndicate.engine.history import settle_deliveries
    from syndicate.ledger.dispatch import State

    chosen = replace(chosen, states=_states(uncertain, failed))
    who = person_from_options(by)
    number = settle_deliveries(newsroom_from_options(root), chosen, State.PENDING, who)
    hint = "syndicate publish" + (f" --channels {channels}" if channels else "")
    console.print_message(f"{_counted(number)} to be sent again; to do it now: {hint}")


def _states(uncertain: bool, failed: bool) -> tuple[State, ...]:
    from syndicate.ledger.dispatch import State

    asked = [State.UNCERTAIN] * uncertain + [State.FAILED] * failed
    return tuple(asked) or (State.UNCERTAIN, State.FAILED)


def _chosen(
    units: list[str] | None, everything: bool, artifact: str, channels: tuple[str, ...]
) -> Chosen:
    from syndicate.engine.history import Chosen

    if bool(units) == everything:
        raise UsageError(
            "which deliveries? Name some, or use --all",
            hint="to list them: syndicate deliveries",
        )
    return Chosen(channels, artifact, tuple(units or ()))


def _counted(number: int) -> str:
    """A number of deliveries, with the verb."""
    return f"{number:,} {'delivery is' if number == 1 else 'deliveries are'}"
