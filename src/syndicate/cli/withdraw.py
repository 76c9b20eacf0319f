"""`withdraw` and `restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.copies import ArticleName, copy_as_json, print_copies
from syndicate.cli.options import AsJSON, By, Root, newsroom_from_options, person_from_options
from syndicate.console import counted_noun, local_time_to_print
from syndicate.errors import Exit, Problems, SyndicateError, UsageError
from syndicate.stop import Stop, on_signals

if TYPE_CHECKING:
    from syndicate.engine.delivery.outcome import Event
    from syndicate.engine.erasure import Erasure
    from syndicate.engine.whereabouts import Whereabouts
    from syndicate.engine.withdrawal import Withdrawal, WithdrawalOrder
    from syndicate.engine.withdrawal_report import Foreseen, WithdrawalReport
    from syndicate.newsroom.newsroom import Newsroom


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    epilog = help_examples(
        "syndicate withdraw night-ferry --reason 'the figures were wrong'",
        "syndicate withdraw night-ferry --reason 'the figures were wrong' --delete-posts",
        "syndicate withdraw night-ferry --reason 'wrong' --notice --note 'We got it wrong.'",
        "syndicate withdraw night-ferry --reason 'court order' --delete-posts --legal",
    )
    app.command("withdraw", cls=Command, epilog=epilog)(withdraw)
    app.command("restore", cls=Command, epilog=help_examples("syndicate restore night-ferry"))(
        restore
    )


def withdraw(
    article: ArticleName,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the history.")
    ],
    note: Annotated[
        str,
        typer.Option(
            "--note",
            metavar="TEXT",
            help="What readers are told, in answers below posts, letters and notices.",
        ),
    ] = "",
    delete_posts: Annotated[
        bool,
        typer.Option("--delete-posts", help="Delete its posts, in every channel."),
    ] = False,
    notice: Annotated[
        bool,
        typer.Option("--notice", help="Show a notice in the place of its pages."),
    ] = False,
    legal: Annotated[
        bool,
        typer.Option("--legal", help="Erase its text from all that the newsroom keeps, for ever."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done; do nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    by: By = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Take an article back from every channel.

    What has not left is stopped: posts, and mail that is going out. Feeds are made again without
    it and its files are removed. Posts stay, and an answer that says so is drafted; or they are
    deleted. What people already have (mail, numbered issues) is listed. It stays withdrawn,
    whatever its file says, until `syndicate restore`.

    With --notice, a page that says so stands where its pages were, without its title.

    With --legal, its words are then erased from drafts, caches, the store, the ledger and its
    backups. Digests and times stay; what cannot be reached from here is named. That cannot be
    undone.

    At a terminal, what will happen is shown first, and you are asked. Exit code 3: something is
    still public or uncertain, and is named.
    """
    from syndicate.engine.withdrawal import WithdrawalOrder

    if not reason.strip():
        raise UsageError(
            "a withdrawal needs a reason; it is kept in the history",
            hint=f"syndicate withdraw {article} --reason 'the figures were wrong'",
        )
    newsroom = newsroom_from_options(root)
    order = WithdrawalOrder(
        article,
        reason.strip(),
        person_from_options(by),
        delete_posts,
        note=note.strip(),
        legal=legal,
        notice=notice,
    )
    asks = not (yes or as_json) and sys.stdin.isatty() and sys.stderr.isatty()
    if dry_run or asks:
        _show_foreseen(newsroom, order, as_json)
    if dry_run:
        return
    question = "Withdraw it, and erase its text for ever?" if legal else "Withdraw it?"
    if asks and not typer.confirm(question, err=True):
        console.print_message("Nothing was changed.")
        return
    _carry_out(newsroom, order, as_json)


