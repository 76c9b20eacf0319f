"""`add`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import AsJSON, Quiet, Root, newsroom_from_options
from syndicate.errors import Problems

if TYPE_CHECKING:
    from syndicate.engine.add import Added


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    epilog = help_examples(
        "syndicate add story.docx",
        "syndicate add --to imported export.xml",
        "syndicate add https://www.example.org/a-page/",
    )
    app.command("add", cls=Command, epilog=epilog)(add)


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE", help="Files, folders, or web addresses of articles or feeds."
        ),
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="FOLDER", help="Folder below content/ for new articles.")
    ] = "",
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Overwrite articles that were edited here since the last import."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List everything that was guessed or left out.")
    ] = False,
    as_json: AsJSON = False,
    quiet: Quiet = False,
    root: Root = None,
) -> None:
    """Import articles and their pictures into content/.

    Reads text, Markdown, HTML, DOCX, ODT, RTF, mails, feeds, NewsML-G2, NITF, ninjs, and exports of
    WordPress, Ghost, Substack and Google Docs. An article that was imported before is updated, not
    duplicated; another article with the same title is kept next to it. Pages are only fetched from
    public addresses, unless [add] in syndicate.toml allows internal networks.
    """
    newsroom = newsroom_from_options(root)
    from syndicate.engine.add import add as run

    with console.progress(quiet or as_json) as line:

        def watch(one: Added) -> None:
            line.step(one.title)
            if as_json:
                console.print_json(_as_json(one))

        imported = run(newsroom, sources, folder=to, replace_edited=replace, watch=watch)
    if imported.added and not as_json and not quiet:
        heads = ("FILE", "", "BLOCKS", "PICTURES", "GUESSED", "LEFT OUT", "TITLE")
        console.print_table([heads, *map(_row, imported.added)])
    if verbose and not as_json:
        told: set[str] = set()
        for one in imported.added:
            for note in one.notes:
                if note.common and note.what in told:
                    continue
                told.add(note.what)
                place = one.source + (f":{note.line}" if note.line else "")
                console.print_data(f"{place}: {note.kind}: {note.what}")
    for error in imported.unread if not as_json else ():
        console.print_warning(f"{error}" + (f"\n  hint: {error.hint}" if error.hint else ""))
    if imported.errors:
        raise Problems(imported.errors)


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
