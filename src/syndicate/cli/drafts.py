"""`drafts`: what waits for people, and their verdicts."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import console
from syndicate.cli import draft_views
from syndicate.cli.options import AsJSON, Channels, Quiet, Root, load, names, person
from syndicate.errors import UsageError

drafts_app = typer.Typer(
    help="Threads and whatever else waits for approval.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Name = Annotated[
    str, typer.Argument(metavar="DRAFT", help="Its file in drafts/, or that without .md.")
]
Names = Annotated[
    list[str], typer.Argument(metavar="DRAFT...", help="Files in drafts/, or those without .md.")
]
By = Annotated[
    str | None,
    typer.Option("--by", envvar="SYNDICATE_USER", help="Who answers for it; else who you are."),
]
Note = Annotated[str, typer.Option("--note", "-m", help="A word to the others.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(drafts_app, name="drafts")


@drafts_app.command("list")
def list_(channels: Channels = None, as_json: AsJSON = False, root: Root = None) -> None:
    """List what needs, or had, somebody's approval, and how far it is."""
    from syndicate.engine.review.drafts import drafts

    rows: list[tuple[str, ...]] = [("DRAFT", "STATUS", "POSTS", "BY", "TITLE")]
    for one in drafts(load(root), names(channels)):
        if as_json:
            console.out_json(draft_views.as_json(one))
        else:
            rows.append(draft_views.row(one))
    if not as_json:
        console.table(rows)


@drafts_app.command("show")
def show(
    name: Name,
    others: Annotated[
        bool, typer.Option("--alternatives", help="Show what else each post could say, and why.")
    ] = False,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show each post with its length, and beside it the sentences of the article it comes from."""
    from syndicate.engine.review.drafts import find

    draft = find(load(root), name)
    if as_json:
        told = draft_views.as_json(draft) | {"pieces": draft_views.pieces_as_json(draft)}
        if others:
            told["alternatives"] = draft_views.alternatives_as_json(draft)
        console.out_json(told)
        return
    draft_views.head(draft)
    draft_views.posts(draft)
    if others:
        draft_views.alternatives(draft)
    draft_views.cautions(draft)
    draft_views.faults(draft)


@drafts_app.command("edit")
def edit(name: Name, root: Root = None) -> None:
    """Open a draft in $VISUAL or $EDITOR, then say what is wrong with it."""
    import os
    import shlex
    import subprocess

    from syndicate.engine.review.drafts import find

    newsroom = load(root)
    draft = find(newsroom, name)
    if draft.file is None:
        raise UsageError(f"{draft.name} is no draft that can be edited")
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(editor), str(draft.file)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise UsageError(f"{editor!r}: {error}", hint="export EDITOR=…") from error
    edited = find(newsroom, f"{draft.channel.name}/{draft.name}")
    if edited.digest != draft.digest and draft.reviews:
        console.warn(f"{draft.name} was {draft.status}; that has fallen with the edit")
    draft_views.faults(edited)


@drafts_app.command("approve")
def approve(
    which: Names,
    by: By = None,
    note: Note = "",
    confirm: Annotated[
        list[str] | None,
        typer.Option(
            "--confirm", help="A number or quotation that the article lacks, but is right."
        ),
    ] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Although the article has changed since.")
    ] = False,
    root: Root = None,
) -> None:
    """Let drafts leave as they stand now, with the next `publish` or `drafts post`; any edit undoes
    it."""
    from syndicate.engine.review.verdicts import Waiver
    from syndicate.engine.review.verdicts import approve as let_go

    newsroom, who = load(root), person(by)
    waiver = Waiver(tuple(confirm or ()), stale)
    for name in which:
        draft = let_go(newsroom, name, who, waiver=waiver, note=note)
        missing = draft.decision.missing
        console.say(
            f"{draft.name}: approved by {draft_views.approvers(draft)}"
            + (f"; {missing} more to come" if missing else "")
        )


@drafts_app.command("reject")
def reject(which: Names, by: By = None, note: Note = "", root: Root = None) -> None:
    """Keep drafts from leaving until somebody edits them."""
    from syndicate.engine.review.verdicts import reject as keep

    newsroom, who = load(root), person(by)
    for name in which:
        console.say(f"{keep(newsroom, name, who, note).name}: rejected by {who}")


@drafts_app.command("post")
def post(
    which: Names,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print each request and what it costs; send none.")
    ] = False,
    as_json: AsJSON = False,
    quiet: Quiet = False,
    root: Root = None,
) -> None:
    """Deliver approved drafts now, without waiting for the next `publish`."""
    from syndicate.cli.publish import run
    from syndicate.engine.publish import Order
    from syndicate.engine.review.drafts import find

    newsroom = load(root)
    chosen = [find(newsroom, name) for name in which]
    if dry_run:
        for draft in chosen:
            requests = list(draft.requests())
            if as_json:
                console.out_json(draft_views.requests_as_json(draft, requests))
            else:
                draft_views.requests(draft, requests)
        return
    for draft in chosen:
        if draft.status not in ("approved", "posting"):
            hint = f"read it, then: syndicate drafts approve {draft.name}"
            if draft.status == "scheduled" and draft.thread:
                hint = f"it goes out at {draft.thread.schedule} by itself"
            raise UsageError(f"{draft.name} is {draft.status}, not approved", hint=hint)
    codes = []
    for draft in chosen:
        articles = (draft.summary.slug,) if draft.summary else ()
        codes.append(
            run(newsroom, Order((draft.channel.name,), articles), as_json=as_json, quiet=quiet)
        )
    raise typer.Exit(max(codes))


@drafts_app.command("status")
def status(name: Name, as_json: AsJSON = False, root: Root = None) -> None:
    """Tell who said what of a draft, and what became of each of its posts."""
    from syndicate.engine.review.drafts import deliveries, find

    newsroom = load(root)
    draft = find(newsroom, name)
    rows = deliveries(newsroom, draft)
    if as_json:
        told = draft_views.deliveries_as_json(rows)
        console.out_json(draft_views.as_json(draft) | {"deliveries": told})
        return
    draft_views.head(draft)
    draft_views.verdicts(draft)
    draft_views.deliveries(rows)
