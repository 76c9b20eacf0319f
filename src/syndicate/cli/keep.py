"""`keep`."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import AsJSON, By, Root, newsroom_from_options, person_from_options
from syndicate.console import counted_noun


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    epilog = help_examples("syndicate keep", "syndicate keep night-ferry", "syndicate keep --all")
    app.command("keep", cls=Command, epilog=epilog)(keep)


def keep(
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="[ARTICLE]...", help="Their slugs or files.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Keep all articles whose file is gone.")
    ] = False,
    by: By = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Keep an article published although its file is gone.

    Its last version stays in every channel, and `publish` no longer names it. That ends when a file
    of the article appears again, or with `syndicate withdraw`. Without a name, lists the published
    articles whose file is gone or cannot be read.
    """
    from syndicate.engine.keep import articles_without_file
    from syndicate.engine.keep import keep as carry_out

    newsroom = newsroom_from_options(root)
    if articles or every:
        names = () if every else tuple(articles or ())
        done = carry_out(newsroom, names, person_from_options(by))
        console.print_message(f"{counted_noun(len(done), 'article')} kept")
        return
    found = articles_without_file(newsroom)
    if as_json:
        for one in found:
            console.print_json(vars(one))
        return
    if not found:
        console.print_message("Every published article has a file that can be read.")
        return
    rows = [
        (
            one.slug,
            ("cannot be read" if one.is_broken else "gone") + (", text lost" * one.is_lost),
            f"content/{one.source}",
            one.title,
        )
        for one in found
    ]
    console.print_table([("ARTICLE", "FILE", "WHERE", "TITLE"), *rows])
