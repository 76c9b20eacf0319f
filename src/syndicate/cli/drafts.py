"""`drafts`: read, edit, approve, reject and post drafts."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import console
from syndicate.cli import draft_views
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import (
    AsJSON,
    By,
    Channels,
    Quiet,
    Root,
    names_in_option,
    newsroom_from_options,
    newsroom_to_look_at,
    person_from_options,
)
from syndicate.console import counted_noun, local_time_to_print
from syndicate.errors import UsageError

drafts_app = typer.Typer(
    help="Read, edit, approve and post drafts.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Name = Annotated[
    str, typer.Argument(metavar="DRAFT", help="A file in drafts/, with or without .md.")
]
Names = Annotated[
    list[str], typer.Argument(metavar="DRAFT", help="Files in drafts/, with or without .md.")
]
Note = Annotated[
    str, typer.Option("--note", "-m", metavar="TEXT", help="A note for your colleagues.")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(drafts_app, name="drafts")


@drafts_app.command("list", cls=Command)
def list_(channels: Channels = None, as_json: AsJSON = False, root: Root = None) -> None:
    """List drafts and everything else that needs approval, with its status."""
    from syndicate.engine.review.drafts import tracked_drafts

    rows: list[tuple[str, ...]] = [("DRAFT", "STATUS", "POSTS", "BY", "TITLE")]
    for one in tracked_drafts(newsroom_to_look_at(root), names_in_option(channels)):
        if as_json:
            console.print_json(draft_views.draft_as_json(one))
        else:
            rows.append(draft_views.draft_table_row(one))
    if not as_json:
        console.print_table(rows)


@drafts_app.command("show", cls=Command, epilog=help_examples("syndicate drafts show ferry.x"))
def show(
    name: Name,
    others: Annotated[
        bool, typer.Option("--alternatives", help="Show what else each post could say, and why.")
    ] = False,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show each post with its length and its sources in the article; of a letter, its text."""
    from syndicate.engine.notices import readers_of_letter
    from syndicate.engine.review.drafts import find_draft

    newsroom = newsroom_to_look_at(root)
    draft = find_draft(newsroom, name)
    if as_json:
        told = draft_views.draft_as_json(draft) | {"pieces": draft_views.pieces_as_json(draft)}
        if others:
            told["alternatives"] = draft_views.alternatives_as_json(draft)
        console.print_json(told)
        return
    draft_views.print_draft_head(draft)
    if draft.letter:
        readers = readers_of_letter(newsroom, draft.channel.name, draft.rendering)
        draft_views.print_letter(draft, readers)
    draft_views.print_posts(draft)
    if others:
        draft_views.print_alternatives(draft)
    draft_views.print_cautions(draft)
    draft_views.print_faults(draft)


@drafts_app.command("edit", cls=Command)
def edit(name: Name, root: Root = None) -> None:
    """Open a draft in $VISUAL or $EDITOR, then list its problems."""
    import os
    import shlex
    import subprocess

    from syndicate.engine.review.drafts import find_draft

    newsroom = newsroom_from_options(root)
    draft = find_draft(newsroom, name)
    if draft.file is None:
        raise UsageError(f"{draft.name} is not a draft that can be edited")
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(editor), str(draft.file)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise UsageError(
            f"the editor {editor!r} failed: {error}", hint="choose another: export EDITOR=nano"
        ) from error
    edited = find_draft(newsroom, f"{draft.channel.name}/{draft.name}")
    if edited.digest != draft.digest and draft.reviews:
        console.print_warning(f"{draft.name} was {draft.status}; your edit cancelled that")
    draft_views.print_faults(edited)


@drafts_app.command(
    "approve",
    cls=Command,
    epilog=help_examples(
        "syndicate drafts approve ferry.x --note 'checked with the harbour office'",
        "syndicate drafts approve ferry.x --confirm 314",
    ),
)
def approve(
    which: Names,
    by: By = None,
    note: Note = "",
    confirm: Annotated[
        list[str] | None,
        typer.Option(
            "--confirm",
            metavar="TEXT",
            help="Confirm a number or quotation that is right although the article lacks it; may "
            "be repeated.",
        ),
    ] = None,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Approve even if the article has changed since the draft."),
    ] = False,
    root: Root = None,
) -> None:
    """Approve drafts as they are now. The next `publish` or `drafts post` sends them.

    An approval is for exactly this text: any later edit cancels it.
    """
    from syndicate.engine.review.verdicts import Waiver, approve_draft

    newsroom, who = newsroom_from_options(root), person_from_options(by)
    waiver = Waiver(tuple(confirm or ()), stale)
    for name in which:
        draft = approve_draft(newsroom, name, who, waiver=waiver, note=note)
        missing = draft.decision.missing
        console.print_message(
            f"{draft.name}: approved by {draft_views.approvers_to_print(draft)}"
            + (f"; {counted_noun(missing, 'more approval')} needed" if missing else "")
        )


