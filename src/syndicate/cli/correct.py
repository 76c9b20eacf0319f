"""`correct`: correct an article that has been published."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from shlex import quote
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
from syndicate.console import counted_noun
from syndicate.errors import Problems
from syndicate.stop import Stop, on_signals

if TYPE_CHECKING:
    from syndicate.engine.correction import Corrected, Effect, PlannedCorrection
    from syndicate.engine.delivery.outcome import Event

_SHOWN = 3  # addresses of one line


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    example = "syndicate correct night-ferry --note 'The fare is eight euros, not six.' --major"
    app.command("correct", cls=Command, epilog=help_examples(example))(correct)


def correct(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its slug or its file.")],
    note: Annotated[
        str,
        typer.Option("--note", "-m", metavar="TEXT", help="What was wrong, for readers."),
    ],
    major: Annotated[
        bool,
        typer.Option("--major", help="Prepare a letter to those who were sent the wrong version."),
    ] = False,
    day: Annotated[
        datetime | None,
        typer.Option("--date", metavar="DATE", formats=["%Y-%m-%d"], help="The day; today's."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking first.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change.")
    ] = False,
    by: By = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Correct an article: add a dated note to its file, and tell the channels.

    First fix the text itself in the article's file. The note goes to its end; nothing else in the
    file changes. Feeds, pages and PDFs are made again. Answers below posts and letters are
    prepared, and leave when somebody approves them. It shows what will change, and asks.
    """
    from syndicate.engine.correction import CorrectionOrder, plan_correction
    from syndicate.engine.correction import correct as carry_out

    newsroom = newsroom_from_options(root)
    order = CorrectionOrder(
        article, note, person_from_options(by), major, day.date() if day else None
    )
    planned = plan_correction(newsroom, order)
    for channel, issue, number in planned.leaving:
        which = f"no. {issue}" if issue else planned.slug
        console.print_warning(
            f"{channel}: {which} is still being sent with the wrong version,"
            f" {counted_noun(number, 'mail')} left; to stop it, end the run that sends it (Ctrl-C)"
            f" and give up the rest: syndicate deliveries resolve --pending --all"
            f" --channels {quote(channel)} --as failed"
        )
    if dry_run or not (yes or _agreed(planned)):
        if dry_run:
            _print_plan(planned)
        if as_json:
            console.print_json(_as_json(planned, None))
        elif not dry_run:
            console.print_message("Nothing was changed. To make the correction, add: --yes")
        return
    stop = Stop(newsroom.grace)
    with on_signals(stop):
        done = carry_out(newsroom, planned, _show, stop)
    if as_json:
        console.print_json(_as_json(planned, done))
    else:
        _print_done(planned, done)
    outcome = done.outcome
    if left := [*outcome.errors, *(one.as_error() for one in outcome.concerns)]:
        console.print_error(Problems(left))
    if outcome.exit:
        raise typer.Exit(outcome.exit)


def _agreed(planned: PlannedCorrection) -> bool:
    _print_plan(planned)
    if sys.stdin.isatty() and sys.stderr.isatty():
        return typer.confirm("Make this correction?", err=True)
    return False


def _print_plan(planned: PlannedCorrection) -> None:
    name = planned.file.name
    if planned.before == planned.after:
        console.print_message(f"{name} has the note already")
    else:
        console.print_message(f"{name}: the note is added at the end")
        for line in _lines_added(planned):
            console.print_message(f"  {line}")
    rows = [_row(one) for one in planned.effects]
    if rows:
        console.print_table([("CHANNEL", "WHAT HAPPENS", "WHERE"), *rows])
    else:
        console.print_message("No copy of it stands anywhere.")


def _lines_added(planned: PlannedCorrection) -> list[str]:
    added = planned.after[len(planned.before or b"") :]
    return added.decode("utf-8", "replace").strip().splitlines()


def _row(one: Effect) -> tuple[str, str, str]:
    more = len(one.places) - _SHOWN
    shown = [*one.places[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return one.channel, _told(one), ", ".join(shown)


def _told(one: Effect) -> str:
    posts = counted_noun(one.number, "post")
    return {
        "replaced": f"{counted_noun(one.number, 'file')} replaced",
        "answered": f"{posts} answered, once you approve it",
        "edited": f"{posts} edited, once you approve it",
        "letter": f"a letter to {counted_noun(one.number, 'reader')}, once you approve it;"
        " also in the next issue",
        "next issue": "stays; named under corrections in the next issue",
        "stays": "stays as it is",
    }[one.what]


def _print_done(planned: PlannedCorrection, done: Corrected) -> None:
    outcome = done.outcome
    console.print_message(f"{counted_noun(outcome.delivered, 'file')} replaced")
    for letter in done.prepared:
        people = counted_noun(letter.people or 0, "reader")
        console.print_message(f"{letter.row.channel}: a letter to {people} waits for approval")
    for effect in planned.effects:
        if effect.what in ("next issue", "answered", "edited"):
            console.print_message(f"{effect.channel}: {_told(effect)}")
    if done.prepared or any(one.what in ("answered", "edited") for one in planned.effects):
        console.print_message("To read and approve them: syndicate drafts list")


def _as_json(planned: PlannedCorrection, done: Corrected | None) -> dict[str, object]:
    return {
        "article": planned.slug,
        "file": str(planned.file),
        "channels": [_effect_as_json(one) for one in planned.effects],
        "leaving": [
            {"channel": channel, "issue": issue, "left": number}
            for channel, issue, number in planned.leaving
        ],
        "done": done is not None,
        "replaced": done.outcome.delivered if done else 0,
        "letters": _letters_as_json(done) if done else [],
        "failed": [str(error) for error in done.outcome.errors] if done else [],
    }


def _effect_as_json(one: Effect) -> dict[str, object]:
    return {
        "channel": one.channel,
        "what": one.what,
        "number": one.number,
        "places": list(one.places),
    }


def _letters_as_json(done: Corrected) -> list[dict[str, object]]:
    pairs: Iterable[tuple[str, int | None]] = ((p.row.channel, p.people) for p in done.prepared)
    return [{"channel": channel, "people": people} for channel, people in pairs]


def _show(event: Event) -> None:
    if event.kind in ("delivered", "drafted", "busy"):
        console.print_message(f"{event.kind}: {event.text}")
