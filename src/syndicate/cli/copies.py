"""`where`, `withdraw`, `restore` and `retire`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import (
    AsJSON,
    By,
    Root,
    newsroom_from_options,
    person_from_options,
)
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
    app.command(
        "withdraw",
        cls=Command,
        epilog=help_examples("syndicate withdraw night-ferry --reason 'the figures were wrong'"),
    )(withdraw)
    app.command("restore", cls=Command, epilog=help_examples("syndicate restore night-ferry"))(
        restore
    )
    app.command("retire", cls=Command, epilog=help_examples("syndicate retire rss-old"))(retire)


Article = Annotated[str, typer.Argument(metavar="ARTICLE", help="Its slug or its file.")]


def where(
    article: Article,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show every copy of an article: where it stands, since when, and who approved it."""
    from syndicate.engine.whereabouts import where_is

    newsroom = newsroom_from_options(root)
    found = where_is(newsroom, article)
    if as_json:
        for one in found:
            console.print_json(vars(one) | {"approved_by": list(one.approved_by)})
        return
    if not found:
        console.print_message("It stands nowhere.")
        return
    _print_copies(found, newsroom.publication.zone)


def _print_copies(found: Iterable[Whereabouts], zone: tzinfo) -> None:
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


def withdraw(
    article: Article,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the history.")
    ],
    by: By = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Take an article back from every channel.

    What has not left is stopped: posts, and mail that is going out. Feeds are made again without
    it and its files are removed. What people already have (posts, mail, numbered issues) stays and
    is listed. It stays withdrawn, whatever its file says, until `syndicate restore`.
    """
    from syndicate.engine.withdrawal import WithdrawalOrder
    from syndicate.engine.withdrawal import withdraw as carry_out

    newsroom = newsroom_from_options(root)
    stop = Stop(newsroom.grace)
    with on_signals(stop):
        order = WithdrawalOrder(article, reason, person_from_options(by))
        done = carry_out(newsroom, order, _show, stop)
    outcome = done.outcome
    if as_json:
        console.print_json(
            {
                "stopped": done.stopped,
                "replaced": outcome.delivered,
                "removed": outcome.removed,
                "remaining": [
                    vars(one) | {"approved_by": list(one.approved_by)} for one in done.remaining
                ],
                "failed": [str(error) for error in outcome.errors],
            }
        )
    else:
        told = " · ".join(
            f"{counted_noun(number, noun)} {what}"
            for number, noun, what in (
                (done.stopped, "unsent item", "stopped"),
                (outcome.delivered, "file", "replaced"),
                (outcome.removed, "file", "removed"),
            )
            if number
        )
        console.print_message(told or "There was nothing to take back.")
        if done.remaining:
            console.print_message("These remain:")
            _print_copies(done.remaining, newsroom.publication.zone)
    for one in done.still_public:
        helps = "run: syndicate publish"
        if one.channel not in newsroom.channels:
            helps = f"its channel is gone; run: syndicate retire {one.channel}"
        console.print_warning(f"{one.address} is still public; {helps}")
    if left := [*outcome.errors, *(one.as_error() for one in outcome.concerns)]:
        console.print_error(Problems(left))
    if outcome.exit or done.still_public:
        raise typer.Exit(outcome.exit or Exit.PARTLY)


def restore(article: Article, by: By = None, root: Root = None) -> None:
    """Let a withdrawn article be published again.

    Its files and feeds come back with the next `syndicate publish`; posts and mail need a new
    approval.
    """
    from syndicate.engine.withdrawal import lift

    lift(newsroom_from_options(root), article, person_from_options(by))
    console.print_message("It is no longer withdrawn. To publish it: syndicate publish")


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
        return
    if not yes and not _agreed(left):
        return
    stop = Stop(newsroom.grace)
    with on_signals(stop):
        outcome = carry_out(newsroom, channel, _show, stop)
    if outcome.errors:
        raise Problems(outcome.errors)
    console.print_message(f"{counted_noun(outcome.removed, 'file')} removed")
    if outcome.busy:
        raise typer.Exit(Exit.PARTLY)


def _agreed(left: LeftBehind) -> bool:
    shown = [row.copy.place.address for row in left.removable]
    for address in shown[:10]:
        console.print_message(address)
    if len(shown) > 10:
        console.print_message(f"and {counted_noun(len(shown) - 10, 'more file')}")
    question = f"Remove {counted_noun(len(shown), 'file')}?"
    if sys.stdin.isatty() and sys.stderr.isatty():
        return typer.confirm(question, err=True)
    console.print_message(
        f"Nothing was removed. To remove them: syndicate retire {left.channel} --yes"
    )
    return False


def _tell_staying(left: LeftBehind) -> None:
    for row in left.staying:
        console.print_warning(f"stays: {row.copy.url or row.copy.place}")


def _show(event: Event) -> None:
    if event.kind in ("removed", "busy", "delivered"):
        console.print_message(f"{event.kind}: {event.text}")
