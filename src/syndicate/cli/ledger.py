"""`ledger`, with `backup`, `restore` and `settle`, and `history`."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.options import AsJSON, Channels, Root, load, names, person

ledger_app = typer.Typer(
    help="Show the ledger, back it up, or restore it from a backup.", rich_markup_mode=None
)
By = Annotated[
    str | None,
    typer.Option("--by", envvar="SYNDICATE_USER", help="Your name, if not your login's."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(ledger_app, name="ledger")
    app.command("history")(history)


@ledger_app.callback(invoke_without_command=True)
def ledger(context: typer.Context, as_json: AsJSON = False, root: Root = None) -> None:
    """Show the ledger's version, size and newsroom, and its backups."""
    if context.invoked_subcommand:
        return
    from dataclasses import asdict

    from syndicate.engine.upkeep import look_at

    state = look_at(load(root))
    if as_json:
        console.out_json(asdict(state))
        return
    rows = [
        ("version", f"{state.version} (syndicate {state.program})"),
        ("newsroom", f"{state.title} (id {state.newsroom})"),
        ("size", f"{state.size / 1_000_000:,.1f} MB"),
        ("articles", f"{state.articles:,}"),
        ("events", f"{state.events:,}"),
        ("backups", ", ".join(state.backups) or "none"),
    ]
    console.table(rows)
    if state.doubtful:
        console.warn(
            f"restored from a backup; {state.doubtful} articles may have been sent after it"
        )
        console.say("  hint: once that is clear: syndicate ledger settle")


@ledger_app.command("backup")
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="The new file; beside the ledger if left out.")
    ] = None,
    by: By = None,
    root: Root = None,
) -> None:
    """Write a copy of the ledger (SQLite) to a file, also while it is in use."""
    from syndicate.engine.upkeep import back_up

    console.out(str(back_up(load(root), file, person(by))))


@ledger_app.command("restore")
def restore(
    file: Annotated[
        Path | None, typer.Argument(help="The backup; none if you have just run pg_restore.")
    ] = None,
    by: By = None,
    root: Root = None,
) -> None:
    """Put a backup in place of the ledger.

    What may have been sent to people since the backup was made is uncertain from then on, and is
    not sent again before you say what became of it.
    """
    from syndicate.engine.restore import mark_restored
    from syndicate.engine.restore import restore as put_back

    newsroom = load(root)
    done = put_back(newsroom, file, person(by)) if file else mark_restored(newsroom, person(by))
    if done.aside:
        console.say(f"The ledger before it is kept as {done.aside.name}.")
    if done.left:
        console.say(f"{done.left} people who have left since then get no mail.")
    console.say(f"{done.uncertain} deliveries are uncertain now.")
    console.say("Mail and posts that may have been sent since the backup was made do not go out by")
    console.say("themselves. Publish, then go through what is uncertain:")
    console.say("  syndicate deliveries")
    console.say("  syndicate deliveries resolve --help")
    console.say("When you know that nothing else was sent: syndicate ledger settle")


@ledger_app.command("settle")
def settle(by: By = None, root: Root = None) -> None:
    """End the doubt after a restore: what was not made again by now has not been sent before."""
    from syndicate.engine.restore import settle as end

    number = end(load(root), person(by))
    console.say(f"{number} articles are no longer in doubt.")


def history(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    channels: Channels = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show who did what and when, newest first: approvals, renderings, deliveries, upgrades."""
    from dataclasses import asdict

    from syndicate.engine.history import events

    rows = [("AT", "WHO", "WHAT", "CHANNEL", "NAME", "NOTE")]
    for event in islice(events(load(root), names(channels)), limit):
        if as_json:
            console.out_json(asdict(event))
        else:
            about = (event.channel, event.name or event.unit, event.note)
            rows.append((event.at, event.who, event.what, *about))
    if not as_json:
        console.table(rows)
