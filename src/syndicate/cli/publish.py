"""`publish` and `plan`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli import rehearsal
from syndicate.cli.command import Command, help_examples
from syndicate.cli.events import EventPrinter
from syndicate.cli.options import (
    Articles,
    AsJSON,
    Channels,
    Quiet,
    Root,
    names_in_option,
    newsroom_from_options,
    newsroom_to_look_at,
    person_from_options,
    root_from_options,
)
from syndicate.console import counted_noun
from syndicate.errors import DeliveryError, Exit, Problems, SyndicateError
from syndicate.stop import Stop, on_signals

if TYPE_CHECKING:
    from syndicate.engine.content.kept import KeptArticle
    from syndicate.engine.delivery.outcome import Decision, Question
    from syndicate.engine.planning.plan import Plan, Step
    from syndicate.engine.planning.up_to_date import PublishInputs
    from syndicate.engine.publish import Order, Outcome
    from syndicate.newsroom.newsroom import Newsroom

_MOST_NAMED = 20  # things to settle
_SAID = {"waiting": "waiting for approval", "left": "left for later", "unsettled": "to settle"}
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Fail if a channel cannot show part of an article, or a check warns."
    ),
]
Reissue = Annotated[
    bool,
    typer.Option("--reissue", help="Make the last numbered edition again with the current text."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    epilog = help_examples(
        "syndicate publish",
        "syndicate publish --channels rss,pdf",
        "syndicate publish content/ferry.md",
        "syndicate publish --channels email --to me@example.org",
    )
    app.command("publish", cls=Command, epilog=epilog)(publish)
    app.command("plan", cls=Command, epilog=help_examples("syndicate plan --channels email"))(plan)


def publish(
    articles: Articles = None,
    channels: Channels = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show what would be done, as `plan` does, and the first mail; send nothing.",
        ),
    ] = False,
    as_json: AsJSON = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=1,
            envvar="SYNDICATE_JOBS",
            help="Render in N parallel processes.",
        ),
    ] = None,
    strict: Strict = False,
    reissue: Reissue = False,
    due: Annotated[
        bool,
        typer.Option(
            "--due", help="Follow each channel's schedule and never ask questions; for cron."
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Send mail without asking first.")
    ] = False,
    allow_removals: Annotated[
        int,
        typer.Option(
            "--allow-removals",
            metavar="N",
            min=0,
            help="Remove up to N articles from their channels, although that is more than a tenth.",
        ),
    ] = 0,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="ADDRESS",
            help="Only send a test mail to this address; may be repeated.",
        ),
    ] = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Name every file at a terminal, too.")
    ] = False,
    root: Root = None,
) -> None:
    """Publish what is new or has changed in content/.

    Updates every channel, unless you name some. Prints the path of each delivered file; at a
    terminal, if there are many, one line for each channel. Exit code 3: some steps failed and are
    named, the others are done; run the same command again to finish.
    """
    if dry_run:
        _plan(root, articles, channels, as_json, reissue)
        rehearsal.print_rehearsal(
            newsroom_from_options(root), names_in_option(channels), tuple(articles or ()), as_json
        )
        return
    if to:
        rehearsal.print_test_mails(
            newsroom_from_options(root), names_in_option(channels), tuple(articles or ()), tuple(to)
        )
        return
    where, chosen = root_from_options(root), names_in_option(channels)
    inputs = None
    if not articles and not reissue:
        from syndicate.engine.planning.up_to_date import PublishInputs, Settled

        inputs, settled = PublishInputs.in_newsroom(where), Settled.last(where, chosen, due)
        if settled and settled.is_so(where, inputs):
            return
    newsroom = newsroom_from_options(where)
    from syndicate.engine.publish import Order

    ask = None if yes or due else _ask
    ask_removal = None if yes or due else _ask_removal
    order = Order(
        chosen,
        tuple(articles or ()),
        jobs,
        strict,
        reissue,
        due,
        ask,
        allow_removals,
        ask_removal,
        None if yes or due or as_json or not _is_somebody_there() else _ask_deleted,
        inputs,
    )
    code = publish_and_print(newsroom, order, as_json=as_json, quiet=quiet, each=verbose)
    raise typer.Exit(code)


def publish_and_print(
    newsroom: Newsroom,
    order: Order,
    *,
    as_json: bool = False,
    quiet: bool = False,
    each: bool = False,
) -> Exit:
    """Carry out `order` and report what happens; every single file if `each`, also to a person.
    Returns the exit code."""
    outcome = _carry_out(newsroom, order, as_json, quiet, each)
    if outcome.errors:
        console.print_error(Problems(outcome.errors))
    if unsettled := _unsettled(newsroom, outcome, daily=order.due and quiet):
        console.print_error(Problems(unsettled))
    with console.output_may_be_unread():
        if as_json:
            console.print_json({"event": "done", **_counts(outcome), "exit": int(outcome.exit)})
        elif not quiet:
            _summarise(outcome)
    if outcome.adrift:  # a thread that waits for a destination would keep the process alive
        console.exit_at_once(outcome.exit)
    return outcome.exit


def _unsettled(newsroom: Newsroom, outcome: Outcome, *, daily: bool) -> list[SyndicateError]:
    """What waits for a destination or for somebody. With `daily`, only what has not been named
    today."""
    zone = newsroom.publication.zone
    found: dict[str, SyndicateError] = {
        **{one.key: one.as_error(zone) for one in outcome.postponed.values()},
        **{one.key: one.as_error() for one in outcome.kept},
        **{one.key: one.as_error() for one in outcome.concerns},
    }
    if daily and found:
        from syndicate.engine.delivery.daily import to_be_named_today

        fresh = to_be_named_today(newsroom, found)
        found = {key: error for key, error in found.items() if key in fresh}
    errors = list(found.values())
    if (more := len(errors) - _MOST_NAMED) > 0:
        told = f"{more} more have to be settled"
        helps = "syndicate deliveries" + ("; syndicate keep" if outcome.kept else "")
        errors[_MOST_NAMED:] = [DeliveryError(told, hint=helps)]
    return errors


def plan(
    articles: Articles = None,
    channels: Channels = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with exit code 8 if there is something to do.")
    ] = False,
    as_json: AsJSON = False,
    reissue: Reissue = False,
    root: Root = None,
) -> None:
    """Show what `publish` would do now. Nothing is rendered or sent."""
    from syndicate.engine.planning.up_to_date import PublishInputs, Settled

    where, chosen = root_from_options(root), names_in_option(channels)
    inputs, settled = PublishInputs.in_newsroom(where), Settled.last(where, chosen)
    whole = not articles and not reissue
    if whole and settled and settled.counts and settled.is_so(where, inputs):
        if not as_json:
            _print_counts(0, *settled.counts)
        return
    found = _plan(where, articles, channels, as_json, reissue, inputs)
    if exit_code and (found.steps or found.removals or found.held):
        raise typer.Exit(Exit.CHANGES)


def _ask(question: Question) -> bool:
    """Whether the person at the terminal agrees to send an edition."""
    edition = f"{question.channel}: {question.label}: “{question.subject}”"
    console.print_message(f"{edition} goes to {counted_noun(question.recipients, 'recipient')}.")
    return sys.stdin.isatty() and sys.stderr.isatty() and typer.confirm("Send it?", err=True)


def _ask_removal(what: str) -> bool:
    """Whether the person at the terminal agrees to remove many articles."""
    console.print_message(f"{what}.")
    return sys.stdin.isatty() and sys.stderr.isatty() and typer.confirm("Remove them?", err=True)


def _ask_deleted(one: KeptArticle) -> Decision:
    """What the person at the terminal decides about an article whose file is gone."""
    from syndicate.engine.delivery.outcome import Decision

    console.print_message(f"The file of “{one.title}” is gone (content/{one.source}).")
    question = "Withdraw the article, keep it, or decide later? [w/k/L]"
    answer = typer.prompt(question, default="l", show_default=False, err=True).strip().lower()
    if answer.startswith("w"):
        reason = typer.prompt("Why is it withdrawn?", default="its file was deleted", err=True)
        return Decision("withdraw", person_from_options(None), reason)
    if answer.startswith("k"):
        return Decision("keep", person_from_options(None))
    return Decision("later")


def _is_somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _carry_out(newsroom: Newsroom, order: Order, as_json: bool, quiet: bool, each: bool) -> Outcome:
    from syndicate.engine.content.spare_processes import spare_processes
    from syndicate.engine.publish import publish as carry_out

    with (
        console.progress(quiet) as line,
        EventPrinter(line, as_json, quiet, order.due, is_brief=not each) as show,
    ):
        stop = Stop(newsroom.grace)
        with on_signals(stop), spare_processes(newsroom):
            return carry_out(newsroom, order, show, line.start, stop)


def _counts(outcome: Outcome) -> dict[str, int]:
    return {
        "rendered": outcome.rendered,
        "delivered": outcome.delivered,
        "removed": outcome.removed,
        "waiting": outcome.waiting,
        "unchanged": outcome.unchanged,
        "failed": outcome.failed,
        "left": outcome.left,
        "unsettled": sum(one.number for one in outcome.concerns)
        + sum(one.number for one in outcome.kept),
    }


def _summarise(outcome: Outcome) -> None:
    if outcome.stopped is not None:
        console.print_message("Stopped. The next run does the rest.")
    unsettled = outcome.concerns or outcome.kept or outcome.postponed
    done = outcome.rendered or outcome.delivered or outcome.removed
    if done or outcome.errors or unsettled:
        parts = [
            f"{number} {_SAID.get(what, what)}"
            for what, number in _counts(outcome).items()
            if number
        ]
        console.print_message(" · ".join(parts))


def _why(step: Step) -> str:
    """Why the step is in the plan, in a few words."""
    if not step.changes:
        return step.reason
    words = {"articles": "article"} if len(step.members) == 1 else {}
    words |= {"lists": "what it lists", "program": "new version of syndicate"}
    return f"{step.reason}: {', '.join(words.get(one, one) for one in step.changes)}"


def _plan(
    root: Path | None,
    articles: list[str] | None,
    channels: str | None,
    as_json: bool,
    reissue: bool,
    inputs: PublishInputs | None = None,
) -> Plan:
    from syndicate.engine.delivery.kept_concerns import kept_concerns, others
    from syndicate.engine.intended import intake_and_plan

    newsroom, names = newsroom_to_look_at(root), names_in_option(channels)
    intake, found = intake_and_plan(newsroom, names, articles or (), reissue=reissue, inputs=inputs)
    kept = kept_concerns(intake, datetime.now(UTC))
    for step in found.steps:
        if as_json:
            console.print_json(
                {
                    "channel": step.channel,
                    "unit": step.key,
                    "label": step.label,
                    "work": step.work,
                    "reason": step.reason,
                    "changes": list(step.changes),
                    "articles": list(step.members),
                }
            )
    for step in found.held:
        if as_json:
            about = {"channel": step.channel, "unit": step.key, "label": step.label}
            console.print_json(about | {"work": "hold", "reason": str(found.many)})
    for removal in found.removals:
        if as_json:
            console.print_json(
                {
                    "channel": removal.channel,
                    "unit": removal.key,
                    "label": removal.label,
                    "work": "remove",
                    "reason": removal.why,
                    "copies": [row.copy.place.address for row in removal.copies],
                }
            )
    if not as_json and (found.steps or found.removals or found.held):
        rows: list[tuple[str, ...]] = [
            (step.channel, step.label, step.work, _why(step)) for step in found.steps
        ]
        rows += [(one.channel, one.label, "held", "would lose articles") for one in found.held]
        rows += [
            (one.channel, one.label, "held" if found.holds(one) else "remove", one.why)
            for one in found.removals
        ]
        console.print_table([("CHANNEL", "UNIT", "WORK", "WHY"), *rows])
    if found.many:
        console.print_warning(f"{found.many}, so they stay\n  hint: {found.many.hint}")
    for concern in kept:
        if concern.cause is None:
            console.print_warning(f"{concern.as_error()}\n  hint: {concern.hint}")
    for remark in found.remarks:
        console.print_warning(str(remark))
    for name, number in found.dropped:
        copies = counted_noun(number, "copy", "copies")
        console.print_warning(
            f"there is no channel {name!r} any more, but {copies} of it"
            f" stand{'s' if number == 1 else ''}; remove with: syndicate retire {name}"
        )
    if not as_json:
        to_do = len(found.steps) + len(found.removals)
        _print_counts(to_do, found.unchanged, len(found.waiting))
    if errors := [*others(intake, kept), *(one.as_error() for one in kept if one.cause)]:
        raise Problems(errors)
    return found


def _print_counts(to_do: int, unchanged: int, waiting: int) -> None:
    parts = [f"{to_do} to do", f"{unchanged} unchanged"]
    parts += [f"{waiting} waiting for approval"] if waiting else []
    console.print_message(" · ".join(parts))