def _show_foreseen(newsroom: Newsroom, order: WithdrawalOrder, as_json: bool) -> None:
    from syndicate.engine.planning.planner import Planner
    from syndicate.engine.withdrawal import published_article
    from syndicate.engine.withdrawal_report import foresee

    with Planner.open(newsroom) as planner:
        known = published_article(planner, order.article)
        found = foresee(
            newsroom, planner, known, delete_posts=order.delete_posts, notice=order.notice
        )
    if as_json:
        would: dict[str, object] = {"article": found.article.slug, "stopped": found.stopped}
        would["letters"] = [] if order.legal else _letters_as_json(found.letters)
        console.print_json({"dry_run": True} | would | _as_json(found.report))
        return
    _print_foreseen(found, newsroom.publication.zone, order.legal)


def _print_foreseen(found: Foreseen, zone: tzinfo, legal: bool) -> None:
    since = f", withdrawn {local_time_to_print(found.since, zone)}" if found.since else ""
    console.print_message(f"“{found.article.title}” ({found.article.slug}{since})")
    report = found.report
    if found.stopped:
        console.print_message(f"Stopped: {counted_noun(found.stopped, 'unsent item')}")
    _print_places("Will be removed", report.removed)
    _print_places("Will say that it was withdrawn", report.notices)
    _print_places("Will be made again without it", report.replaced)
    _print_places("Will get a draft of an answer, for you to approve", report.answered)
    for channel, people in () if legal else found.letters:
        readers = counted_noun(people, "reader")
        console.print_message(f"{channel}: a letter to {readers} will wait for approval")
    _print_rest("Cannot be reached; remove by hand", report.still_public, zone)
    _print_rest("Cannot be recalled", report.not_recalled, zone)
    _print_rest("May be public, or may have arrived", report.uncertain, zone)
    if report == type(report)() and not found.stopped:
        console.print_message("It stands nowhere.")


def _carry_out(newsroom: Newsroom, order: WithdrawalOrder, as_json: bool) -> None:
    from syndicate.engine.withdrawal import withdraw as carry_out

    stop = Stop(newsroom.grace)
    with on_signals(stop):
        done = carry_out(newsroom, order, _quiet if as_json else _show_busy, stop)
    report, outcome, zone = done.report, done.outcome, newsroom.publication.zone
    if as_json:
        failed = {"failed": [str(error) for error in outcome.errors]}
        erased = {"erased": _erased_as_json(done.erasure)} if done.erasure else {}
        found = {"stopped": done.stopped, "letters": _letters_as_json(done.letters)}
        console.print_json(found | _as_json(report) | failed | erased)
    else:
        _print_report(done, zone)
        if done.erasure:
            _print_erasure(done.erasure)
    for one in report.still_public:
        console.print_warning(f"{one.address} is still public; {_what_helps(newsroom, one)}")
    left: list[SyndicateError] = [*outcome.errors]
    left += [one.as_error() for one in outcome.concerns]
    left += [one.as_error(zone) for one in outcome.postponed.values()]
    if done.erasure:
        left += done.erasure.errors
    if left:
        console.print_error(Problems(left))
    if done.erasure and not done.erasure.done:
        console.print_warning("not all of its text is erased yet; run: syndicate publish")
        raise typer.Exit(Exit.PARTLY)
    if outcome.exit or report.still_public:
        raise typer.Exit(outcome.exit or Exit.PARTLY)


def _print_report(done: Withdrawal, zone: tzinfo) -> None:
    report = done.report
    if done.stopped:
        console.print_message(f"Stopped: {counted_noun(done.stopped, 'unsent item')}")
    _print_places(f"{_files_and_posts(report.removed)} removed", report.removed)
    _print_places("A notice says that it was withdrawn", report.notices)
    _print_places("Made again without it", report.replaced)
    _print_places("Answers to approve (add why, in words for the public)", report.answered)
    for channel, people in done.letters:
        told = f"{channel}: a letter to {counted_noun(people, 'reader')} waits for approval"
        console.print_message(f"{told}; read it with: syndicate drafts list")
    _print_rest("Cannot be recalled", report.not_recalled, zone)
    _print_rest("Uncertain", report.uncertain, zone)
    if report == type(report)() and not done.stopped:
        console.print_message("There was nothing to take back.")