@drafts_app.command("reject", cls=Command)
def reject(which: Names, by: By = None, note: Note = "", root: Root = None) -> None:
    """Reject drafts. They are not sent until someone edits and approves them.

    Posts of a thread that are public already stay; a run that is posting it stops.
    """
    from syndicate.engine.review.verdicts import reject_draft

    newsroom, who = newsroom_from_options(root), person_from_options(by)
    for name in which:
        console.print_message(f"{reject_draft(newsroom, name, who, note).name}: rejected by {who}")


@drafts_app.command("close", cls=Command, epilog=help_examples("syndicate drafts close ferry.x"))
def close(which: Names, by: By = None, note: Note = "", root: Root = None) -> None:
    """Leave threads that were cut off as they are: the rest is never posted.

    Posts that are public stay. To post the rest after all, change it and approve it instead.
    """
    from syndicate.engine.review.verdicts import close_thread

    newsroom, who = newsroom_from_options(root), person_from_options(by)
    for name in which:
        console.print_message(f"{close_thread(newsroom, name, who, note).name}: closed by {who}")


@drafts_app.command("post", cls=Command)
def post(
    which: Names,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print each request and its price, and send nothing.")
    ] = False,
    as_json: AsJSON = False,
    quiet: Quiet = False,
    root: Root = None,
) -> None:
    """Post approved drafts now, without waiting for the next `publish`."""
    from syndicate.cli.publish import publish_and_print
    from syndicate.engine.publish import Order
    from syndicate.engine.review.drafts import find_draft

    newsroom = newsroom_from_options(root)
    chosen = [find_draft(newsroom, name) for name in which]
    if dry_run:
        for draft in chosen:
            requests = list(draft.requests())
            if as_json:
                console.print_json(draft_views.requests_as_json(draft, requests))
            else:
                draft_views.print_requests(draft, requests)
        return
    for draft in chosen:
        if draft.status not in ("approved", "posting", "delivering"):
            hint = f"read it, then: syndicate drafts approve {draft.name}"
            if draft.is_posted:
                hint = f"see where it went: syndicate drafts status {draft.name}"
            if draft.trouble:
                console.print_warning(f"{draft.name}: {draft.trouble}")
            if draft.status == "uncertain":
                hint = "find out whether it arrived, then: syndicate deliveries"
            if draft.status == "scheduled" and draft.thread:
                at = local_time_to_print(draft.thread.schedule, newsroom.publication.zone)
                hint = f"it will be posted automatically on {at}"
            raise UsageError(
                f"{draft.name} is not approved (its status is: {draft.status})", hint=hint
            )
    codes = []
    for draft in chosen:
        articles = (draft.summary.slug,) if draft.summary else ()
        codes.append(
            publish_and_print(
                newsroom, Order((draft.channel.name,), articles), as_json=as_json, quiet=quiet
            )
        )
    raise typer.Exit(max(codes))


@drafts_app.command("status", cls=Command)
def status(name: Name, as_json: AsJSON = False, root: Root = None) -> None:
    """Show a draft's approvals and the result of each post."""
    from syndicate.engine.review.drafts import deliveries_of_draft, find_draft

    newsroom = newsroom_from_options(root)
    draft = find_draft(newsroom, name)
    rows = deliveries_of_draft(newsroom, draft)
    if as_json:
        results = draft_views.deliveries_as_json(rows)
        console.print_json(draft_views.draft_as_json(draft) | {"deliveries": results})
        return
    draft_views.print_draft_head(draft)
    zone = newsroom.publication.zone
    draft_views.print_verdicts(draft, zone)
    draft_views.print_deliveries(rows, zone)
    draft_views.print_advice(draft, rows)
