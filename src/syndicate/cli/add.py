"""`add`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.options import AsJSON, Quiet, Root, load
from syndicate.errors import Problems

if TYPE_CHECKING:
    from syndicate.engine.add import Added


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("add")(add)


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Files, folders or http(s) addresses of articles and feeds."
        ),
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="FOLDER", help="Put new articles there, in content/.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over articles edited here since.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell each thing guessed and left out.")
    ] = False,
    as_json: AsJSON = False,
    quiet: Quiet = False,
    root: Root = None,
) -> None:
    """Bring articles and their pictures into content/: text, Markdown, HTML, DOCX, feeds,
    WordPress exports, ninjs.

    An article that is here already is brought up to date, never doubled. Pages are fetched from
    public addresses only, unless [add] in syndicate.toml names inner networks.
    """
    newsroom = load(root)
    from syndicate.engine.add import add as run

    with console.progress(quiet or as_json) as line:

        def watch(one: Added) -> None:
            line.step(one.title)
            if as_json:
                console.out_json(_as_json(one))

        brought = run(newsroom, sources, folder=to, replace_edited=replace, watch=watch)
    if brought.added and not as_json and not quiet:
        heads = ("FILE", "", "BLOCKS", "PICTURES", "GUESSED", "LEFT OUT", "TITLE")
        console.table([heads, *map(_row, brought.added)])
    if verbose and not as_json:
        for one in brought.added:
            for note in one.notes:
                place = one.source + (f":{note.line}" if note.line else "")
                console.out(f"{place}: {note.kind}: {note.what}")
    if brought.errors:
        raise Problems(brought.errors)


def _row(one: Added) -> tuple[str, ...]:
    guessed = sum(note.kind == "guessed" for note in one.notes)
    counts = (one.blocks, one.pictures, guessed, len(one.notes) - guessed)
    return (f"content/{one.file}", one.state, *map(str, counts), one.title)


def _as_json(one: Added) -> dict[str, object]:
    return {
        "source": one.source,
        "file": f"content/{one.file}",
        "state": one.state,
        "title": one.title,
        "blocks": one.blocks,
        "pictures": one.pictures,
        "notes": [{"line": note.line, note.kind: note.what} for note in one.notes],
    }
