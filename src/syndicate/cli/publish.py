"""`publish` and `plan`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli import rehearsal
from syndicate.cli.options import Articles, AsJSON, Channels, Quiet, Root, find, load, names
from syndicate.errors import Exit, Problems

if TYPE_CHECKING:
    from syndicate.engine.delivery.outcome import Question
    from syndicate.engine.planning.plan import Plan
    from syndicate.engine.publish import Event, Order, Outcome
    from syndicate.newsroom.newsroom import Newsroom

Strict = Annotated[
    bool, typer.Option("--strict", help="Fail where a channel cannot carry something.")
]
Reissue = Annotated[
    bool,
    typer.Option("--reissue", help="Make the last numbered edition again from the present text."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("publish")(publish)
    app.command("plan")(plan)


def publish(
    articles: Articles = None,
    channels: Channels = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done; as `plan`.")
    ] = False,
    as_json: AsJSON = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, envvar="SYNDICATE_JOBS", help="Processes to render in."
        ),
    ] = None,
    strict: Strict = False,
    reissue: Reissue = False,
    due: Annotated[
        bool,
        typer.Option("--due", help="Keep to each channel's schedule, and ask nothing: for cron."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Send to people without asking first.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ADDRESS", help="Only send a test to this address."),
    ] = None,
    quiet: Quiet = False,
    root: Root = None,
) -> None:
    """Bring every channel up to date with content/; what did not change is left alone.

    Writes the path of each delivered file on stdout. Exit code 3: something failed; it is
    named, the rest is done, and running the same command again takes it up.
    """
    if dry_run:
        _plan(root, articles, channels, as_json, reissue)
        rehearsal.show(load(root), names(channels), tuple(articles or ()), as_json)
        return
    if to:
        rehearsal.send(load(root), names(channels), tuple(articles or ()), tuple(to))
        return
    where, chosen = find(root), names(channels)
    if not articles and not reissue and _is_settled(where, chosen, due):
        return
    newsroom = load(where)
    from syndicate.engine.publish import Order

    ask = None if yes or due else _ask
    order = Order(chosen, tuple(articles or ()), jobs, strict, reissue, due, ask)
    raise typer.Exit(run(newsroom, order, as_json=as_json, quiet=quiet))


def run(newsroom: Newsroom, order: Order, *, as_json: bool = False, quiet: bool = False) -> Exit:
    """Carry out `order` and tell what happens; the code to end with."""
    outcome = _carry_out(newsroom, order, as_json, quiet)
    if outcome.errors:
        console.fail(Problems(outcome.errors))
    with console.unread():
        if as_json:
            console.out_json({"event": "done", **_counts(outcome), "exit": int(outcome.exit)})
        elif not quiet:
            _summarise(outcome)
    return outcome.exit


def plan(
    articles: Articles = None,
    channels: Channels = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 8 if there is something to do.")
    ] = False,
    as_json: AsJSON = False,
    reissue: Reissue = False,
    root: Root = None,
) -> None:
    """Say what publish would do now, without rendering or sending anything."""
    found = _plan(root, articles, channels, as_json, reissue)
    if exit_code and found.steps:
        raise typer.Exit(Exit.CHANGES)


def _ask(question: Question) -> bool:
    """Whether a person at the terminal lets an edition go out."""
    told = f"{question.channel}: {question.label}: “{question.subject}”"
    console.say(f"{told} goes to {question.recipients} recipients.")
    return sys.stdin.isatty() and sys.stderr.isatty() and typer.confirm("Send it?", err=True)


def _is_settled(root: Path, channels: tuple[str, ...], due: bool) -> bool:
    from syndicate.engine.planning.up_to_date import is_settled
    from syndicate.ledger.lock import lock

    with lock(root / ".syndicate"):
        return is_settled(root, channels, due)


def _carry_out(newsroom: Newsroom, order: Order, as_json: bool, quiet: bool) -> Outcome:
    from syndicate.engine.publish import publish as carry_out

    with console.progress(quiet) as line:

        def show(event: Event) -> None:
            with console.unread():
                _show(event, as_json, quiet, line)

        return carry_out(newsroom, order, show, line.start)


def _show(event: Event, as_json: bool, quiet: bool, line: console.Progress) -> None:
    if event.kind == "rendered":
        line.step(f"{event.channel} {event.unit}")
        return
    line.clear()
    if as_json:
        console.out_json(_as_json(event))
    elif event.kind in ("delivered", "drafted"):
        if not quiet:
            console.out(event.text)
    elif event.kind == "loss":
        console.warn(f"{event.channel}: {event.unit}: cannot carry {event.text}")
    elif event.kind == "finding":
        console.warn(f"{event.channel}: {event.unit}: {event.text}")
    elif event.kind == "stale":
        console.warn(event.text)
    elif event.kind == "unconfirmed" and not quiet:
        console.warn(f"{event.channel}: {event.unit}: {event.text}")


def _as_json(event: Event) -> dict[str, str]:
    told = {"event": event.kind, "channel": event.channel, "unit": event.unit, "text": event.text}
    if event.kind in ("waiting", "unconfirmed"):  # to machines both were always "waiting"
        waits_for = "approval" if event.kind == "waiting" else "confirmation"
        told |= {"event": "waiting", "waits_for": waits_for}
    return told


def _counts(outcome: Outcome) -> dict[str, int]:
    return {
        "rendered": outcome.rendered,
        "delivered": outcome.delivered,
        "waiting": outcome.waiting,
        "unchanged": outcome.unchanged,
        "failed": len(outcome.errors),
    }


def _summarise(outcome: Outcome) -> None:
    counts = _counts(outcome)
    if outcome.rendered or outcome.delivered or outcome.errors:
        told = [f"{number} {what}" for what, number in counts.items() if number]
        console.say(" · ".join(told))


def _plan(
    root: Path | None,
    articles: list[str] | None,
    channels: str | None,
    as_json: bool,
    reissue: bool,
) -> Plan:
    from syndicate.engine.publish import Order, look

    order = Order(names(channels), tuple(articles or ()), reissue=reissue)
    intake, found = look(load(root), order)
    for step in found.steps:
        if as_json:
            console.out_json(
                {
                    "channel": step.channel,
                    "unit": step.unit,
                    "label": step.label,
                    "work": step.work,
                    "reason": step.reason,
                    "articles": list(step.members),
                }
            )
    if not as_json and found.steps:
        rows = [(step.channel, step.label, step.work, step.reason) for step in found.steps]
        console.table([("CHANNEL", "UNIT", "WORK", "WHY"), *rows])
    if not as_json:
        told = [f"{len(found.steps)} to do", f"{found.unchanged} unchanged"]
        told += [f"{len(found.waiting)} waiting for approval"] if found.waiting else []
        console.say(" · ".join(told))
    if intake.errors:
        raise Problems(intake.errors)
    return found