def _print_erasure(erasure: Erasure) -> None:
    counted = (
        counted_noun(erasure.files, "file"),
        counted_noun(erasure.blobs, "stored version", "stored versions"),
        counted_noun(erasure.rows, "entry of the ledger", "entries of the ledger"),
        counted_noun(erasure.backups, "backup"),
    )
    console.print_message(f"Erased its text from: {', '.join(counted)}")
    console.print_message("Its words may still be in:")
    for one in erasure.beyond:
        console.print_message(f"  {one.what}" + (f" ({one.hint})" if one.hint else ""))


def _erased_as_json(erasure: Erasure) -> dict[str, object]:
    return {
        "done": erasure.done,
        "files": erasure.files,
        "blobs": erasure.blobs,
        "rows": erasure.rows,
        "backups": erasure.backups,
        "beyond": [vars(one) for one in erasure.beyond],
    }


def _letters_as_json(letters: Iterable[tuple[str, int]]) -> list[dict[str, object]]:
    return [{"channel": channel, "people": people} for channel, people in letters]


def _files_and_posts(places: Sequence[str]) -> str:
    posts = sum(one.startswith("http") for one in places)
    files = len(places) - posts
    counted = (counted_noun(files, "file"), counted_noun(posts, "post"))
    return " and ".join(one for one, number in zip(counted, (files, posts), strict=True) if number)


def _print_places(heading: str, places: Sequence[str]) -> None:
    if places:
        console.print_message(f"{heading}:")
        for one in places:
            console.print_data(f"  {one}")


def _print_rest(heading: str, copies: Iterable[Whereabouts], zone: tzinfo) -> None:
    if rows := tuple(copies):
        console.print_message(f"{heading}:")
        print_copies(rows, zone)


def _as_json(report: WithdrawalReport) -> dict[str, object]:
    return {
        "removed": list(report.removed),
        "notices": list(report.notices),
        "replaced": list(report.replaced),
        "answered": list(report.answered),
        "not_recalled": list(map(copy_as_json, report.not_recalled)),
        "uncertain": list(map(copy_as_json, report.uncertain)),
        "still_public": list(map(copy_as_json, report.still_public)),
        "remaining": list(map(copy_as_json, report.remaining)),
    }


def _what_helps(newsroom: Newsroom, one: Whereabouts) -> str:
    from syndicate.engine.retire import left_behind

    if one.channel in newsroom.channels:
        is_left = one.address in left_behind(newsroom, one.channel).files
        return f"run: syndicate {f'retire {one.channel}' if is_left else 'publish'}"
    return f"its channel is gone; run: syndicate retire {one.channel}"


def _show_busy(event: Event) -> None:
    """Print what another run is at work on: the report has all else."""
    if event.kind == "busy":
        console.print_message(f"{event.kind}: {event.text}")


def _quiet(_: Event) -> None:
    """Print nothing: the report has it all."""


def restore(article: ArticleName, by: By = None, root: Root = None) -> None:
    """Let a withdrawn article be published again.

    Its files and feeds come back with the next `syndicate publish`. Posts and mail need a new
    approval; so does what the withdrawal has cut off.
    """
    from syndicate.engine.withdrawal import lift

    lifted = lift(newsroom_from_options(root), article, person_from_options(by))
    console.print_message("It is no longer withdrawn. To publish it: syndicate publish")
    for url in lifted.answers:
        console.print_warning(
            f"an answer that says it was withdrawn is still public: {url};"
            " delete it or answer it on the platform"
        )
    for channel, number in lifted.unsent:
        console.print_message(
            f"{channel}: no. {number}, which was stopped before it left, goes out with the next"
            " publish, once it is approved if that is needed"
        )
