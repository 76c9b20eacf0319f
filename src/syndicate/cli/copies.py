"""`where` and `retire`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import AsJSON, Root, newsroom_from_options, newsroom_to_look_at
from syndicate.console import counted_noun, local_time_to_print
from syndicate.errors import Exit, Problems
from syndicate.stop import Stop, on_signals

if TYPE_CHECKING:
    from syndicate.engine.delivery.outcome import Event
    from syndicate.engine.retire import LeftBehind
    from syndicate.engine.whereabouts import Whereabouts


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("where", cls=Command, epilog=help_examples("syndicate where night-ferry"))(where)
    app.command("retire", cls=Command, epilog=help_examples("syndicate retire rss-old"))(retire)


ArticleName = Annotated[str, typer.Argument(metavar="ARTICLE", help="Its slug or its file.")]


def where(
    article: ArticleName,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show every copy of an article: where it stands, since when, and who approved it."""
    from syndicate.engine.whereabouts import where_is

    newsroom = newsroom_to_look_at(root)
    found = where_is(newsroom, article)
    if as_json:
        for one in found:
            console.print_json(copy_as_json(one))
        return
    if not found:
        console.print_message("It stands nowhere.")
        return
    print_copies(found, newsroom.publication.zone)


def copy_as_json(one: Whereabouts) -> dict[str, object]:
    """A copy, for --json."""
    return vars(one) | {"approved_by": list(one.approved_by)}


def print_copies(found: Iterable[Whereabouts], zone: tzinfo) -> None:
    """Print a table of copies."""
    rows = [
        (
            one.channel,
            one.kind,
            local_time_to_print(one.at or None, zone),
            one.digest[:12] or "uncertain",
            ", ".join(one.approved_by) or "-",
            one.address,
        )
        for one in found
    ]
    console.print_table([("CHANNEL", "WHAT", "SINCE", "SHA-256", "APPROVED BY", "WHERE"), *rows])


def retire(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking first.")] = False,
    root: Root = None,
) -> None:
    """Remove what a channel has left behind.

    If the channel no longer exists, that is everything that it has delivered; if it delivers to
    another place now, what stands at the old one. Files that another channel needs stay. So does
    what people have received: posts and mail.
    """
    from syndicate.engine.retire import left_behind
    from syndicate.engine.retire import retire as carry_out

    newsroom = newsroom_from_options(root)
    left = left_behind(newsroom, channel)
    _tell_staying(left)
    if not left.removable:
        console.print_message("Nothing to remove.")
    elif not yes and not _agreed(left):
        return
    stop = Stop(newsroom.grace)
    with on_signals(stop):
        outcome = carry_out(newsroom, channel, show_removals, stop)
    if outcome.errors:
        raise Problems(outcome.errors)
    if outcome.removed:
        console.print_message(f"{counted_noun(outcome.removed, 'file')} removed")
    if channel not in newsroom.channels and left.staying and not outcome.busy:
        console.print_message("From now on, what stays is only named by: syndicate where ARTICLE")
    if outcome.busy:
        raise typer.Exit(Exit.PARTLY)


def _agreed(left: LeftBehind) -> bool:
    shown = left.files
    for address in shown[:10]:
        console.print_message(address)
    if len(shown) > 10:
        console.print_message(f"and {counted_noun(len(shown) - 10, 'more file')}")
    question = f"Remove {counted_noun(len(shown), 'file')}?"
    if sys.stdin.isatty() and sys.stderr.isatty():
        return typer.confirm(question, err=True)
    console.print_message(
        f"{counted_noun(len(shown), 'file')} can be removed with:"
        f" syndicate retire {left.channel} --yes"
    )
    return False


def _tell_staying(left: LeftBehind) -> None:
    for place in dict.fromkeys(row.copy.url or str(row.copy.place) for row in left.staying):
        console.print_warning(f"stays: {place}")


def show_removals(event: Event) -> None:
    """Print what was removed, and what another run is at work on."""
    if event.kind in ("removed", "busy", "delivered"):
        console.print_message(f"{event.kind}: {event.text}")
