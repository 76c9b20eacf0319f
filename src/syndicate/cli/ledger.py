"""`ledger` with its subcommands, and `history`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from syndicate.console import counted_noun, local_time_to_print

if TYPE_CHECKING:
    from syndicate.ledger.events import LedgerEvent
    from syndicate.newsroom.newsroom import Newsroom

ledger_app = typer.Typer(
    help="Show the ledger, back it up, or restore it from a backup.", rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(ledger_app, name="ledger")
    app.command("history", cls=Command)(history)


@ledger_app.callback(invoke_without_command=True)
def ledger(context: typer.Context, as_json: AsJSON = False, root: Root = None) -> None:
    """Show the ledger's version, its size, its newsroom and its backups."""
    if context.invoked_subcommand:
        return
    from dataclasses import asdict

    from syndicate.engine.upkeep import state_of_ledger

    state = state_of_ledger(newsroom_to_look_at(root))
    if as_json:
        console.print_json(asdict(state))
        return
    rows = [
        ("version", f"{state.version} (syndicate {state.program})"),
        ("newsroom", f"{state.title} (id {state.newsroom})"),
        ("size", f"{state.size / 1_000_000:,.1f} MB"),
        ("articles", f"{state.articles:,}"),
        ("events", f"{state.events:,}"),
        ("backups", ", ".join(state.backups) or "none"),
    ]
    console.print_table(rows)
    if state.doubtful:
        articles = counted_noun(state.doubtful, "article")
        console.print_warning(
            f"restored from a backup; {articles} may have been sent after it was made"
        )
        console.print_message("  hint: when you have checked, run: syndicate ledger settle")


@ledger_app.command(
    "backup",
    cls=Command,
    epilog=help_examples("syndicate ledger backup", "syndicate ledger backup /backups/monday.db"),
)
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Where to write it; default: next to the ledger."),
    ] = None,
    by: By = None,
    root: Root = None,
) -> None:
    """Back up an SQLite ledger to a file.

    You can do this while other commands are running.
    """
    from syndicate.engine.upkeep import back_up

    console.print_data(str(back_up(newsroom_from_options(root), file, person_from_options(by))))


@ledger_app.command("restore", cls=Command)
def restore(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="The backup; without it, they are listed. Not after pg_restore."
        ),
    ] = None,
    by: By = None,
    root: Root = None,
) -> None:
    """Replace the ledger with a backup. The present ledger is kept next to it.

    The backup does not know what was sent after it was made. Mail and posts that may have been sent
    since then become uncertain, and are not sent again until you say what happened to them.
    """
    from syndicate.engine.restore import mark_restored
    from syndicate.engine.restore import restore as put_back

    newsroom = newsroom_from_options(root)
    if file is None:
        _print_backups(newsroom)
    done = (
        put_back(newsroom, file, person_from_options(by))
        if file
        else mark_restored(newsroom, person_from_options(by))
    )
    if done.aside:
        console.print_message(f"The ledger that was there is now {done.aside.name}.")
    if done.left is None:
        console.print_warning(
            "the ledger that was there cannot be read: whoever has unsubscribed since the backup"
            " was made may get mail again"
        )
    elif done.left:
        people = "1 person has" if done.left == 1 else f"{done.left:,} people have"
        console.print_message(f"{people} unsubscribed since then and will get no mail.")
    if not done.erased_again:
        console.print_warning(
            "what was erased after the backup was made may be back: erase it again, with"
            " syndicate subscribers forget ADDRESS and syndicate withdraw ARTICLE --legal"
        )
    deliveries = "1 delivery is" if done.uncertain == 1 else f"{done.uncertain:,} deliveries are"
    console.print_message(f"{deliveries} now uncertain.")
    console.print_message(
        "Nothing that may have been mailed or posted since the backup is sent again by itself."
    )
    console.print_message("Publish, then resolve what is uncertain:")
    console.print_message("  syndicate deliveries")
    console.print_message("  syndicate deliveries resolve --help")
    console.print_message("When you know that nothing else was sent, run: syndicate ledger settle")


def _print_backups(newsroom: Newsroom) -> None:
    """What can be restored: the backups next to the ledger."""
    from syndicate.engine.upkeep import list_backups

    rows = [("MADE", "VERSION", "BACKUP")]
    for one in list_backups(newsroom):
        made = local_time_to_print(one.made, newsroom.publication.zone)
        rows.append((made, str(one.version or "unreadable"), str(one.file)))
    if len(rows) > 1:
        console.print_table(rows)


@ledger_app.command("settle", cls=Command)
def settle(by: By = None, root: Root = None) -> None:
    """Confirm, after a restore, that nothing else was sent since the backup was made."""
    from syndicate.engine.restore import settle_restored as end

    number = end(newsroom_from_options(root), person_from_options(by))
    console.print_message(f"{counted_noun(number, 'article')} can be sent as usual again.")


def history(
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", min=1, help="Show at most this many.")
    ] = 20,
    channels: Channels = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show who did what and when, newest first. What no person did, "syndicate" did.

    It lists approvals, renderings, deliveries, removals, backups, restores and upgrades. Pictures
    that were removed one after the other are one line; --json prints each.
    """
    from dataclasses import asdict

    from syndicate.engine.history import event_history

    newsroom = newsroom_from_options(root)
    rows = [("TIME", "WHO", "WHAT", "CHANNEL", "NAME", "NOTE")]
    events = event_history(newsroom, names_in_option(channels))
    for event in islice(events if as_json else _in_few_lines(events), limit):
        if as_json:
            console.print_json({**asdict(event), "unit": event.rendering})  # its name until 0.9
        else:
            time = local_time_to_print(event.at, newsroom.publication.zone)
            about = (event.channel, event.name or event.rendering, event.note)
            rows.append((time, event.who or "syndicate", event.what, *about))
    if not as_json:
        console.print_table(rows)


def _in_few_lines(events: Iterable[LedgerEvent]) -> Iterator[LedgerEvent]:
    """`events`, of which pictures of a channel that were removed one after the other are one."""
    for removed, some in groupby(events, key=_picture_removed):
        if removed is None:  # these may be many, and most are not needed
            yield from some
            continue
        pictures = list(some)
        if len(pictures) > 1:
            yield replace(pictures[0], name=f"{len(pictures):,} pictures", note=removed[1])
        else:
            yield from pictures


def _picture_removed(event: LedgerEvent) -> tuple[str, str] | None:
    """The channel from which a picture was removed, and why; None if `event` is something else."""
    is_picture = (guess_type(event.name)[0] or "").startswith("image/")
    if event.what != "removed" or not is_picture:
        return None
    return event.channel, event.note.partition(": ")[0]
