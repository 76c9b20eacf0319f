"""`drafts`: what waits for people, and their verdicts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndicate import console
from syndicate.cli.options import AsJSON, Channels, Quiet, Root, load, names
from syndicate.errors import UsageError

if TYPE_CHECKING:
    from syndicate.engine.drafts import Draft

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
    from syndicate.engine.drafts import drafts

    rows = [("DRAFT", "STATUS", "POSTS", "BY", "TITLE")]
    for one in drafts(load(root), names(channels)):
        if as_json:
            console.out_json(_told(one))
            continue
        posts = str(len(one.thread.posts)) if one.thread else ""
        status = one.status + (f" ({len(one.faults)} faults)" if one.faults else "")
        rows.append((_name(one), status, posts, _approvers(one), _title(one)))
    if not as_json:
        console.table(rows)


@drafts_app.command("show")
def show(name: Name, as_json: AsJSON = False, root: Root = None) -> None:
    """Show each post with its length, and beside it the sentences of the article it comes from."""
    from syndicate.engine.drafts import find

    draft = find(load(root), name)
    if as_json:
        console.out_json(_told(draft) | {"pieces": _pieces(draft)})
        return
    _head(draft)
    for number, (post, pieces) in enumerate(_posts(draft), 1):
        console.out(
            f"\n{number}/{len(draft.costs)}  {_count(draft, post)}"
            + (f"  {_dollars(draft.costs[number - 1])}" if draft.cost else "")
        )
        for line in post.split("\n"):
            console.out(f"  {line}".rstrip())
        for piece in pieces:
            if piece.place is None:
                console.out(f"    ✎ edited: {piece.text}")
            elif piece.source == piece.text:
                console.out(f"    = {piece.place}")
            else:
                console.out(f"    = {piece.place}: {piece.source}")
    for image in draft.thread.images if draft.thread else ():
        console.out(f"\nimage {image.src}: {image.alt or 'no alt text'}")
    if draft.cost:
        console.out(f"\nall of it: {_dollars(draft.cost)}")
    _tell_faults(draft)


@drafts_app.command("edit")
def edit(name: Name, root: Root = None) -> None:
    """Open a draft in $VISUAL or $EDITOR, then say what is wrong with it."""
    import os
    import shlex
    import subprocess

    from syndicate.engine.drafts import find

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
    _tell_faults(edited)


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
    from syndicate.engine.verdicts import approve as let_go

    newsroom, person = load(root), _person(by)
    for name in which:
        draft = let_go(
            newsroom, name, person, confirmed=tuple(confirm or ()), stale=stale, note=note
        )
        missing = draft.channel.approvers - len(draft.reviews)
        console.say(
            f"{draft.name}: approved by {_approvers(draft)}"
            + (f"; {missing} more to come" if missing > 0 else "")
        )


@drafts_app.command("reject")
def reject(which: Names, by: By = None, note: Note = "", root: Root = None) -> None:
    """Keep drafts from leaving until somebody edits them."""
    from syndicate.engine.verdicts import reject as keep

    newsroom, person = load(root), _person(by)
    for name in which:
        console.say(f"{keep(newsroom, name, person, note).name}: rejected by {person}")


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
    from syndicate.engine.drafts import find
    from syndicate.engine.publish import Order

    newsroom = load(root)
    chosen = [find(newsroom, name) for name in which]
    if dry_run:
        for draft in chosen:
            _rehearse(draft, as_json)
        return
    for draft in chosen:
        if draft.status not in ("approved", "posting"):
            hint = f"read it, then: syndicate drafts approve {draft.name}"
            if draft.status == "scheduled" and draft.thread:
                hint = f"it goes out at {draft.thread.schedule} by itself"
            raise UsageError(f"{draft.name} is {draft.status}, not approved", hint=hint)
    codes = []
    for draft in chosen:
        articles = (draft.filed.slug,) if draft.filed else ()
        codes.append(
            run(newsroom, Order((draft.channel.name,), articles), as_json=as_json, quiet=quiet)
        )
    raise typer.Exit(max(codes))


@drafts_app.command("status")
def status(name: Name, as_json: AsJSON = False, root: Root = None) -> None:
    """Tell who said what of a draft, and what became of each of its posts."""
    from syndicate.engine.drafts import deliveries, find

    newsroom = load(root)
    draft = find(newsroom, name)
    rows = deliveries(newsroom, draft)
    if as_json:
        told = [
            {"unit": row.unit, "state": row.state, "at": row.at, "id": row.remote_id,
             "url": row.url, "error": row.error}
            for row in rows
        ]  # fmt: skip
        console.out_json(_told(draft) | {"deliveries": told})
        return
    _head(draft)
    for one in (*draft.earlier, *draft.reviews):
        fallen = "" if one in draft.reviews else " (fallen with an edit)"
        console.out(f"{one.at}  {one.verdict} by {one.by}{fallen}  {one.note}".rstrip())
    for row in rows:
        what = row.url or row.remote_id or row.error or ""
        console.out(f"{row.at or '':<25}  {row.unit}  {row.state}  {what}".rstrip())


def _rehearse(draft: Draft, as_json: bool) -> None:
    """What posting `draft` would send, and its price."""
    requests = list(draft.requests())
    if as_json:
        said = [{"method": one.method, "url": one.url, "body": one.body} for one in requests]
        console.out_json({"draft": draft.name, "cost": draft.cost, "requests": said})
        return
    if not requests:
        console.warn(f"{draft.name}: its channel posts nowhere: it has no [deliver] via = …")
        return
    for one in requests:
        console.out(f"{one.method} {one.url}")
        for name, value in one.body.items():
            console.out(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    console.out(f"{draft.name}: {len(requests)} requests, {_dollars(draft.cost)}")


def _dollars(cost: float) -> str:
    return f"${cost:,.3f}" if cost else "free of charge"


def _head(draft: Draft) -> None:
    console.out(f"{_name(draft)}  {draft.status}  {_title(draft)}".rstrip())
    if draft.is_stale:
        console.warn("the article has changed since this was drafted")


def _tell_faults(draft: Draft) -> None:
    for fault in draft.faults:
        console.warn(str(fault) + (f"\n  hint: {fault.hint}" if fault.hint else ""))


def _posts(draft: Draft) -> list[tuple[str, Any]]:
    if draft.thread is None:
        return []
    pieces = draft.pieces() or [()] * len(draft.thread.posts)
    return list(zip(draft.thread.posts, pieces, strict=True))


def _count(draft: Draft, post: str) -> str:
    from syndicate.adapters.threads.adapter import Thread

    adapter = draft.channel.adapter
    if not isinstance(adapter, Thread):
        return ""
    over = "" if adapter.fits(post) else "  TOO LONG"
    return f"{adapter.counter.length(post)} of {adapter.counter.limit}{over}"


def _name(draft: Draft) -> str:
    return draft.name if draft.file else f"{draft.channel.name}/{draft.name}"


def _title(draft: Draft) -> str:
    return draft.filed.title if draft.filed else ""


def _approvers(draft: Draft) -> str:
    return ", ".join(one.by for one in draft.reviews)


def _person(by: str | None) -> str:
    import getpass

    try:
        return by or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("who are you?", hint="--by NAME, or export SYNDICATE_USER=…") from error


def _pieces(draft: Draft) -> list[list[dict[str, Any]]]:
    return [
        [
            {"text": one.text, "place": one.place and str(one.place), "source": one.source}
            for one in pieces
        ]
        for _, pieces in _posts(draft)
    ]


def _told(draft: Draft) -> dict[str, Any]:
    """What machines are told of a draft."""
    from syndicate.adapters.threads.adapter import Thread

    adapter = draft.channel.adapter
    texts = draft.thread.posts if draft.thread else ()
    posts = []
    if isinstance(adapter, Thread):
        count = adapter.counter
        posts = [
            {"text": text, "length": count.length(text), "limit": count.limit}
            | {"fits": adapter.fits(text)}
            for text in texts
        ]
    return {
        "draft": draft.name,
        "channel": draft.channel.name,
        "article": draft.unit,
        "status": draft.status,
        "stale": draft.is_stale,
        "digest": draft.digest,
        "cost": draft.cost,
        "posts": posts,
        "faults": [str(fault) for fault in draft.faults],
        "reviews": [
            {"by": one.by, "at": one.at, "verdict": one.verdict, "note": one.note}
            for one in draft.reviews
        ],
    }
